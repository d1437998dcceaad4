import AlignmentQuality
import Evaluation
import LinearAlgebra
import Optimization
import Testing

/// The index on points.
@Suite struct AlignmentQualityIndexTests {
  private func index(
    _ formula: AlignmentQualityFormula, weight: Double? = nil, reference: Double? = nil,
    compatibility: IndexCompatibility = .strict
  ) -> AlignmentQualityIndex {
    var index = AlignmentQualityIndex()
    index.formula = formula
    index.weight = weight
    index.referenceCalinskiHarabasz = reference
    index.compatibility = compatibility
    return index
  }

  private func points(_ rows: [[Double]], _ labels: [Int]) throws -> LabelledPoints {
    try LabelledPoints(Matrix<Double>(rows: rows), labels: labels)
  }

  /// Every formula of one set of points.
  static let single = AlignmentQualityFormula.allCases.filter { !$0.isKeyed }

  /// Oracle: scikit-learn's and SciPy's components in NumPy's formulas.
  ///
  /// Sums over 178 rows of wine, whose
  /// columns differ by 1e4 in scale, lose the most.
  @Test(arguments: single)
  func pointsFollowScikitLearn(formula: AlignmentQualityFormula) throws {
    let golden = try AlignmentQualityGolden()
    for (name, set) in golden.sets {
      let points = try points(set.points, set.labels)
      for (weight, expected) in [(nil, set.published), (golden.weight, set.weighted)] {
        let value = try index(formula, weight: weight, reference: golden.reference).value(
          of: points)
        let number = try #require(expected[formula.rawValue])
        #expect(agrees(value.doubleValue, number, within: 1e-12), "\(name)")
        for detail in value.details {
          guard let component = set.components[detail.metric] else { continue }
          #expect(agrees(try #require(detail.value.finiteValue), component, within: 1e-12))
        }
      }
    }
  }

  /// Oracle: what is measured together is what is measured alone, put on one scale; a set whose classes are
  /// not two stands aside with its reason.
  @Test(arguments: [AlignmentQualityFormula.codeMinMaxSigmoid, .codePercentile])
  func categoriesAreScaledTogether(formula: AlignmentQualityFormula) throws {
    let sets = try (0..<4).map { try ClusterMeasurer.measure(planted(40, seed: $0), [.scatter]) }
    let separations = try sets.map { try CalinskiHarabaszIndex().value(of: $0).doubleValue }
    let compactnesses = try sets.map { try XieBeniIndex().value(of: $0).doubleValue }
    let scaled = try #require(
      formula == .codePercentile
        ? KeyedNormalization.percentiles(calinskiHarabasz: separations, xieBeni: compactnesses)
        : KeyedNormalization.minMaxSigmoid(calinskiHarabasz: separations, xieBeni: compactnesses))
    let oneClass = try ClusterMeasurer.measure(points([[0], [1]], [1, 1]), [.scatter])
    let values = try index(formula, weight: 0.2).values(of: [oneClass] + sets)
    #expect(values.dropFirst().map(\.doubleValue) == scaled.map { $0.combined(weight: 0.2) })
    #expect(values.allSatisfy { $0.flags.map(\.name).contains("not-comparable-across-models") })
    #expect(
      values[0].flags[0].detail
        == "on a scale of one model's own sets of points, of which 4 have values")
    guard case .undefined(let reason) = values[0].value else {
      Issue.record("one class has the value \(values[0])")
      return
    }
    #expect(reason.contains("calinski-harabasz") && reason.contains("one class"))
    // A set alone has no scale.
    guard case .undefined(let alone) = try index(formula).value(of: sets[0]).value else {
      Issue.record("one set has a value")
      return
    }
    #expect(alone.contains("at least 2") && alone.contains("got 1"))
  }

  /// Theorem: CH · XB = (n − 2) n₀n₁/n² for any two classes, so both are one number.
  ///
  /// Rounding grows with the length of the sums, and stays below c · n · ulp with c = 4.
  @Test(arguments: [(1, 2), (2, 2), (3, 40), (50, 51), (400, 7)], [1, 2, 33])
  func twoClassesKeepTheIdentity(counts: (Int, Int), width: Int) throws {
    let count = counts.0 + counts.1
    var generator = SeededGenerator(seed: UInt64(count + width))
    let rows = (0..<count).map { _ in (0..<width).map { _ in 5 + generator.nextNormal() } }
    let labels = (0..<count).map { $0 < counts.0 ? 0 : 1 }
    let value = try AlignmentQualityIndex().value(of: points(rows, labels))
    let residual = try #require(value.number("identity-residual"))
    #expect(abs(residual) < 4 * Double(count) * .ulpOfOne)
    #expect(!value.flags.map(\.name).contains("identity-violated"))
    let ratio = try #require(value.number("trace-ratio"))
    let product =
      try #require(value.number("between-scatter")) / #require(
        value.number("within-scatter"))
    #expect(agrees(ratio, product, within: 1e-15))
    #expect(agrees(try #require(value.number("eta-squared")), ratio / (1 + ratio), within: 1e-14))
  }

  /// More than two classes have no identity.
  @Test func moreClassesHaveNoIdentity() throws {
    let iris = try #require(try AlignmentQualityGolden().sets["iris"])
    let value = try AlignmentQualityIndex().value(of: points(iris.points, iris.labels))
    #expect(value.number("identity-residual") == nil)
  }

  /// Theorem: with two classes λ/XB + (1 − λ) CH is n d²/trW times a constant of n, p and λ, so that λ trades
  /// nothing off.
  @Test func theWeightOnlyRescalesThePaperLinearIndex() throws {
    func values(_ weight: Double) throws -> [Double] {
      try (0..<20).map {
        try index(.paperLinear, weight: weight).value(of: planted(30, seed: $0)).doubleValue
      }
    }
    let plain = try values(0)
    for weight in [0.25, 0.5, 1] {
      let ratios = try zip(values(weight), plain).map { $0 / $1 }
      let first = try #require(ratios.first)
      #expect(ratios.allSatisfy { agrees($0, first, within: 1e-12) })
    }
  }

  /// Theorem: from the same distributions the value grows with n, and F stays.
  ///
  /// Here F is near 2/9 · 9/8 = 1/4 with a bias of 1/n. At 200 points the value of one draw has a standard
  /// deviation of a tenth, and the mean of eight draws one of .036.
  @Test func thePaperLinearIndexGrowsWithTheNumberOfPoints() throws {
    let values = try [200, 2000].map { count in
      try (0..<8).map { seed in
        try AlignmentQualityIndex().value(of: planted(count, seed: 10 + seed))
      }
    }
    func mean(_ values: [IndexValue], _ number: (IndexValue) -> Double?) throws -> Double {
      try values.map { try #require(number($0)) }.reduce(0, +) / Double(values.count)
    }
    let growth =
      try mean(values[1]) { $0.value.finiteValue } / mean(values[0]) { $0.value.finiteValue }
    #expect(growth > 8.5 && growth < 11.5)
    let ratio =
      try mean(values[1]) { $0.number("trace-ratio") }
      / mean(values[0]) { $0.number("trace-ratio") }
    #expect(ratio > 0.85 && ratio < 1.15)
  }

  /// Theorem: at fixed n and p these formulas are functions of F alone, which rise with it, and at the
  /// measured F they give the measured value.
  @Test(arguments: [AlignmentQualityFormula.paperLinear, .paperGeometric, .linearLog])
  func formulasOfTwoIndicesRiseWithTheTraceRatio(formula: AlignmentQualityFormula) throws {
    for weight in [0, 0.3, 1] {
      let index = index(formula, weight: weight, reference: 50)
      let measurements = try ClusterMeasurer.measure(planted(50, seed: 1), index.ingredients)
      let value = try index.value(of: measurements)
      let ratio = try #require(value.number("trace-ratio"))
      let same = try #require(index.value(atTraceRatio: ratio, of: measurements))
      #expect(agrees(same, value.doubleValue, within: 1e-13))
      let grid = (0...60).map { 0.01 * Double($0 * $0) }
      let values = try grid.map { try #require(index.value(atTraceRatio: $0, of: measurements)) }
      #expect(values[0] == 0)
      #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
      #expect(index.value(atTraceRatio: -0.1, of: measurements) == nil)
    }
  }

  @Test func otherFormulasHaveNoMapFromTheTraceRatio() throws {
    let measurements = try ClusterMeasurer.measure(planted(30, seed: 1), [.scatter])
    let mapped: Set<AlignmentQualityFormula> = [.paperLinear, .paperGeometric, .linearLog]
    for formula in AlignmentQualityFormula.allCases where !mapped.contains(formula) {
      #expect(
        index(formula, reference: 2).value(atTraceRatio: 1, of: measurements) == nil)
    }
    #expect(index(.paperGeometric).value(atTraceRatio: 1, of: measurements) == nil)
    #expect(index(.paperLinear, weight: 2).value(atTraceRatio: 1, of: measurements) == nil)
    let three = try ClusterMeasurer.measure(
      points([[0], [1], [2], [3], [4]], [0, 0, 1, 1, 2]), [.scatter])
    #expect(AlignmentQualityIndex().value(atTraceRatio: 1, of: three) == nil)
  }

  /// Points that no index has a value on: no formula has one, whatever the weight.
  @Test(arguments: single, [0, 0.5, 1])
  func undefinedComponentsMakeTheCompositeUndefined(
    formula: AlignmentQualityFormula, weight: Double
  ) throws {
    let degenerate = [
      try points([[0, 1], [2, 3], [4, 4]], [7, 7, 7]),
      try points([[0, 1], [2, 3]], [0, 1]),
      try points([[1, 1], [1, 1], [1, 1], [1, 1]], [0, 0, 1, 1]),
    ]
    for points in degenerate {
      let value = try index(formula, weight: weight, reference: 3).value(of: points)
      guard case .undefined(let reason) = value.value else {
        Issue.record("\(value.value) on \(points.labels.count) classes of \(points.count) points")
        continue
      }
      #expect(reason.hasPrefix("its component "))
    }
  }

  /// Each class one repeated point: XB = 0 and CH = +∞.
  @Test func zeroXieBeniIsInfiniteWhereTheFormulaSaysSo() throws {
    let perfect = try points([[0, 1], [0, 1], [2, 3], [2, 3]], [0, 0, 1, 1])
    for weight in [0, 0.5, 1] {
      for formula in [AlignmentQualityFormula.paperLinear, .linearLog] {
        let value = try index(formula, weight: weight).value(of: perfect)
        guard case .infinite(let reason) = value.value else {
          Issue.record("\(formula) is \(value.value)")
          continue
        }
        #expect(reason.contains("repeated point"))
      }
    }
    let bounded = try index(.silhouetteXieBeni).value(of: perfect)
    #expect(bounded.value == .finite(1))
  }

  /// Two classes with the same mean: CH = 0 and 1/XB = 0.
  @Test func coincidentMeansScoreZero() throws {
    let same = try points([[-1], [1], [-2], [2]], [0, 0, 1, 1])
    #expect(try AlignmentQualityIndex().value(of: same).value == .finite(0))
    #expect(try index(.paperGeometric, reference: 2).value(of: same).value == .finite(0))
  }

  @Test func theGeometricFormulaNeedsItsReference() throws {
    let points = try planted(30, seed: 2)
    guard case .undefined(let reason) = try index(.paperGeometric).value(of: points).value else {
      Issue.record("there is a value without CH_max")
      return
    }
    #expect(reason.contains("alignment-quality-index.referenceCalinskiHarabasz"))
    let flags = try [1e-3, 1e9].map {
      try index(.paperGeometric, reference: $0).value(of: points).flags.map(\.name)
    }
    #expect(flags[0].contains("exceeds-reference"))
    #expect(!flags[1].contains("exceeds-reference"))
  }

  /// The details say what the value is made of, each under a name of its own.
  @Test func detailsAreByHand() throws {
    let value = try AlignmentQualityIndex().value(
      of: points([[0, 0], [0, 2], [2, 0], [10, 0], [10, 4], [12, 2]], [0, 0, 0, 1, 1, 1]))
    #expect(Set(value.details.map(\.metric)).count == value.details.count)
    let expected: [(String, Double, Double)] = [
      ("calinski-harabasz", 229, 6), ("xie-beni", 6, 229), ("within-scatter", 16, 1),
      ("between-scatter", 458, 3), ("trace-ratio", 229, 24), ("eta-squared", 229, 253),
      // (458/3 − 4)/(458/3 + 16 + 4).
      ("omega-squared", 446, 518), ("size-of-class-0", 3, 1), ("size-of-class-1", 3, 1),
      ("scatter-of-class-0", 16, 3), ("scatter-of-class-1", 32, 3), ("dispersion-of-class-0", 4, 3),
      ("dispersion-of-class-1", 32.squareRoot(), 3), ("centroid-distance-0-1", 916.squareRoot(), 3),
    ]
    for (metric, numerator, denominator) in expected {
      let number = try #require(value.number(metric))
      #expect(agrees(number, numerator / denominator, within: 1e-14), "\(metric)")
    }
    #expect(value.details.count == expected.count + 1)
  }
}

/// Squares beyond float64 are no numbers, and are said to be none.
extension AlignmentQualityIndexTests {
  @Test func overflowIsNoDetail() throws {
    let matrix = Matrix<Double>(rows: [[-1e300], [1e300], [0.5e300], [-0.2e300]])
    let value = try AlignmentQualityIndex().value(
      of: LabelledPoints(matrix, labels: [0, 0, 1, 1]))
    #expect(value.value.finiteValue == nil)
    for detail in value.details {
      if let number = detail.value.finiteValue { #expect(number.isFinite, "\(detail.metric)") }
    }
  }
}

extension IndexValue {
  /// The finite number of a detail.
  func number(_ metric: String) -> Double? {
    details.first { $0.metric == metric }?.value.finiteValue
  }
}
