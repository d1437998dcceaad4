import AlignmentQuality
import Evaluation
import Glibc
import LinearAlgebra
import Testing

/// Values that can be written down.
@Suite struct GeometryClosedFormTests {
  static let first = [1.0, 2, 0.5]
  static let second = [3.0, 1, 0.25]
  static let shift = [2.0, -1, 0.5]
  /// Six points a class, with covariances diag(s²/3) and diag(t²/3).
  static let crosses = GeometryData.stacked(
    GeometryData.cross(first, offset: [0, 0, 0]), GeometryData.cross(second, offset: shift))
  static let labels = [Int](repeating: 0, count: 6) + [Int](repeating: 1, count: 6)

  /// Sums over the coordinates of the design.
  private func sum(_ term: (_ s: Double, _ t: Double, _ m: Double) -> Double) -> Double {
    (0..<3).reduce(0) { $0 + term(Self.first[$1], Self.second[$1], Self.shift[$1]) }
  }

  private func value(_ name: String) throws -> IndexValue {
    try GeometryData.value(name, of: try LabelledPoints(Self.crosses, labels: Self.labels))
  }

  /// Of commuting covariances: ‖m‖² + Σ (√λ − √μ)².
  @Test func buresOfDiagonalCovariances() throws {
    let expected = sum { s, t, m in m * m + (s - t) * (s - t) / 3 }
    #expect(agree(try value("bures-wasserstein").doubleValue, expected, within: 1e-12))
  }

  @Test func mahalanobisOfDiagonalCovariances() throws {
    let result = try value("mahalanobis/unshrunk")
    let expected = sum { s, t, m in m * m * 10 / (2 * s * s + 2 * t * t) }
    #expect(agree(result.doubleValue, expected, within: 1e-12))
    #expect(agree(result.detail("hotelling-t-squared"), 3 * expected, within: 1e-12))
    let error = 0.5 * erfc(expected.squareRoot() / 2 / 2.0.squareRoot())
    #expect(agree(result.detail("bayes-error"), error, within: 1e-12))
    #expect(result.detail("shrinkage-intensity") == 0)
  }

  /// A covariance that differs from a multiple of the identity by less than its error: 0.004 for 0.06.
  ///
  /// ρ is then 1, and the value ‖m‖² d/tr S of n − 2 degrees of freedom.
  @Test func anAllButIsotropicCovarianceIsShrunkAllTheWay() throws {
    let points = GeometryData.stacked(
      GeometryData.cross([1, 1.0625, 1], offset: [0, 0, 0]),
      GeometryData.cross([1, 1.0625, 1], offset: Self.shift))
    let result = try GeometryData.value(
      "mahalanobis", of: try LabelledPoints(points, labels: Self.labels))
    #expect(result.detail("shrinkage-intensity") == 1)
    let trace = (2 + 1.0625 * 1.0625) / 3
    let length = sum { _, _, m in m * m }
    #expect(agree(result.doubleValue, length * 3 / trace * 10 / 12, within: 1e-12))
  }

  /// S_b = m mᵀ/4, so tr(S_w S_b⁺)/2 = 2 mᵀ S_w m/‖m‖⁴.
  @Test func neuralCollapseOfTwoClasses() throws {
    let spread = sum { s, t, m in m * m * (2 * s * s + 2 * t * t) / 12 }
    let length = sum { _, _, m in m * m }
    let result = try value("neural-collapse")
    #expect(agree(result.doubleValue, 2 * spread / (length * length), within: 1e-12))
  }

  /// J of two classes is D² in other units.
  @Test func discriminantCriterionIsMahalanobisDistance() throws {
    let points = try LabelledPoints(GeometryData.twoClasses, labels: GeometryData.labels)
    let squared = try GeometryData.value("mahalanobis", of: points).doubleValue
    let criterion = try GeometryData.value("fisher-ratio/inverse-trace", of: points).doubleValue
    #expect(agree(criterion, squared * 13 * 11 / 24 / 22, within: 1e-12))
  }

  @Test func ranksOfACross() throws {
    let sizes = [1.0, 2, 0.5, 4]
    let points = GeometryData.cross(sizes, offset: [7, -3, 2, 1])
    let squares = sizes.map { $0 * $0 }
    let total = squares.reduce(0, +)
    let ratio = total * total / squares.reduce(0) { $0 + $1 * $1 }
    let entropy = sizes.reduce(0) { $0 - $1 / 7.5 * log($1 / 7.5) }
    for (name, expected) in [
      ("participation-ratio", ratio), ("iso-score", (ratio - 1) / 3), ("stable-rank", total / 16),
      ("effective-rank", exp(entropy)),
    ] {
      #expect(agree(try GeometryData.value(name, of: points).doubleValue, expected, within: 1e-12))
    }
  }

  /// Of 0, 1 and 3, 4: distances 1, 1 within and 3, 4, 2, 3 between.
  @Test func fourPointsOnALine() throws {
    let points = try LabelledPoints(GeometryData.line(0, 1, 3, 4), labels: [0, 0, 1, 1])
    let energy = try GeometryData.value("energy-distance", of: points)
    #expect(agree(energy.doubleValue, 5, within: 1e-14))
    #expect(agree(energy.detail("energy-coefficient"), 5.0 / 6, within: 1e-14))
    let unbiased = try GeometryData.value("energy-distance/unbiased", of: points)
    #expect(agree(unbiased.doubleValue, 4, within: 1e-14))
    var method = MaximumMeanDiscrepancy()
    #expect(try method.value(of: points).detail("bandwidth") == 2.5)
    method.bandwidth = 1
    let between = (exp(-4.5) + exp(-8) + exp(-2) + exp(-4.5)) / 4
    #expect(
      agree(try method.value(of: points).doubleValue, 2 * exp(-0.5) - 2 * between, within: 1e-14))
    method.estimator = .biased
    #expect(
      agree(
        try method.value(of: points).doubleValue, 1 + exp(-0.5) - 2 * between, within: 1e-14))
  }

  /// Over pairs of points, ⟨x, y⟩ for the kernel.
  @Test func linearDiscrepancyIsTheSquaredDistanceOfMeans() throws {
    let matrix = GeometryData.twoClasses
    var method = MaximumMeanDiscrepancy()
    (method.kernel, method.estimator) = (.linear, .biased)
    let points = try LabelledPoints(matrix, labels: GeometryData.labels)
    var means = [0.0, 0, 0]
    for row in 0..<24 {
      for other in 0..<24 {
        let product = (0..<4).reduce(0) { $0 + matrix[row, $1] * matrix[other, $1] }
        let (one, two) = (GeometryData.labels[row], GeometryData.labels[other])
        means[one + two] += product / [169, 2 * 143, 121][one + two]
      }
    }
    #expect(
      agree(
        try method.value(of: points).doubleValue, means[0] + means[2] - 2 * means[1],
        within: 1e-12))
  }

  /// Over all splits of exchangeable points, an unbiased statistic has the mean 0 exactly.
  @Test(arguments: [
    "maximum-mean-discrepancy", "maximum-mean-discrepancy/linear", "energy-distance/unbiased",
  ])
  func unbiasedStatisticsHaveMeanZeroOverAllSplits(name: String) throws {
    let matrix = GeometryData.normal(6, 3, seed: 9)
    var (sum, largest) = (0.0, 0.0)
    for mask in 0..<64 where mask.nonzeroBitCount == 3 {
      let labels = (0..<6).map { mask >> $0 & 1 }
      let value = try GeometryData.value(name, of: try LabelledPoints(matrix, labels: labels))
      sum += value.doubleValue
      largest = max(largest, abs(value.doubleValue))
    }
    #expect(abs(sum) < 20 * 64 * Double.ulpOfOne * largest)
    #expect(largest > 0.01)
  }

  @Test func directionsByHand() throws {
    let right = Matrix<Double>(rows: [[2, 0], [0, 5]])
    #expect(try GeometryData.value("anisotropy", of: right).doubleValue == 0)
    #expect(agree(try GeometryData.value("uniformity", of: right).doubleValue, -4, within: 1e-15))
    let opposite = Matrix<Double>(rows: [[2, 0], [-1, 0]])
    #expect(try GeometryData.value("anisotropy", of: opposite).doubleValue == -1)
    #expect(
      agree(try GeometryData.value("uniformity", of: opposite).doubleValue, -8, within: 1e-15))
  }

  /// r₂/r₁ of 0, 1, 3 and 7: 3, 2, 3/2 and 3/2.
  @Test func neighboursOnALine() throws {
    let line = GeometryData.line(0, 1, 3, 7)
    let product = log(13.5)
    #expect(
      agree(
        try GeometryData.value("two-nearest-neighbours", of: line).doubleValue, 3 / product,
        within: 1e-14))
    let points = try LabelledPoints(line, labels: [0, 0, 0, 0])
    var method = LevinaBickelDimension()
    method.neighbourCount = 2
    let mean = (1 / log(3) + 1 / log(2) + 2 / log(1.5)) / 4
    #expect(agree(try method.value(of: points).doubleValue, mean, within: 1e-14))
    method.average = .harmonic
    #expect(agree(try method.value(of: points).doubleValue, 4 / product, within: 1e-14))
  }

  /// The same four numbers twice, 2⁻²⁰ apart: a product of rows at ±512 has digits for 2⁻¹⁷ only.
  @Test func neighboursInDistantPairsKeepTheirDigits() throws {
    let offsets = [0.0, 1, 3, 7].map { $0 * 0x1p-20 }
    let line = Matrix(
      rowCount: 8, columnCount: 1, elements: offsets + offsets.map { 1024 - $0 })
    #expect(
      agree(
        try GeometryData.value("two-nearest-neighbours", of: line).doubleValue,
        7 / (2 * log(13.5)), within: 1e-6))
  }

  /// Three dimensions, turned into ten.
  ///
  /// The estimates have a standard error of about d/√n = 0.08. A point's own estimate by ten neighbours is
  /// too large by 9/8 in the mean.
  @Test(arguments: [
    ("two-nearest-neighbours", 3), ("two-nearest-neighbours/fit", 3), ("levina-bickel", 27.0 / 8),
    ("levina-bickel/mackay-ghahramani", 3),
  ])
  func plantedDimension(name: String, expected: Double) throws {
    var flat = GeometryData.normal(1500, 10, seed: 3)
    flat.scaleColumns(by: [1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
    let points = try GeometryData.rotated(flat)
    #expect(abs(try GeometryData.value(name, of: points).doubleValue - expected) < 0.35)
  }

  @Test func fisherRatioOfSixPoints() throws {
    let points = try LabelledPoints(ScatterTests.six, labels: [0, 0, 0, 1, 1, 1])
    #expect(
      agree(
        try GeometryData.value("fisher-ratio", of: points).doubleValue, 458.0 / 48, within: 1e-14))
  }
}
