public import Evaluation

extension PolarityAwareCCS {
  /// The ways in which the released code centres activations, one for each of its modes.
  ///
  /// All of them centre the training rows a second time, measure pairs with each subset centred by itself,
  /// and read q above one half as label 1. <doc:ProbingPolarity> says what each does to training and
  /// test data.
  public static var variants: [MethodVariant] {
    [
      released(
        "released-mean", rowNorm: "none", center: "mean",
        "the training mean of each side, so that centring it again changes nothing"),
      released(
        "released-median", rowNorm: "none", center: "median",
        "the training median of each side; scored rows keep mean − median"),
      released(
        "released-l2", rowNorm: "l2", center: "none",
        "norm 1 and no centre; scored rows keep the mean of each side"),
      released(
        "released-raw", rowNorm: "none", center: "none",
        "nothing; scored rows keep the mean of each side"),
      releasedNotebook,
    ]
  }

  /// What the released notebook does to activations, and found best.
  static let releasedNotebook = released(
    "released-l2-median", rowNorm: "l2", center: "median",
    "norm 1, then the training median, which the notebook found best")

  private static func released(
    _ name: String, rowNorm: SettingValue, center: SettingValue, _ summary: String
  ) -> MethodVariant {
    MethodVariant(
      name, summary: "as released: \(summary)",
      overrides: [
        "normalization.rowNorm": rowNorm, "normalization.center": center,
        "doubleCentering": "constructor-only", "metricCentering": "per-subset",
        "ensembleThreshold": "positive-above-half",
      ])
  }
}
