public import Activations

/// Which samples of a dump an experiment uses.
public struct SampleSelection: Sendable, Equatable {
  /// The chosen sample numbers, rising.
  public let samples: [Int]
  /// How the choice reads, such as `template = capital first`; `nil` for all samples.
  public let summary: String?

  /// All samples of a dump.
  ///
  /// - Parameter dump: The dump.
  public init(all dump: ActivationDump) {
    samples = Array(0..<dump.sampleCount)
    summary = nil
  }

  /// The samples of one category.
  ///
  /// - Parameters:
  ///   - dump: A dump with the role `categories`.
  ///   - attribute: The name that the manifest gives the categories, or `categories` or `category`.
  ///   - value: A category's name or number.
  /// - Throws: ``StudyError`` if the dump has no such attribute or value.
  public init(_ dump: ActivationDump, where attribute: String, is value: String)
    throws(StudyError)
  {
    let known = [dump.categoryName, "categories", "category"].compactMap { $0 }
    guard let categories = dump.categories, known.contains(attribute) else {
      let has = dump.categories == nil ? "no categories" : "the attribute \(known[0])"
      throw .usage("no samples can be chosen by \"\(attribute)\": \(dump.path) has \(has)")
    }
    let present = Set(categories).sorted()
    guard let chosen = present.first(where: { dump.categoryLabel($0) == value || "\($0)" == value })
    else {
      let names = present.map { "\"\(dump.categoryLabel($0))\"" }.joined(separator: ", ")
      throw .usage("no sample of \(dump.path) has \(attribute) \"\(value)\"; there are \(names)")
    }
    samples = categories.indices.filter { categories[$0] == chosen }
    summary = "\(attribute) = \(dump.categoryLabel(chosen))"
  }
}

extension ActivationDump {
  /// What the manifest calls the categories: `categories` if it has no name for them.
  public var categoryName: String? {
    guard categories != nil else { return nil }
    return reference(.categories)?.name ?? "categories"
  }

  /// The name of a category, or its number.
  ///
  /// - Parameter category: A category's number.
  /// - Returns: A text for people.
  public func categoryLabel(_ category: Int) -> String {
    guard let values = reference(.categories)?.values, values.indices.contains(category) else {
      return "\(category)"
    }
    return values[category]
  }

  private func reference(_ role: ArrayRole) -> ArrayReference? {
    guard case .array(let reference) = manifest.arrays[role] else { return nil }
    return reference
  }
}
