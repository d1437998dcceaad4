/// Something a reader must know about a result: a name in kebab case and an optional detail.
///
/// As text it is `few-groups` or `undefined: all scores are equal`.
public struct Flag: Sendable, Hashable {
  /// What happened, in kebab case.
  public let name: String
  /// What exactly, in words.
  public let detail: String?

  /// Creates a flag.
  ///
  /// - Parameters:
  ///   - name: What happened: lower-case ASCII letters, digits and hyphens, starting with a letter.
  ///   - detail: What exactly, in words; `nil` if the name says it all.
  public init(_ name: String, detail: String? = nil) {
    precondition(Self.isKebabCase(name), "a flag is named in kebab case, got \"\(name)\"")
    self.name = name
    self.detail = detail
  }

  private static func isKebabCase(_ name: String) -> Bool {
    guard let first = name.utf8.first, let last = name.utf8.last else { return false }
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    let hyphen = UInt8(ascii: "-")
    return letters.contains(first) && last != hyphen
      && name.utf8.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == hyphen }
  }
}

extension Flag: RawRepresentable, Codable, CustomStringConvertible {
  /// Reads a flag from its text.
  ///
  /// - Parameter rawValue: `name` or `name: detail`; `nil` results if the name is not in kebab case.
  public init?(rawValue: String) {
    let parts = rawValue.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard Self.isKebabCase(name) else { return nil }
    self.name = name
    if parts.count == 2 {
      let detail = parts[1].drop { $0 == " " }
      self.detail = detail.isEmpty ? nil : String(detail)
    } else {
      detail = nil
    }
  }

  /// The text: `name` or `name: detail`.
  public var rawValue: String {
    if let detail { "\(name): \(detail)" } else { name }
  }

  /// The text: `name` or `name: detail`.
  public var description: String { rawValue }
}

extension Flag {
  /// There are too few independent groups for an interval to keep its level.
  public static let fewGroups = Flag("few-groups")

  /// The interval is bounded by data on one side only; the other end is the end of the range.
  public static let oneSidedInterval = Flag("one-sided-interval")

  /// The estimated variance is zero where that cannot be the whole truth, so there is no interval.
  public static let zeroVariance = Flag("zero-variance")

  /// The metric has no value, for the reason given.
  public static func undefined(_ reason: String) -> Flag { Flag("undefined", detail: reason) }

  /// The metric's limit is infinite, for the reason given.
  public static func infinite(_ reason: String) -> Flag { Flag("infinite", detail: reason) }
}
