public import Activations
public import Evaluation
internal import LinearAlgebra
internal import Optimization

/// Contrast-consistent search: finds, without labels, a direction along which a statement and its
/// negation get opposite answers.
///
/// Each side is normalised by statistics of its own. A probe p(x) = σ(w·x + b), or one with a hidden
/// layer, is trained from several random starts to make the contrast-consistent loss small
/// (<doc:FindingContrastConsistency> has its form): p⁺ + p⁻ = 1, and one of the two near zero. The start
/// with the smallest loss is kept; labels never choose it.
///
/// The score of a pair is 1 − q = (p⁺ + 1 − p⁻)/2 in [0, 1], the probability that the positive side is
/// the true one, up to the sign that the method cannot know: see ``orientation``.
///
/// Burns, Ye, Klein & Steinhardt (2023), section 2.2. The settings that differ between published
/// implementations are named here, and ``Compatibility`` has the bundles.
public struct ContrastConsistentSearch: Probe, Equatable {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "contrast-consistent-search"
  /// One line of help.
  public static let summary =
    "unsupervised direction on which a statement and its negation disagree (CCS)"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Burns, Ye, Klein & Steinhardt", year: 2023,
    title: "Discovering Latent Knowledge in Language Models Without Supervision",
    link: "https://arxiv.org/abs/2212.03827", locator: "section 2.2")
  /// The kinds of data that the probe reads.
  public static let accepts: Set<ProbeInput> = [.contrastPairs]
  /// Whether the probe sees labels.
  public static let supervision = Supervision.none
  /// The search by another optimiser, which finds other directions: <doc:WhyDirectionsDiffer>.
  public static let variants = [
    MethodVariant(
      "lbfgs",
      summary: "the same loss minimised by L-BFGS to its end: another estimator, no epochs",
      overrides: ["optimizer": "lbfgs"])
  ]

  /// Whether the probe is linear or has one hidden layer.
  public var probe = Architecture.linear
  /// How many hidden units a multilayer probe has.
  public var hiddenWidth = 100
  /// How many random starts are trained.
  ///
  /// More find a lower loss more surely, at proportional cost.
  public var tries = 10
  /// What minimises the loss.
  ///
  /// The two find different directions, and neither stands for the other: <doc:WhyDirectionsDiffer>.
  public var optimizer = Optimizer.adamW
  /// How many passes over the training pairs each start gets; with L-BFGS, how many steps at most.
  public var epochs = 1000
  /// λ of the penalty λ (‖w‖² + b²) that L-BFGS adds to the loss; AdamW has weight decay instead.
  ///
  /// Higher keeps probabilities away from 0 and 1 and the direction near the bulk of the pairs. The tries
  /// are compared without it.
  public var penalty = 0.0
  /// How many of L-BFGS' steps come first with a penalty on large logits.
  ///
  /// A long first step can leave a pair with both of its answers far on the wrong side, where the
  /// sigmoid is flat and no later step brings it back. The penalty keeps logits small until the pairs
  /// have found their sides, and is then dropped. 0 is without.
  public var warmUpSteps = 10
  /// Whether L-BFGS works in the span of the training rows where that is narrower than they are.
  ///
  /// The result is the same to rounding. With a penalty, the part of a start outside of the span is left
  /// out, which is zero at every minimum; without one it stays as it is.
  public var reducesRank = false
  /// AdamW's step size.
  ///
  /// Burns' code has 1e-3; the original paper's and later work 1e-2.
  public var learningRate = 1e-2
  /// AdamW's decoupled weight decay.
  public var weightDecay = 0.01
  /// Whether weight decay also shrinks the bias, as PyTorch's AdamW does.
  public var biasDecay = true
  /// How many pairs a step sees; 0 is all of them.
  public var batchSize = 0
  /// What becomes of the pairs left over when the batch size does not divide their number.
  public var batchRemainder = BatchRemainder.keep
  /// Where the starts come from.
  public var initialization = Initialization.uniformLinear
  /// The form of the confidence term.
  public var confidenceTerm = ConfidenceTerm.minimum
  /// The loss by which the best start is chosen.
  public var lossSelection = LossSelection.postTrainingFullData
  /// Which side of one half counts as "the positive side is true".
  public var ensembleThreshold = EnsembleThreshold.positiveBelowHalf
  /// How the sign, which the loss cannot tell, is settled.
  public var orientation = OrientationRule.unresolved
  /// How activations are normalised; by default each side loses its training mean.
  public var normalization = Normalization()

  /// Creates the method with its published defaults.
  public init() {}

  /// The kind of network.
  public enum Architecture: String, Sendable, Codable, CaseIterable {
    /// One weight per feature and a bias.
    case linear
    /// One hidden layer of rectified linear units.
    case multilayer
  }

  /// What minimises the loss.
  public enum Optimizer: String, Sendable, Codable, CaseIterable {
    /// A fixed number of steps by AdamW, as published.
    case adamW = "adamw"
    /// Limited-memory BFGS until the loss is at a minimum, as in elk.
    case lbfgs
  }

  /// What to do with pairs that do not fill a batch.
  public enum BatchRemainder: String, Sendable, Codable, CaseIterable {
    /// They form a smaller last batch.
    case keep
    /// They are never seen, as in Burns' code.
    case drop
  }

  /// Where starting weights come from.
  public enum Initialization: String, Sendable, Codable, CaseIterable {
    /// Weights and bias uniform in ±1/√(inputs): PyTorch's linear layer.
    case uniformLinear = "uniform-linear"
    /// Weights and bias together uniform on the unit sphere: the original paper's code.
    case spherical
    /// The leading principal component of the training differences; one start only.
    case principalComponent = "principal-component"
    /// Weights normal with deviation 1/√(inputs), cut at ±2 as PyTorch's `trunc_normal_` does by default,
    /// which is far out; no bias.
    case truncatedNormal = "truncated-normal"
  }

  /// The loss that compares starts.
  public enum LossSelection: String, Sendable, Codable, CaseIterable {
    /// The loss over all training pairs after the last step.
    case postTrainingFullData = "post-training-full-data"
    /// The loss of the last batch before the last step, as Burns' code returns it.
    case preStepLastBatch = "pre-step-last-batch"
  }

  /// The two opposite conventions for reading q = (p⁻ + 1 − p⁺)/2.
  public enum EnsembleThreshold: String, Sendable, Codable, CaseIterable {
    /// q below one half means that the positive side is true: Burns.
    case positiveBelowHalf = "positive-below-half"
    /// q above one half means it: the polarity-aware code.
    case positiveAboveHalf = "positive-above-half"
  }
}

extension ContrastConsistentSearch {
  /// The method with a fifth of its tries: controls refit five times.
  public var forControlRefits: ContrastConsistentSearch {
    var refitted = self
    refitted.tries = max(1, tries / 5)
    return refitted
  }

  var network: ProbeArchitecture {
    switch probe {
    case .linear: .linear
    case .multilayer: .multilayer(hiddenWidth: hiddenWidth)
    }
  }

  /// Refuses settings that no training run could honour.
  func validate(pairCount: Int, method: String) throws(ProbeError) {
    func require(_ condition: Bool, _ name: String, _ value: String, _ expected: String)
      throws(ProbeError)
    {
      guard condition else {
        throw .invalidSetting(method: method, name: name, value: value, expected: expected)
      }
    }
    try require(1...100_000 ~= tries, "tries", "\(tries)", "1 to 100000")
    try require(epochs >= 1, "epochs", "\(epochs)", "at least 1")
    try require(
      1...65_536 ~= hiddenWidth, "hiddenWidth", "\(hiddenWidth)", "1 to 65536")
    try require(
      learningRate > 0 && learningRate.isFinite, "learningRate", "\(learningRate)",
      "a positive number")
    try require(
      weightDecay >= 0 && learningRate * weightDecay < 1, "weightDecay", "\(weightDecay)",
      "0 or more, and less than 1/learningRate")
    try require(
      batchSize >= 0, "batchSize", "\(batchSize)", "0 for all pairs, or a positive number")
    try require(
      batchRemainder == .keep || batchSize <= pairCount, "batchSize", "\(batchSize)",
      "at most the \(pairCount) training pairs while batchRemainder is drop")
    try require(warmUpSteps >= 0, "warmUpSteps", "\(warmUpSteps)", "0 or more")
    try require(penalty >= 0 && penalty.isFinite, "penalty", "\(penalty)", "0 or more")
    switch optimizer {
    case .adamW:
      try require(
        penalty == 0, "penalty", "\(penalty)",
        "0, since AdamW has weightDecay instead; or set optimizer to lbfgs")
    case .lbfgs:
      try require(
        probe == .linear, "probe", probe.rawValue,
        "linear while optimizer is lbfgs; adamw trains multilayer probes")
      try require(
        batchSize == 0 || batchSize >= pairCount, "batchSize", "\(batchSize)",
        "0 while optimizer is lbfgs, which needs all pairs in every step")
      try require(
        lossSelection == .postTrainingFullData, "lossSelection", lossSelection.rawValue,
        "\(LossSelection.postTrainingFullData.rawValue) while optimizer is lbfgs, which has no "
          + "last batch")
    }
    if initialization == .principalComponent {
      try require(
        probe == .linear, "initialization", initialization.rawValue,
        "another start for a multilayer probe")
      try require(
        tries == 1, "tries", "\(tries)",
        "1, since a principal-component start is the same for every try")
    }
  }

  /// The row ranges that one epoch visits.
  func batches(pairCount: Int) -> [Range<Int>] {
    guard batchSize > 0, batchSize < pairCount else { return [0..<pairCount] }
    let ranges = stride(from: 0, to: pairCount, by: batchSize).map {
      $0..<min($0 + batchSize, pairCount)
    }
    return batchRemainder == .drop ? ranges.filter { $0.count == batchSize } : ranges
  }
}
