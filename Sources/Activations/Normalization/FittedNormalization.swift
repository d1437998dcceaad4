public import LinearAlgebra

/// What ``Normalization`` learned from training data, to be stored with the probe and applied everywhere.
public struct FittedNormalization: Codable, Equatable, Sendable {
  /// The centre and scale of one side: a row for each category, or one row.
  public struct Side: Codable, Equatable, Sendable {
    /// What is subtracted; `nil` for nothing.
    public let centers: ParameterArray<Float>?
    /// What is divided by; `nil` for nothing.
    public let scales: ParameterArray<Float>?
    /// How many training rows were all zeros, where rows are scaled to norm 1.
    public let zeroRowCount: Int
  }

  /// The settings that were fitted.
  public let settings: Normalization
  /// The number of features.
  public let width: Int
  /// The number of training rows.
  public let trainingCount: Int
  /// The categories, in the order of the statistics; `nil` where one set is for all rows.
  public let categories: [Int]?
  /// The positive side, or the only one.
  public let positive: Side
  /// The negative side; `nil` if single activations were fitted.
  public let negative: Side?

  init(
    settings: Normalization, width: Int, trainingCount: Int, categories: [Int]?, positive: Side,
    negative: Side?
  ) {
    self.settings = settings
    self.width = width
    self.trainingCount = trainingCount
    self.categories = categories
    self.positive = positive
    self.negative = negative
  }

  /// What happened while activations were normalised.
  public struct Report: Equatable, Sendable {
    /// How many rows were all zeros and could not be scaled to norm 1.
    public let zeroRowCount: Int
  }

  /// Normalises contrast pairs in place.
  ///
  /// - Parameter pairs: pairs of the width that was fitted.
  /// - Returns: how many rows could not be scaled.
  /// - Throws: ``ActivationsError/normalization(problem:)`` for a category that training data did not
  ///   have, or for a single pair with statistics from the test rows;
  ///   ``ActivationsError/shapeMismatch(what:expected:actual:)`` for another width.
  /// - Complexity: O(*n* · *d*), without allocating another matrix.
  @discardableResult
  public func apply(to pairs: inout ContrastPairs) throws(ActivationsError) -> Report {
    guard negative != nil else {
      throw .normalization(
        problem: "it was fitted on single activations, and cannot be applied to contrast pairs")
    }
    if settings.statistics == .test {
      return try settings.fitting(pairs).applyStored(
        to: &pairs.positive, and: &pairs.negative, categories: pairs.categories)
    }
    return try applyStored(
      to: &pairs.positive, and: &pairs.negative, categories: pairs.categories)
  }

  /// Normalises single activations in place.
  ///
  /// - Parameter activations: rows of the width that was fitted.
  /// - Returns: how many rows could not be scaled.
  /// - Throws: as for pairs.
  @discardableResult
  public func apply(to activations: inout LabelledActivations) throws(ActivationsError) -> Report {
    guard negative == nil else {
      throw .normalization(
        problem: "it was fitted on contrast pairs, and cannot be applied to single activations")
    }
    if settings.statistics == .test {
      let refitted = try settings.fitting(activations)
      return try refitted.applyStored(
        to: &activations.activations, categories: activations.categories)
    }
    return try applyStored(to: &activations.activations, categories: activations.categories)
  }

  private func applyStored(
    to first: inout Matrix<Float>, and second: inout Matrix<Float>, categories: [Int]?
  ) throws(ActivationsError) -> Report {
    let choice = try choice(of: categories, count: first.rowCount)
    try checkWidth(first)
    var zeroRowCount = Self.apply(settings, positive, to: &first, choosing: choice)
    if let negative {
      zeroRowCount += Self.apply(settings, negative, to: &second, choosing: choice)
    }
    return Report(zeroRowCount: zeroRowCount)
  }

  private func applyStored(
    to matrix: inout Matrix<Float>, categories: [Int]?
  ) throws(ActivationsError) -> Report {
    let choice = try choice(of: categories, count: matrix.rowCount)
    try checkWidth(matrix)
    return Report(
      zeroRowCount: Self.apply(settings, positive, to: &matrix, choosing: choice))
  }

  private func checkWidth(_ matrix: Matrix<Float>) throws(ActivationsError) {
    guard matrix.columnCount == width else {
      throw .shapeMismatch(
        what: "the width of the activations", expected: "\(width), as the normalisation was fitted",
        actual: "\(matrix.columnCount)")
    }
  }

  private static func apply(
    _ settings: Normalization, _ side: Side, to matrix: inout Matrix<Float>, choosing choice: [Int]?
  ) -> Int {
    let zeroRowCount = settings.rowNorm == .l2 ? matrix.scaleRowsToUnitNorm() : 0
    if side.centers != nil || side.scales != nil {
      matrix.standardizeRows(
        centers: side.centers?.matrix, scales: side.scales?.matrix, choosing: choice)
    }
    return zeroRowCount
  }

  /// For each row, which statistics are its own.
  private func choice(of rowCategories: [Int]?, count: Int) throws(ActivationsError) -> [Int]? {
    guard let categories else { return nil }
    guard let rowCategories else {
      throw .normalization(
        problem: "it is per category, and these activations have no categories")
    }
    var places: [Int: Int] = [:]
    for (place, category) in categories.enumerated() { places[category] = place }
    var choice: [Int] = []
    choice.reserveCapacity(count)
    for (row, category) in rowCategories.enumerated() {
      guard let place = places[category] else {
        throw .normalization(
          problem: "row \(row) is of category \(category), which the training data did not have "
            + "(it had \(categories.map(String.init).joined(separator: ", "))); "
            + "use the scope all, or train on that category too")
      }
      choice.append(place)
    }
    return choice
  }
}
