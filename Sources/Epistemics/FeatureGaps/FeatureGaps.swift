public import Evaluation

/// Uncertainty from the states that an ideal prompt would have changed: a dot product for each of a few
/// features, and a logistic regression of them.
///
/// A feature, such as honesty, is given by contrasts: the same answers read under two prompts. At each layer the
/// contrasts have a direction, and an answer's score is how far its state, under the standard prompt, lies along
/// it. Labelled answers choose for each feature the layer and the sign, and a logistic regression makes one
/// confidence of the features' scores. The article <doc:LearningFeatureGaps> has the definition and what it leaves open.
///
/// The type holds settings only; ``fit(contrasts:validation:seed:)`` learns.
public struct FeatureGaps: CatalogEntry, Equatable {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "feature-gaps"
  /// One line of help.
  public static let summary =
    "a logistic regression of how far an answer's states lie along the directions of a few features"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Bakman et al.", year: 2025,
    title:
      "Uncertainty as Feature Gaps: Epistemic Uncertainty Quantification of LLMs in Contextual "
      + "Question-Answering",
    link: "https://arxiv.org/abs/2510.02671", locator: "and the code released with it")
  /// The named definitions beside the default one.
  public static let variants = [
    MethodVariant(
      "paper", summary: "as released: ignored layers count as 0, and samples may be used twice",
      overrides: ["ignoredLayers": "score-zero", "split": "paper"]),
    MethodVariant(
      "difference-of-means", summary: "directions from the mean of the contrasts (a control)",
      overrides: ["direction": "difference-of-means"]),
    MethodVariant(
      "random-direction", summary: "directions drawn at random (a control)",
      overrides: ["direction": "random"]),
    MethodVariant(
      "standardized",
      summary: "scores have variance 1 before the regression, so that its penalty is "
        + "free of scale", overrides: ["standardize": true]),
  ]

  /// What the direction of a feature is.
  public enum Direction: String, Sendable, Codable, CaseIterable {
    /// The leading principal component of the contrasts less their mean, as released: the direction of
    /// largest *variation* of the contrast.
    case principalComponent = "principal-component"
    /// The mean contrast at length 1.
    case differenceOfMeans = "difference-of-means"
    /// Uniform on the sphere, another one for each feature, layer and seed.
    case random
  }

  /// What becomes of the first layers.
  public enum IgnoredLayers: String, Sendable, Codable, CaseIterable {
    /// They cannot be chosen.
    case excluded
    /// They count with a prediction rejection ratio of 0 and sign 1, as released: layer 0 is chosen if no
    /// other layer is above 0.
    case scoreZero = "score-zero"
  }

  /// Which samples may serve twice.
  public enum Split: String, Sendable, Codable, CaseIterable {
    /// Directions, validation and test have samples of their own; layers, signs and regression share those
    /// of validation.
    case leakFree = "leak-free"
    /// As ``leakFree``, and the regression has validation samples that chose neither layers nor signs.
    case separateRegression = "separate-regression"
    /// Any sample may serve for anything, as released; results say so.
    case paper
  }

  /// What the direction of a feature is.
  public var direction = Direction.principalComponent
  /// How many of the first layers are ignored, embeddings included.
  ///
  /// 7 as released, for models of 33 layers and more; shallow models need fewer.
  public var ignoredLayerCount = 7
  /// What becomes of them.
  public var ignoredLayers = IgnoredLayers.excluded
  /// Whether scores are centred and scaled to variance 1 before the regression.
  public var standardize = false
  /// C of ½‖w‖² + C · Σ ℓ; lower is a stronger penalty.
  ///
  /// The intercept is not penalised.
  public var inversePenalty = 1.0
  /// How many steps the regression may take.
  public var maximumIterationCount = 200
  /// Which samples may serve twice.
  public var split = Split.leakFree

  /// Creates the method with its published defaults, but for samples that serve twice and layer 0.
  public init() {}

  /// Refuses settings that no fit can have.
  func check() throws(EpistemicsError) {
    func refuse(_ name: String, _ value: String, _ expected: String) -> EpistemicsError {
      .evaluation(
        .invalidSetting(method: Self.identifier, name: name, value: value, expected: expected))
    }
    guard ignoredLayerCount >= 0 else {
      throw refuse("ignoredLayerCount", "\(ignoredLayerCount)", "0 or more")
    }
    guard inversePenalty > 0, inversePenalty.isFinite else {
      throw refuse("inversePenalty", "\(inversePenalty)", "a finite number above 0")
    }
    guard maximumIterationCount > 0 else {
      throw refuse("maximumIterationCount", "\(maximumIterationCount)", "1 or more")
    }
  }
}
