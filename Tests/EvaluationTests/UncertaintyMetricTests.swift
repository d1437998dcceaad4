import Evaluation
import Optimization
import Testing

/// Metrics against NumPy, SciPy and scikit-learn, and against their definitions by hand.
@Suite struct UncertaintyMetricTests {
  private static func make<Metric: UncertaintyMetric>(
    _ type: Metric.Type, _ overrides: SettingValue = [:]
  ) throws -> Metric { try Settings.decode(type, overrides: overrides) }

  /// Oracle: `Golden/generate_uncertainty.py`; tolerance 1e−12 relative, that of closed forms.
  @Test(arguments: [
    "auroc", "auprc", "auprc-trapezoid", "auprc-error", "auarc", "rejection-accuracy", "aurc",
    "e-aurc", "c-index-binary", "c-index-quality", "kendall-tau-b", "spearman", "rpp",
    "best-balanced-accuracy", "tpr-at-low-fpr", "tpr-at-low-fpr-error", "ece-right-20",
    "ece-right-10", "ece-left-10", "ece-left-20", "mce", "equal-mass-ece", "brier",
    "isotonic-brier", "auroc-tied", "auprc-tied", "auprc-trapezoid-tied", "auarc-tied",
    "aurc-tied", "c-index-tied", "kendall-tau-b-tied", "spearman-tied", "ece-right-10-tied",
    "ece-left-10-tied", "ece-right-5-tied", "ece-left-5-tied", "isotonic-brier-tied",
    "inv-entropy-prr",
  ])
  func metricsAreThoseOfNumPyAndScikitLearn(name: String) throws {
    let goldens = try UncertaintyGoldens.read()
    let expected = try #require(goldens.outputs.metrics[name])
    let base = name.hasSuffix("-tied") ? String(name.dropLast(5)) : name
    let (metric, isContinuous) = try Self.metric(named: base)
    let isTied = name != base
    let usesQuality = isContinuous || (isTied && ["kendall-tau-b", "spearman"].contains(base))
    let value = try metric.value(
      uncertainty: isTied ? goldens.inputs.tied : goldens.inputs.uncertainty,
      quality: usesQuality ? goldens.inputs.quality : goldens.inputs.correct)
    #expect(agrees(value, expected), "\(value) instead of \(expected)")
  }

  private static func metric(
    named name: String
  ) throws -> (metric: any UncertaintyMetric, isContinuous: Bool) {
    func bins(_ count: Int, _ closure: String) throws -> any UncertaintyMetric {
      let bins: SettingValue = [
        "bins": ["count": .integer(count), "closure": .string(closure)]
      ]
      return try make(ExpectedCalibrationError.self, bins)
    }
    switch name {
    case "auroc": return (UncertaintyAreaUnderROC(), false)
    case "auprc", "inv-entropy-prr": return (AreaUnderPrecisionRecall(), false)
    case "auprc-trapezoid":
      return (try make(AreaUnderPrecisionRecall.self, ["interpolation": "trapezoid"]), false)
    case "auprc-error":
      return (try make(AreaUnderPrecisionRecall.self, ["positive": "error"]), false)
    case "auarc": return (AreaUnderAccuracyRejection(), false)
    case "rejection-accuracy": return (RejectionAccuracy(), false)
    case "aurc": return (AreaUnderRiskCoverage(), false)
    case "e-aurc": return (ExcessAreaUnderRiskCoverage(), false)
    case "c-index-binary", "c-index": return (ConcordanceIndex(), false)
    case "c-index-quality": return (ConcordanceIndex(), true)
    case "kendall-tau-b": return (KendallTauB(), true)
    case "spearman": return (SpearmanCorrelation(), true)
    case "rpp": return (ReversedPairsProportion(), true)
    case "best-balanced-accuracy": return (BestBalancedAccuracy(), false)
    case "tpr-at-low-fpr":
      return (try make(TruePositiveRate.self, ["dropsIntermediatePoints": true]), false)
    case "tpr-at-low-fpr-error":
      return (try make(TruePositiveRate.self, ["positive": "error"]), false)
    case "ece-right-20": return (try bins(20, "right"), false)
    case "ece-right-10": return (try bins(10, "right"), false)
    case "ece-right-5": return (try bins(5, "right"), false)
    case "ece-left-20": return (try bins(20, "left"), false)
    case "ece-left-10": return (try bins(10, "left"), false)
    case "ece-left-5": return (try bins(5, "left"), false)
    case "mce": return (MaximumCalibrationError(), false)
    case "equal-mass-ece": return (EqualMassCalibrationError(), false)
    case "brier": return (BrierScore(), false)
    default: return (IsotonicBrierScore(), false)
    }
  }

  // MARK: - Identities

  /// Small numbers of levels, so that ties of all kinds occur.
  private func drawn(
    _ count: Int, levels: Int, seed: UInt64
  ) -> (uncertainty: [Double], quality: [Double]) {
    var generator = SeededGenerator(seed: seed, stream: 77)
    let quality = (0..<count).map { _ in Double(generator.nextIndex(below: levels)) }
    let uncertainty = quality.map { value in
      ((generator.nextNormal() - value / Double(levels)) * 4).rounded() / 4
    }
    return (uncertainty, quality)
  }

  /// Oracle: all ordered pairs, looked at one by one.
  @Test(arguments: [2, 3, 7, 40])
  func pairsAreCountedAsByHand(levels: Int) throws {
    let (u, a) = drawn(60, levels: levels, seed: 4)
    var (concordant, discordant, tiedScores, tiedQualities) = (0.0, 0.0, 0.0, 0.0)
    for first in u.indices {
      for second in u.indices where first < second {
        let order = (u[first] - u[second]) * (a[second] - a[first])
        concordant += order > 0 ? 1 : 0
        discordant += order < 0 ? 1 : 0
        tiedScores += u[first] == u[second] ? 1 : 0
        tiedQualities += a[first] == a[second] ? 1 : 0
      }
    }
    let all = 60.0 * 59 / 2
    let comparable = all - tiedQualities
    let half = 0.5 * (comparable - concordant - discordant)
    #expect(
      agrees(
        try ConcordanceIndex().value(uncertainty: u, quality: a),
        (concordant + half) / comparable, to: 1e-15))
    #expect(
      agrees(
        try ReversedPairsProportion().value(uncertainty: u, quality: a), discordant / 3600,
        to: 1e-15))
    let tau = (concordant - discordant) / (comparable * (all - tiedScores)).squareRoot()
    #expect(agrees(try KendallTauB().value(uncertainty: u, quality: a), tau, to: 1e-14))
  }

  @Test func theAreaIsThatOfTheExistingMetricToTheBit() throws {
    for levels in [3, 50] {
      let (u, a) = drawn(101, levels: levels, seed: 5)
      let right = a.map { $0 > Double(levels) / 2 }
      let area = try AreaUnderROC.value(scores: u.map { -$0 }, labels: right)
      let quality = right.map { $0 ? 1.0 : 0 }
      #expect(
        try UncertaintyAreaUnderROC().value(uncertainty: u, quality: quality) == .finite(area))
      #expect(try ConcordanceIndex().value(uncertainty: u, quality: quality) == .finite(area))
    }
  }

  @Test func theRiskIsWhatTheRejectionAreaLeaves() throws {
    let (u, a) = drawn(90, levels: 6, seed: 6)
    let area = try PredictionRejectionRatio().areas(uncertainty: u, quality: a)
    #expect(
      agrees(try AreaUnderRiskCoverage().value(uncertainty: u, quality: a), 1 - area.area))
    #expect(
      agrees(
        try ExcessAreaUnderRiskCoverage().value(uncertainty: u, quality: a),
        area.oracle - area.area, to: 1e-11))
  }

  /// Oracle: the sums written out, with the qualities scaled to 0…1.
  @Test func sumsOfRisksGrowWithTheNumberOfAnswers() throws {
    let (u, a) = drawn(50, levels: 5, seed: 7)
    let order = u.indices.sorted { (u[$0], $0) < (u[$1], $1) }
    let (low, high) = (try #require(a.min()), try #require(a.max()))
    var (risk, total) = (0.0, 0.0)
    for answer in order {
      risk += 1 - (a[answer] - low) / (high - low)
      total += risk
    }
    let metric = try Self.make(AreaUnderRiskCoverage.self, ["ties": "stable", "averages": "sums"])
    #expect(agrees(try metric.value(uncertainty: u, quality: a), total / 50))
  }

  @Test func theNormalizedRejectionAccuracyOfRightAnswersIsOne() throws {
    let (u, right) = ((0..<37).map(Double.init), [Double](repeating: 1, count: 37))
    let released = try RejectionAccuracy().value(uncertainty: u, quality: right)
    #expect(agrees(released, 20 * 0.9 / 19))
    let normalized = try Self.make(RejectionAccuracy.self, ["isNormalized": true])
    #expect(agrees(try normalized.value(uncertainty: u, quality: right), 1))
  }

  /// Oracle: NumPy's linear quantile, evaluated for each of the 20 shares.
  @Test func quantilesOfTiedScoresAreNumPys() throws {
    let (u, a) = drawn(83, levels: 4, seed: 8)
    let sorted = u.sorted()
    let shares = (0..<20).map { $0 == 19 ? 1 : Double($0) * (0.9 / 19) + 0.1 }
    let area = shares.reduce(0) { area, share in
      let threshold = Quantile.value(at: share, ofSorted: sorted)
      let kept = u.indices.filter { u[$0] <= threshold }
      return area + kept.reduce(0) { $0 + a[$1] } / Double(kept.count) * (0.9 / 19)
    }
    #expect(agrees(try RejectionAccuracy().value(uncertainty: u, quality: a), area))
  }

  /// Scores tie so that three steps in a row are even: scikit-learn drops the middle ones from the curve.
  @Test func droppedPointsOfTheCurveCanCostTheRate() throws {
    var (u, a) = ([Double](), [Double]())
    for step in 0..<40 {
      for _ in 0..<2 { u.append(Double(step)); a.append(1) }
      u.append(Double(step))
      a.append(0)
    }
    let exact = TruePositiveRate()
    let dropping = try Self.make(TruePositiveRate.self, ["dropsIntermediatePoints": true])
    // One of 40 wrong answers is a rate of 0.025; two are 0.05, which is not below the limit.
    #expect(try exact.value(uncertainty: u, quality: a) == .finite(2.0 / 80))
    #expect(try dropping.value(uncertainty: u, quality: a) == .finite(2.0 / 80))
    let wider = try Self.make(TruePositiveRate.self, ["limit": 0.2])
    let widerDropping = try Self.make(
      TruePositiveRate.self, ["limit": 0.2, "dropsIntermediatePoints": true])
    #expect(try wider.value(uncertainty: u, quality: a) == .finite(14.0 / 80))
    #expect(try widerDropping.value(uncertainty: u, quality: a) == .finite(2.0 / 80))
  }

  /// Of two even steps scikit-learn drops the first point and keeps the second.
  @Test func thePointBehindEvenStepsIsKept() throws {
    let metric = try Self.make(
      TruePositiveRate.self, ["limit": 0.2, "dropsIntermediatePoints": true])
    let u = [0.0, 1, 1, 1, 2, 2, 2] + [Double](repeating: 3, count: 10)
    let a = [1.0, 1, 1, 0, 1, 1, 0] + [Double](repeating: 0, count: 10)
    #expect(try metric.value(uncertainty: u, quality: a) == .finite(1))
  }

  // MARK: - Calibration

  /// Oracle: seven answers in three parts are three, two and two.
  @Test func partsOfEqualMassDifferByOneAtMost() throws {
    let metric = try Self.make(EqualMassCalibrationError.self, ["bins": 3])
    let confidence = [0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875]
    let value = try metric.value(
      uncertainty: confidence.map { -$0 }, quality: [1, 0, 0, 1, 0, 1, 1])
    // |1 − 0.75|, |1 − 1.125| and |2 − 1.625|, over 7.
    #expect(agrees(value, (0.25 + 0.125 + 0.375) / 7))
    // Two answers in seven parts: five parts are empty.
    let sparse = try Self.make(EqualMassCalibrationError.self, ["bins": 7])
    let few = try sparse.value(uncertainty: [-0.5, -0.25], quality: [1, 0])
    #expect(agrees(few, 0.75 / 2))
  }

  @Test func binsHaveNumPysEdges() throws {
    // The third edge is 0.30000000000000004: 0.3 lies below it, whichever edge a bin includes.
    for closure in ["right", "left"] {
      let metric = try Self.make(
        ExpectedCalibrationError.self, ["bins": ["closure": .string(closure)]])
      let value = try metric.value(uncertainty: [-0.3, -0.25], quality: [0, 1])
      #expect(agrees(value, abs(1 - 0.55) / 2))
    }
    // 0.2 is an edge as it stands.
    let right = try ExpectedCalibrationError().value(uncertainty: [-0.2, -0.25], quality: [0, 1])
    #expect(agrees(right, (0.2 + 0.75) / 2))
    let left = try Self.make(ExpectedCalibrationError.self, ["bins": ["closure": "left"]])
      .value(uncertainty: [-0.2, -0.25], quality: [0, 1])
    #expect(agrees(left, abs(1 - 0.45) / 2))
  }

  @Test func whatLiesOutsideIsRefusedDroppedOrMoved() throws {
    let (u, a) = ([-1.5, -0.5, 0.25], [1.0, 1, 0])
    #expect(throws: EvaluationError.self) {
      try ExpectedCalibrationError().value(uncertainty: u, quality: a)
    }
    let dropped = try Self.make(
      ExpectedCalibrationError.self, ["bins": ["outOfRange": "dropped"]])
    #expect(agrees(try dropped.value(uncertainty: u, quality: a), 0.5 / 3))
    let clipped = try Self.make(
      ExpectedCalibrationError.self, ["bins": ["outOfRange": "clipped"]])
    #expect(agrees(try clipped.value(uncertainty: u, quality: a), 0.5 / 3))
    let complement = try Self.make(BrierScore.self, ["confidence": "complement"])
    #expect(agrees(try complement.value(uncertainty: [0.25, 0.5], quality: [1, 1]), 0.3125 / 2))
    #expect(throws: EvaluationError.self) {
      try BrierScore().value(uncertainty: [0.25, 0.5], quality: [1, 1])
    }
    #expect(throws: EvaluationError.self) {
      try BrierScore().value(uncertainty: [-0.25, -0.5], quality: [1, 2])
    }
  }

  /// Oracle: scikit-learn's `IsotonicRegression(out_of_bounds="clip").predict` on other confidences.
  @Test func isotonicCalibrationPredictsWhatScikitLearnDoes() throws {
    let goldens = try UncertaintyGoldens.read()
    let fit = try IsotonicCalibration(
      uncertainty: goldens.inputs.tied, quality: goldens.inputs.correct)
    let expected = goldens.outputs.isotonic
    for (confidence, probability) in zip(expected.confidence, expected.probability) {
      #expect(abs(fit.probability(at: -confidence) - probability) < 1e-12)
    }
    #expect(fit.uncertainties == fit.uncertainties.sorted())
    #expect(fit.probabilities == fit.probabilities.sorted(by: >))
    #expect(try roundTripped(fit) == fit)
    // On the answers it was fitted to, the Brier score of its probabilities is the in-sample one.
    let calibrated = try fit.calibrated(goldens.inputs.tied)
    let brier = try BrierScore().value(uncertainty: calibrated, quality: goldens.inputs.correct)
    let inSample = try IsotonicBrierScore().value(
      uncertainty: goldens.inputs.tied, quality: goldens.inputs.correct)
    #expect(agrees(brier, try #require(inSample.finiteValue)))
  }

  @Test func aCalibrationThatIsNoneIsNotRead() {
    let texts = [
      #"{"uncertainties":[],"probabilities":[]}"#,
      #"{"uncertainties":[1,0],"probabilities":[0.5,0.25]}"#,
      #"{"uncertainties":[0,1],"probabilities":[0.25,0.5]}"#,
      #"{"uncertainties":[0,1],"probabilities":[1.5,0.5]}"#,
      #"{"uncertainties":[0,1],"probabilities":[0.5]}"#,
    ]
    for text in texts {
      #expect(throws: DecodingError.self) { try decoded(text, as: IsotonicCalibration.self) }
    }
  }

  // MARK: - Curves and ties

  @Test func theCurveIsWhatTheAreaIsMadeOf() throws {
    let (u, a) = drawn(40, levels: 4, seed: 9)
    let curve = try RejectionCurve(uncertainty: u, quality: a)
    #expect(curve.points.map(\.keptCount) == (1...40).reversed())
    #expect(curve.points[0].rejectedShare == 0)
    #expect(abs(curve.points[0].meanQuality - a.reduce(0, +) / 40) < 1e-14)
    #expect(curve.points[39].rejectedShare == 39.0 / 40)
    let means = curve.points.map(\.meanQuality)
    let area = (means.reduce(0, +) - 0.5 * (means[0] + means[39])) / 39
    #expect(agrees(try AreaUnderAccuracyRejection().value(uncertainty: u, quality: a), area))
    let best = try RejectionCurve.oracle(of: a)
    for (found, most) in zip(curve.points, best.points) {
      #expect(found.meanQuality <= most.meanQuality + 1e-14)
    }
  }

  @Test func tiesAreCounted() throws {
    let ties = try TieDiagnostics([1, 2, 2, 3, 3, 3, 4, 0])
    #expect(ties.groupCount == 2 && ties.largestGroup == 3 && ties.tiedCount == 5)
    #expect(ties.tiedShare == 5.0 / 8)
    #expect(
      ties.flag?.rawValue == "tied-scores: 5 of 8 answers in 2 groups, the largest of 3")
    let none = try TieDiagnostics([0.5, 1, -0.25])
    #expect(none.flag == nil && none.largestGroup == 1 && none.tiedShare == 0)
  }
}
