import Evaluation
import Optimization
import Testing

@Suite struct MetricTests {
  struct AreaCase: Decodable {
    var scores: [Double]
    var labels: [Bool]
    var area: Double
    var variance: Double
    var balanced: Double
  }
  struct Goldens: Decodable { var area: [AreaCase] }

  /// The area by its definition: every pair compared.
  static func pairwiseArea(_ scores: [Double], _ labels: [Bool]) -> Double {
    var wins = 0.0
    var pairCount = 0.0
    for positive in scores.indices where labels[positive] {
      for negative in scores.indices where !labels[negative] {
        pairCount += 1
        if scores[positive] > scores[negative] { wins += 1 }
        if scores[positive] == scores[negative] { wins += 0.5 }
      }
    }
    return wins / pairCount
  }

  /// Scores with ties and labels with both classes.
  static func sample(_ count: Int, seed: UInt64) -> (scores: [Double], labels: [Bool]) {
    var generator = SeededGenerator(seed: seed, stream: UInt64(count))
    let labels = (0..<count).map { $0 == 0 || ($0 > 1 && generator.nextUniform() < 0.4) }
    let scores = labels.map { (label) in
      ((generator.nextNormal() + (label ? 1 : 0)) * 4).rounded() / 4
    }
    return (scores, labels)
  }

  /// Oracle: scikit-learn's `roc_auc_score` and `balanced_accuracy_score`; 4 roundings.
  @Test func areasAndBalancedAccuraciesAreScikitLearns() throws {
    for example in try golden("statistics.json", as: Goldens.self).area {
      let area = try AreaUnderROC.value(scores: example.scores, labels: example.labels)
      #expect(abs(area - example.area) < 4 * area.ulp)
      let correct = try Accuracy.correct(
        scores: example.scores, labels: example.labels, threshold: 0.4)
      let balanced = try BalancedAccuracy.value(correct: correct, labels: example.labels)
      #expect(abs(balanced - example.balanced) < 4 * balanced.ulp)
    }
  }

  /// Oracle: the definition, over all pairs; both are quotients of the same whole numbers.
  @Test(arguments: [2, 3, 5, 17, 100, 257])
  func areasAreThoseOfAllPairs(count: Int) throws {
    for seed: UInt64 in 0..<5 {
      let (scores, labels) = Self.sample(count, seed: seed)
      #expect(
        try AreaUnderROC.value(scores: scores, labels: labels)
          == Self.pairwiseArea(scores, labels))
    }
  }

  @Test(arguments: [2, 3, 30, 101])
  func lawsOfTheArea(count: Int) throws {
    let (scores, labels) = Self.sample(count, seed: 7)
    let area = try AreaUnderROC.value(scores: scores, labels: labels)
    var generator = SeededGenerator(seed: 8)
    let order = generator.permutation(count: count)
    #expect(
      try AreaUnderROC.value(scores: order.map { scores[$0] }, labels: order.map { labels[$0] })
        == area, "the order of the samples matters")
    let swapped = try AreaUnderROC.value(scores: scores, labels: labels.map { !$0 })
    #expect(abs(swapped - (1 - area)) <= 1.0.ulp, "swapped labels are not 1 − A")
    let negated = try AreaUnderROC.value(scores: scores.map { -$0 }, labels: labels)
    #expect(abs(negated - (1 - area)) <= 1.0.ulp, "negated scores are not 1 − A")
    let monotone = try AreaUnderROC.value(scores: scores.map { $0 * $0 * $0 + 5 }, labels: labels)
    #expect(monotone == area, "a monotone map of the scores matters")
    #expect(Accuracy.folded(area) >= 0.5)
    #expect(Accuracy.folded(area) == Accuracy.folded(1 - (1 - area)))
  }

  @Test func extremesOfTheArea() throws {
    #expect(try AreaUnderROC.value(scores: [1, 2, 3], labels: [false, true, true]) == 1)
    #expect(try AreaUnderROC.value(scores: [3, 2, 1], labels: [false, true, true]) == 0)
    #expect(try AreaUnderROC.value(scores: [2, 2, 2], labels: [false, true, true]) == 0.5)
    #expect(try AreaUnderROC.value(scores: [0.0, -0.0], labels: [false, true]) == 0.5)
  }

  @Test func inputWithoutAnAnswerIsRefused() {
    #expect(throws: EvaluationError.noSamples(metric: "auroc")) {
      try AreaUnderROC.value(scores: [], labels: [])
    }
    #expect(throws: EvaluationError.oneClass(metric: "auroc", label: true, count: 2)) {
      try AreaUnderROC.value(scores: [1, 2], labels: [true, true])
    }
    #expect(throws: EvaluationError.nonFinite(what: "the score", position: 1)) {
      try AreaUnderROC.value(scores: [1, .nan], labels: [true, false])
    }
    #expect(throws: EvaluationError.self) {
      try AreaUnderROC.value(scores: [1, 2, 3], labels: [true, false])
    }
    #expect(throws: EvaluationError.noSamples(metric: "accuracy")) {
      try Accuracy.value(correct: [])
    }
    #expect(throws: EvaluationError.oneClass(metric: "balanced-accuracy", label: false, count: 1)) {
      try BalancedAccuracy.value(correct: [true], labels: [false])
    }
    #expect(throws: EvaluationError.nonFinite(what: "the value", position: 0)) {
      try MeanLoss.value(of: [.infinity])
    }
    #expect(throws: EvaluationError.self) {
      try Accuracy.measure(correct: [true, false], groups: Grouping(ungrouped: 3))
    }
    #expect(throws: EvaluationError.self) {
      try Accuracy.measure(correct: [true], groups: Grouping(ungrouped: 1), level: 1)
    }
  }

  @Test func oneClassMakesAnUndefinedMeasurement() throws {
    let measurement = try AreaUnderROC.measure(
      scores: [1, 2], labels: [true, true], groups: Grouping(ungrouped: 2))
    #expect(measurement.value == .undefined("all 2 labels are true"))
    #expect(measurement.interval == nil)
    #expect(measurement.flags.map(\.name) == ["undefined"])
  }

  /// Oracle: the definition; a score at the threshold counts as false.
  @Test func accuracyCountsScoresAboveTheThreshold() throws {
    let correct = try Accuracy.correct(scores: [-1, 0, 1, 2], labels: [false, true, true, false])
    #expect(correct == [true, false, true, false])
    #expect(try Accuracy.value(correct: correct) == 0.5)
    #expect(Accuracy.folded(0.25) == 0.75 && Accuracy.folded(0.75) == 0.75)
    #expect(try MajorityRate.value(labels: [1, 2, 2, 3]) == 0.5)
    #expect(try MeanLoss.value(of: [1, 2, 6]) == 3)
  }

  @Test func aConstantPredictionIsBalancedAtOneHalf() throws {
    let labels = [true, false, false, false]
    #expect(try BalancedAccuracy.value(correct: labels.map { !$0 }, labels: labels) == 0.5)
  }

  @Test func groupsAreNumberedByIdentifier() {
    let groups = Grouping([7, -2, 7, 30])
    #expect(groups.indices == [1, 0, 1, 2])
    #expect(groups.count == 3)
    #expect(groups.samples(in: 1).elementsEqual([0, 2]))
    #expect(Grouping(ungrouped: 3) == Grouping([4, 5, 6]))
    #expect(Grouping([]).count == 0)
  }

  /// Oracle: the definition, and that a median of groups of equal values lies in its interval.
  @Test func medianIsTheMiddle() throws {
    #expect(try Median.value(of: [3, 1, 2]) == 2)
    #expect(try Median.value(of: [4, 1, 2, 3]) == 2.5)
    #expect(throws: EvaluationError.self) { try Median.value(of: []) }
    #expect(throws: EvaluationError.self) { try Median.value(of: [1, .nan]) }
    let values = (0..<61).map { Double($0 * $0) }
    let measured = try Median.measure(
      values, metric: "m", groups: Grouping(ungrouped: 61), seed: 1)
    let interval = try #require(measured.interval)
    #expect(measured.value.finiteValue == 900)
    #expect(interval.lower < 900 && interval.upper > 900)
    // The binomial interval of the median's rank at 61 values is 23 to 39; BCa agrees to some ranks.
    #expect((18.0 * 18.0...26.0 * 26.0).contains(interval.lower))
    #expect((34.0 * 34.0...42.0 * 42.0).contains(interval.upper))
  }
}
