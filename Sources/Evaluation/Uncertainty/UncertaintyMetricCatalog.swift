internal import TextSuggestions

/// Every metric of uncertainties that a recipe or the command line can name.
public enum UncertaintyMetricCatalog {
  /// The metrics, in the order in which help lists them.
  public static let all: [any UncertaintyMetric.Type] = [
    PredictionRejectionRatio.self, UncertaintyAreaUnderROC.self, AreaUnderPrecisionRecall.self,
    AreaUnderAccuracyRejection.self, RejectionAccuracy.self, AreaUnderRiskCoverage.self,
    ExcessAreaUnderRiskCoverage.self, ConcordanceIndex.self, ReversedPairsProportion.self,
    KendallTauB.self, SpearmanCorrelation.self, BestBalancedAccuracy.self, TruePositiveRate.self,
    ExpectedCalibrationError.self, EqualMassCalibrationError.self, MaximumCalibrationError.self,
    BrierScore.self, IsotonicBrierScore.self,
  ]

  /// The names of all metrics.
  public static var identifiers: [String] { all.map { $0.identifier } }

  /// The metric of a name.
  ///
  /// - Parameter identifier: A name such as `prediction-rejection-ratio`.
  /// - Returns: The metric's type.
  /// - Throws: ``EvaluationError/unknownMetric(name:suggestion:known:)``.
  public static func metric(
    named identifier: String
  ) throws(EvaluationError) -> any UncertaintyMetric.Type {
    for type in all where type.identifier == identifier { return type }
    throw .unknownMetric(
      name: identifier, suggestion: Suggestion.nearest(to: identifier, among: identifiers),
      known: identifiers)
  }
}
