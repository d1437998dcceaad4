internal import LinearAlgebra

extension Normalization {
  /// Learns the statistics of contrast pairs.
  ///
  /// - Parameter pairs: the training pairs.
  /// - Returns: what is applied to them and to every other pair.
  /// - Throws: ``ActivationsError/tooFew(what:actual:required:)`` for no pairs (or one, if statistics
  ///   come from the rows themselves), or ``ActivationsError/normalization(problem:)`` for a constant
  ///   feature, a missing category, or activations that are all zero.
  /// - Complexity: O(*n* · *d*).
  public func fit(_ pairs: ContrastPairs) throws(ActivationsError) -> FittedNormalization {
    try fitting(pairs)
  }

  /// Learns the statistics of single activations.
  ///
  /// - Parameter activations: the training rows.
  /// - Returns: what is applied to them and to every other row.
  /// - Throws: as for pairs.
  public func fit(
    _ activations: LabelledActivations
  ) throws(ActivationsError) -> FittedNormalization {
    try fitting(activations)
  }

  func fitting(_ pairs: ContrastPairs) throws(ActivationsError) -> FittedNormalization {
    try fit([pairs.positive, pairs.negative], categories: pairs.categories)
  }

  func fitting(
    _ activations: LabelledActivations
  ) throws(ActivationsError) -> FittedNormalization {
    try fit([activations.activations], categories: activations.categories)
  }

  private func fit(
    _ sides: [Matrix<Float>], categories: [Int]?
  ) throws(ActivationsError) -> FittedNormalization {
    let count = sides[0].rowCount
    try checkSettings(count: count)
    let (known, members) = try rowsByCategory(categories, count: count)
    var sides = sides
    var zeroRowCounts = [Int](repeating: 0, count: sides.count)
    if rowNorm == .l2 {
      for side in sides.indices { zeroRowCounts[side] = sides[side].scaleRowsToUnitNorm() }
    }
    var centers: [Matrix<Float>?] = []
    var scales: [Matrix<Float>?] = []
    for side in sides {
      centers.append(try fitCenters(of: side, members: members))
      scales.append(
        scale == .standardDeviation
          ? try deviations(of: side, members: members, categories: known) : nil)
    }
    if scale == .meanNorm {
      let shared = try meanNorms(
        of: sides, centers: centers, members: members, categories: known)
      scales = sides.map { _ in shared }
    }
    let fitted = sides.indices.map { side in
      FittedNormalization.Side(
        centers: centers[side].map { ParameterArray($0) },
        scales: scales[side].map { ParameterArray($0) }, zeroRowCount: zeroRowCounts[side])
    }
    return FittedNormalization(
      settings: self, width: sides[0].columnCount, trainingCount: count, categories: known,
      positive: fitted[0], negative: fitted.count > 1 ? fitted[1] : nil)
  }

  private func checkSettings(count: Int) throws(ActivationsError) {
    guard epsilon >= 0, epsilon.isFinite else {
      throw .normalization(problem: "epsilon is \(epsilon); it must be 0 or more")
    }
    let required = statistics == .test && self.needsStatistics ? 2 : 1
    guard count >= required else {
      throw .tooFew(
        what: statistics == .test
          ? "rows for statistics from the test rows (use statistics: train)"
          : "rows to fit a normalisation",
        actual: count, required: required)
    }
  }

  private var needsStatistics: Bool { center != .none || scale != .none }

  /// The categories in ascending order, and the rows of each; all rows where the scope is all.
  private func rowsByCategory(
    _ categories: [Int]?, count: Int
  ) throws(ActivationsError) -> (known: [Int]?, members: [[Int]]) {
    guard scope == .perCategory else { return (nil, [Array(0..<count)]) }
    guard let categories else {
      throw .normalization(
        problem: "the scope is per-category, and the data has no categories; give the role "
          + "categories, or use the scope all")
    }
    var rows: [Int: [Int]] = [:]
    for (row, category) in categories.enumerated() { rows[category, default: []].append(row) }
    let known = rows.keys.sorted()
    var members: [[Int]] = []
    for category in known {
      let own = rows[category] ?? []
      if statistics == .test, needsStatistics, own.count < 2 {
        throw .normalization(
          problem: "category \(category) has one row, which statistics from the test rows would "
            + "turn into zeros; use statistics: train")
      }
      members.append(own)
    }
    return (known, members)
  }

  private func fitCenters(
    of side: Matrix<Float>, members: [[Int]]
  ) throws(ActivationsError) -> Matrix<Float>? {
    guard center != .none else { return nil }
    var rows: [[Float]] = []
    do throws(LinearAlgebraError) {
      for own in members {
        if center == .mean {
          rows.append(try ColumnMoments(of: side.view, rows: own).means.map { Float($0) })
        } else {
          let part = own.count == side.rowCount ? side : side.selectingRows(own)
          rows.append(try medianOfColumns(part.view))
        }
      }
    } catch {
      throw .linearAlgebra(error)
    }
    return Matrix(rows: rows)
  }

  private func deviations(
    of side: Matrix<Float>, members: [[Int]], categories: [Int]?
  ) throws(ActivationsError) -> Matrix<Float> {
    var rows: [[Float]] = []
    for (place, own) in members.enumerated() {
      let deviations: [Double]
      do throws(LinearAlgebraError) {
        deviations = try ColumnMoments(of: side.view, rows: own).standardDeviations(.count)
      } catch {
        throw .linearAlgebra(error)
      }
      let scales = deviations.map { Float($0 + epsilon) }
      if let first = scales.firstIndex(of: 0) {
        let count = scales.count { $0 == 0 }
        let category = categories.map { " in category \($0[place])" } ?? ""
        throw .normalization(
          problem:
            "\(count) of \(scales.count) features are constant\(category), the first of them "
            + "\(first), and cannot be divided by their standard deviation; set epsilon above 0 "
            + "(1e-6), or another scale")
      }
      rows.append(scales)
    }
    return Matrix(rows: rows)
  }

  /// The mean norm of centred rows over the root of their width, both sides together.
  private func meanNorms(
    of sides: [Matrix<Float>], centers: [Matrix<Float>?], members: [[Int]], categories: [Int]?
  ) throws(ActivationsError) -> Matrix<Float> {
    let count = sides[0].rowCount
    let width = sides[0].columnCount
    var choice = [Int](repeating: 0, count: count)
    for (place, own) in members.enumerated() { for row in own { choice[row] = place } }
    var squares = [Double](repeating: 0, count: count)
    for (side, center) in zip(sides, centers) {
      var centered = side
      if let center { centered.standardizeRows(centers: center, scales: nil, choosing: choice) }
      for (row, norm) in centered.rowNorms().enumerated() { squares[row] += norm * norm }
    }
    var rows: [[Float]] = []
    for (place, own) in members.enumerated() {
      let mean = own.reduce(0) { $0 + squares[$1].squareRoot() } / Double(own.count)
      let scale = Float(mean / Double(sides.count * width).squareRoot())
      guard scale > 0 else {
        let category = categories.map { " of category \($0[place])" } ?? ""
        throw .normalization(
          problem: "all rows\(category) are equal, so that their mean norm is 0; look at the layer "
            + "with inspect")
      }
      rows.append([Float](repeating: scale, count: width))
    }
    return Matrix(rows: rows)
  }
}
