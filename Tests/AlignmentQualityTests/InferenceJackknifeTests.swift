import AlignmentQuality
import Evaluation
import LinearAlgebra
import Testing

@Suite struct InferenceJackknifeTests {
  /// How the points of a draw are grouped.
  struct Layout: Sendable, CustomTestStringConvertible {
    let name: String
    let planted: PlantedClasses
    var testDescription: String { name }
  }

  static let layouts: [Layout] = [2, 3].flatMap { classCount in
    let single = PlantedClasses(width: 9, classCount: classCount, groupCount: 21, separation: 1)
    var ofOneClass = single
    (ofOneClass.groups, ofOneClass.groupSize, ofOneClass.sizesVary) = (.ofOneClass, 1, true)
    ofOneClass.shared = 0.5
    var opposites = single
    (opposites.groups, opposites.shared) = (.ofAllClasses, 0.5)
    return [
      Layout(name: "single points, \(classCount) classes", planted: single),
      Layout(name: "several of one class, \(classCount) classes", planted: ofOneClass),
      Layout(name: "opposites, \(classCount) classes", planted: opposites),
    ]
  }

  /// Oracle: F_u of the remaining rows, measured again.
  @Test(arguments: layouts, DebiasedSeparationIndex.Debiasing.allCases)
  func replicatesEqualRecomputation(
    layout: Layout, debiasing: DebiasedSeparationIndex.Debiasing
  ) throws {
    let index = DebiasedSeparationIndex(debiasing: debiasing)
    let inference = try SeparationInference(index: index)
    let (points, _) = try layout.planted.draw(11)
    try check(points, index, inference)
  }

  /// Groups that hold two points of one class and one of another, some with all three.
  @Test(arguments: DebiasedSeparationIndex.Debiasing.allCases)
  func replicatesOfMixedGroupsEqualRecomputation(
    debiasing: DebiasedSeparationIndex.Debiasing
  ) throws {
    let (points, _) = try PlantedClasses(
      width: 30, classCount: 3, groupCount: 75, separation: 1
    ).draw(12)
    let matrix = try #require(points.source as? MatrixPoints<Double>).matrix
    let groups = (0..<75).map { $0 * 7 % 25 % (1 + $0 % 23) }
    let index = DebiasedSeparationIndex(debiasing: debiasing)
    let inference = try SeparationInference(index: index)
    try check(
      try LabelledPoints(matrix, labels: points.classes, groups: groups), index, inference)
    let narrow = Matrix<Float>(matrix)
    try check(
      try LabelledPoints(narrow, labels: points.classes, groups: groups), index, inference)
  }

  private func check(
    _ points: LabelledPoints, _ index: DebiasedSeparationIndex, _ inference: SeparationInference
  ) throws {
    let measurements = try ClusterMeasurer.measure(points, SeparationInference.ingredients)
    let replicates = inference.replicates(of: measurements)
    #expect(replicates.count == points.groups.count)
    for (group, replicate) in replicates.enumerated() {
      let again = try index.value(of: try points.leavingOut(group: group)).value.finiteValue
      switch (replicate, again) {
      case (let replicate?, let again?):
        #expect(abs(replicate - again) < 1e-10 * max(1, abs(again)))
      case (nil, nil): break
      default: Issue.record("group \(group): \(String(describing: replicate)), \(again ?? .nan)")
      }
    }
  }

  /// The interval by its definition: all pairs of 21 single points, brute-force replicates, and the quantile of
  /// Student's distribution for the smallest class.
  @Test func theIntervalIsAsDefined() throws {
    let (points, _) = try PlantedClasses(width: 9, groupCount: 21, separation: 1).draw(13)
    let estimate = try SeparationInference(level: 0.9).estimate(of: points)
    let index = DebiasedSeparationIndex()
    let replicates = try (0..<21).map {
      try index.value(of: try points.leavingOut(group: $0)).doubleValue
    }
    let mean = replicates.reduce(0, +) / 21
    let jackknife = 20.0 / 21 * replicates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let quadratic = try quadraticVariance(points)
    let quantile = StudentDistribution.quantile(0.95, degreesOfFreedom: 9)
    let variance = max(jackknife - quadratic, quadratic)
    let interval = try #require(estimate.interval)
    let value = estimate.value.doubleValue
    #expect(quadratic > 0.01 * jackknife)
    let scatter = try ClusterMeasurer.measure(points, [.scatter]).scatter
    let plain = scatter.between / 21 / (scatter.within / 19)
    // The ends are where the value is t standard deviations away, of the variance there.
    for end in [interval.lower, interval.upper] {
      let distance = (value - end) * (value - end)
      let there = variance * (1 + (end - value) / plain)
      #expect(abs(distance / (quantile * quantile * there) - 1) < 1e-9)
    }
    #expect(interval.lower < value && value < interval.upper)
    #expect(interval.level == 0.9 && interval.method == SeparationInference.method)
    #expect(estimate.flags.isEmpty && estimate.groupCount == 21)
  }

  /// 2 Σ_{g≠h} κ_gh²/W_u² for single points: κ = p_k (1 − p_k) ⟨e, e′⟩ in one class, −p_k p_l ⟨e, e′⟩ between two.
  private func quadraticVariance(_ points: LabelledPoints) throws -> Double {
    let measurements = try ClusterMeasurer.measure(points, [.scatter])
    let (scatter, centroids) = (measurements.scatter, try #require(measurements.centroids))
    let matrix = try #require(points.source as? MatrixPoints<Double>).matrix
    let errors = (0..<points.count).map { sample -> [Double] in
      let own = points.classes[sample]
      let count = Double(scatter.counts[own])
      let factor = 1 / (count * (count - 1)).squareRoot()
      return (0..<points.width).map { factor * (matrix[sample, $0] - centroids[own, $0]) }
    }
    var sum = 0.0
    for first in errors.indices {
      for second in errors.indices where second != first {
        let (own, other) = (points.classes[first], points.classes[second])
        let weight =
          own == other
          ? scatter.shares[own] * (1 - scatter.shares[own])
          : -scatter.shares[own] * scatter.shares[other]
        let (one, another) = (errors[first], errors[second])
        let kernel = weight * dotProduct(one.span, another.span)
        sum += kernel * kernel
      }
    }
    let within = scatter.within / Double(points.count - 2)
    return 2 * sum / (within * within)
  }

  @Test func refusalsSayWhy() throws {
    let inference = try SeparationInference()
    let (few, _) = try PlantedClasses(groupCount: 19).draw(14)
    let refused = try inference.estimate(of: few)
    #expect(refused.interval == nil && refused.value.value.finiteValue != nil)
    #expect(refused.flags.map(\.rawValue) == ["few-groups: 19 groups, an interval needs 20"])

    // Class 1 has three points in two groups: without either of them it is in one group.
    let (points, _) = try PlantedClasses(width: 3, groupCount: 24).draw(15)
    let matrix = try #require(points.source as? MatrixPoints<Double>).matrix
    let labels = (0..<24).map { $0 < 3 ? 1 : 0 }
    let groups = (0..<24).map { max(1, $0) }
    let rare = try inference.estimate(
      of: try LabelledPoints(matrix, labels: labels, groups: groups))
    #expect(rare.interval == nil && rare.value.value.finiteValue != nil)
    #expect(rare.flags.map(\.rawValue) == ["undefined-replicates: without 2 of 23 groups"])

    let constant = Matrix<Double>(rowCount: 40, columnCount: 2) { row, _ in row < 20 ? 0 : 1 }
    let infinite = try inference.estimate(
      of: try LabelledPoints(constant, labels: (0..<40).map { $0 / 20 }))
    #expect(infinite.interval == nil && infinite.value.doubleValue == .infinity)
    #expect(throws: AlignmentQualityError.self) { try SeparationInference(level: 1) }
    let measured = try ClusterMeasurer.measure(few, [.scatter])
    #expect(try inference.estimate(of: measured).outcome.flags.map(\.name) == ["no-interval"])
  }

  /// 1/F, of which only the ratio is known: a falling index that is infinite at 0.
  struct InverseRatio: ClusterIndex {
    static let identifier = "inverse-ratio"
    static let summary = ""
    static let source = CalinskiHarabaszIndex.source
    static let betterWhen = Preference.lower
    static let range: ClosedRange<Double> = 0...(.infinity)
    var ingredients: Set<Ingredient> { [.scatter] }
    func value(of measurements: ClusterMeasurements) throws(AlignmentQualityError) -> IndexValue {
      .finite(measurements.scatter.within / measurements.scatter.between)
    }
    func value(atTraceRatio ratio: Double, of measurements: ClusterMeasurements) -> Double? {
      ratio > 0 ? 1 / ratio : nil
    }
  }

  /// Closed form: the images of the ends under x ↦ x (n − K)/(K − 1), and under x ↦ 1/x.
  @Test func intervalsAreCarriedOver() throws {
    let inference = try SeparationInference()
    let (points, _) = try PlantedClasses(width: 9, groupCount: 60, separation: 2).draw(16)
    let measurements = try ClusterMeasurer.measure(points, SeparationInference.ingredients)
    let estimate = try inference.estimate(of: measurements)
    let interval = try #require(estimate.interval)
    let rising = inference.outcome(
      for: CalinskiHarabaszIndex(), of: measurements, from: estimate)
    #expect(rising.interval?.lower == interval.lower * 58)
    #expect(rising.interval?.upper == interval.upper * 58)
    #expect(rising.interval?.method == SeparationInference.transformedMethod)
    #expect(
      rising.flags == [Flag("debiased-interval", detail: "\(estimate.value.doubleValue * 58)")])
    let falling = inference.outcome(for: InverseRatio(), of: measurements, from: estimate)
    #expect(falling.interval?.lower == 1 / interval.upper)
    #expect(falling.interval?.upper == 1 / interval.lower)
    #expect(
      inference.outcome(for: DebiasedSeparationIndex(), of: measurements, from: estimate)
        == estimate.outcome)
  }

  @Test func intervalsThatReachBelowZeroAreOneSided() throws {
    let inference = try SeparationInference()
    let (points, _) = try PlantedClasses(width: 9, groupCount: 60, separation: 0).draw(17)
    let measurements = try ClusterMeasurer.measure(points, SeparationInference.ingredients)
    let estimate = try inference.estimate(of: measurements)
    let interval = try #require(estimate.interval)
    try #require(interval.lower < 0 && interval.upper > 0)
    let rising = inference.outcome(
      for: CalinskiHarabaszIndex(), of: measurements, from: estimate)
    #expect(rising.interval?.lower == 0)
    #expect(rising.interval?.upper == interval.upper * 58)
    #expect(rising.flags.map(\.name) == ["debiased-interval", "one-sided-interval"])
    let falling = inference.outcome(for: InverseRatio(), of: measurements, from: estimate)
    #expect(falling.interval == nil)
    #expect(
      falling.flags.last?.rawValue
        == "one-sided-interval: at least \(1 / interval.upper), without another end")
  }
}
