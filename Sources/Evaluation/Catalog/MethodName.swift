/// A method of the catalogue, or one of its variants, as recipes and the command line name it:
/// `contrast-consistent-search` or `contrast-consistent-search/lbfgs`.
public struct MethodName: Sendable, Hashable, CustomStringConvertible {
  /// The method's identifier.
  public let identifier: String
  /// The variant's name; `nil` for settings that no variant names.
  public let variant: String?

  /// Names a method or a variant.
  ///
  /// - Parameters:
  ///   - identifier: The method's identifier.
  ///   - variant: The variant's name.
  public init(_ identifier: String, variant: String? = nil) {
    self.identifier = identifier
    self.variant = variant
  }

  /// Reads a name as it is written: what follows the first slash is the variant.
  ///
  /// - Parameter text: Such as `contrast-consistent-search/lbfgs`.
  public init(parsing text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    identifier = String(parts[0])
    variant = parts.count > 1 ? String(parts[1]) : nil
  }

  /// The name as it is written.
  public var description: String { variant.map { "\(identifier)/\($0)" } ?? identifier }
}
