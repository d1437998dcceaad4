public import Activations

/// Which samples of a dump an experiment uses.
public struct SampleSelection: Sendable, Equatable {
  /// The chosen sample numbers, rising.
  public let samples: [Int]
  /// How the choice reads, such as `template = capital first`; `nil` for all samples.
  public var summary: String? { criterion.map { "\($0.attribute) = \($0.value)" } }

  private struct Criterion: Sendable, Equatable {
    let attribute: String
    let value: String
  }

  private let criterion: Criterion?

  private init(samples: [Int], criterion: Criterion?) {
    self.samples = samples
    self.criterion = criterion
  }

  /// All samples of a dump.
  ///
  /// - Parameter dump: The dump.
  public init(all dump: ActivationDump) {
    samples = Array(0..<dump.sampleCount)
    criterion = nil
  }

  /// The samples with one value of an attribute.
  ///
  /// - Parameters:
  ///   - dump: A dump that knows the attribute of its samples.
  ///   - attribute: The attribute's name or role; the categories may be called `category`, too.
  ///   - value: A value's name or number; a name that looks like a number is taken for the name.
  /// - Throws: ``StudyError/usage(_:)`` if the dump has no such attribute or value, listing what it
  ///   has.
  public init(_ dump: ActivationDump, where attribute: String, is value: String)
    throws(StudyError)
  {
    let known = try Self.attribute(attribute, of: dump, for: "samples can be chosen")
    let present = Set(known.values).sorted()
    guard
      let chosen = present.first(where: { known.label(of: $0) == value })
        ?? present.first(where: { "\($0)" == value })
    else {
      let names = present.map { "\"\(known.label(of: $0))\"" }.joined(separator: ", ")
      throw .usage("no sample of \(dump.path) has \(attribute) \"\(value)\"; there are \(names)")
    }
    samples = known.values.indices.filter { known.values[$0] == chosen }
    criterion = Criterion(attribute: attribute, value: known.label(of: chosen))
  }

  /// The attribute that a user named.
  ///
  /// - Parameters:
  ///   - name: Its name or role; the categories may be called `category`, too.
  ///   - dump: The dump.
  ///   - purpose: What it is wanted for, to follow "no" and precede "by" in the message.
  /// - Returns: The attribute.
  /// - Throws: ``StudyError/usage(_:)`` if the dump has no such attribute, listing what it has.
  static func attribute(
    _ name: String, of dump: ActivationDump, for purpose: String
  ) throws(StudyError) -> SampleAttribute {
    if let known = dump.attributes.first(where: { $0.isCalled(name) }) { return known }
    let names = dump.attributes.map { "\"\($0.name)\"" }.joined(separator: ", ")
    throw .usage(
      "no \(purpose) by \"\(name)\": \(dump.path) has "
        + (names.isEmpty ? "neither categories nor attributes" : "only \(names)"))
  }

  /// The same choice in another dump: all its samples, or those with the same value by name.
  ///
  /// - Parameter other: The other dump.
  /// - Returns: The samples of that dump.
  /// - Throws: ``StudyError/usage(_:)`` if that dump has no such attribute or value.
  public func matching(in other: ActivationDump) throws(StudyError) -> SampleSelection {
    guard let criterion else { return SampleSelection(all: other) }
    return try SampleSelection(other, where: criterion.attribute, is: criterion.value)
  }

  /// The same choice without answers that were not attempted, whose label is −1.
  ///
  /// Where no sample of the dump has label 0, labels of −1 and 1 are more likely two classes, and all
  /// samples stay.
  ///
  /// - Parameter dump: The dump that the samples are of.
  /// - Returns: The samples that a probe can be right or wrong about.
  func attempted(in dump: ActivationDump) -> SampleSelection {
    guard let labels = dump.labels, labels.contains(0) else { return self }
    return SampleSelection(samples: samples.filter { labels[$0] != -1 }, criterion: criterion)
  }

  /// What to say of answers that were left out; `nil` if none were.
  ///
  /// - Parameters:
  ///   - count: How many samples were left out.
  ///   - path: The dump that they are of, where there are several.
  /// - Returns: A remark for people.
  static func remark(unattempted count: Int, of path: String? = nil) -> String? {
    guard count > 0 else { return nil }
    return
      "\(count) samples\(path.map { " of \($0)" } ?? "") with label −1 (not attempted) are left "
      + "out"
  }
}
