public import Activations
public import Evaluation

/// What a probe reads.
public enum ProbeInput: String, Sendable, Codable, CaseIterable {
  /// A positive and a negative side per sample: the roles `positive` and `negative`.
  case contrastPairs = "contrast-pairs"
  /// One activation per sample: the role `activations`.
  case rows

  /// The roles of a dump that hold it, in words.
  var roles: String {
    switch self {
    case .contrastPairs: "positive and negative"
    case .rows: "activations"
    }
  }
}

/// Whether a probe sees labels.
public enum Supervision: String, Sendable, Codable {
  /// Never.
  case none
  /// It learns from the training labels.
  case labels
}

/// How the sign of an unsupervised probe is settled.
public enum OrientationRule: String, Sendable, Codable, CaseIterable {
  /// Not at all: accuracy and AUROC are folded, max(a, 1 − a), and say so.
  case unresolved
  /// By the training labels: the sign that makes training accuracy at least one half.
  case trainLabels = "train-labels"
  /// By a logistic fit of the training labels on the scores, which also calibrates them.
  case platt
}

/// The activations that a probe learns from or scores.
public enum ProbeData: Sendable {
  /// Contrast pairs.
  case pairs(ContrastPairs)
  /// Labelled rows.
  case rows(LabelledActivations)

  /// What kind of data this is.
  public var input: ProbeInput {
    switch self {
    case .pairs: .contrastPairs
    case .rows: .rows
    }
  }

  /// How many samples there are.
  public var sampleCount: Int {
    switch self {
    case .pairs(let pairs): pairs.count
    case .rows(let rows): rows.count
    }
  }

  /// How many features a sample has.
  public var width: Int {
    switch self {
    case .pairs(let pairs): pairs.width
    case .rows(let rows): rows.width
    }
  }

  /// The class of each sample, where the dump has labels.
  public var labels: [Int]? {
    switch self {
    case .pairs(let pairs): pairs.labels
    case .rows(let rows): rows.labels
    }
  }

  /// The category of each sample, where the dump has categories.
  public var categories: [Int]? {
    switch self {
    case .pairs(let pairs): pairs.categories
    case .rows(let rows): rows.categories
    }
  }

  /// The same activations with other labels, for controls.
  ///
  /// - Parameter labels: One label a sample.
  /// - Returns: The relabelled data.
  package func relabelled(_ labels: [Int]) -> ProbeData {
    switch self {
    case .pairs(var pairs):
      pairs.labels = labels
      return .pairs(pairs)
    case .rows(var rows):
      rows.labels = labels
      return .rows(rows)
    }
  }

  /// The group of each sample.
  public var groups: [Int] {
    switch self {
    case .pairs(let pairs): pairs.groups
    case .rows(let rows): rows.groups
    }
  }

  /// The sample numbers in the dump.
  public var samples: [Int] {
    switch self {
    case .pairs(let pairs): pairs.rows
    case .rows(let rows): rows.rows
    }
  }
}

/// Learns a map from an activation, or a pair of them, to a score.
///
/// A conforming type holds hyperparameters only, with the published defaults; what is learned lives in
/// ``Fitted``. To add a probe, write one file and add it to ``ProbeCatalog/all``.
public protocol Probe: CatalogEntry {
  /// What fitting yields.
  associatedtype Fitted: FittedProbe
  /// The kinds of data that the probe can read, any one of which is enough.
  static var accepts: Set<ProbeInput> { get }
  /// Whether the probe sees labels.
  static var supervision: Supervision { get }
  /// How activations are normalised, by training statistics.
  var normalization: Normalization { get }

  /// Fits the probe.
  ///
  /// - Parameters:
  ///   - data: The raw training activations; normalisation is part of the fit.
  ///   - seed: The seed of the run. The same seed, data and layer give the same bytes.
  ///   - layer: The layer's number, which names the probe's stream of random numbers.
  /// - Returns: The fitted probe, which holds no reference to the data.
  /// - Throws: ``ProbeError`` if the data cannot be fitted.
  func fit(_ data: consuming ProbeData, seed: UInt64, layer: Int) throws(ProbeError) -> Fitted
}

/// What a probe has learned: it scores, it saves, and it says how far to trust it.
public protocol FittedProbe: Sendable, Codable, Equatable {
  /// Scores above this say label 1.
  var threshold: Double { get }
  /// Whether the sign of the scores is known. If not, accuracy and AUROC are folded.
  var isOriented: Bool { get }
  /// What was wrong or remarkable about the fit.
  var flags: [Flag] { get }

  /// One score a sample, higher for label 1.
  ///
  /// - Parameter data: Raw activations; the probe normalises them by its training statistics.
  /// - Returns: `data.sampleCount` finite scores.
  /// - Throws: ``ProbeError`` if the data do not fit the probe.
  func scores(_ data: consuming ProbeData) throws(ProbeError) -> [Double]

  /// What else the method measures on held-out data, beyond accuracy and AUROC.
  ///
  /// - Parameter data: Raw activations.
  /// - Returns: Any number of metrics; the default is none.
  /// - Throws: ``ProbeError`` if the data do not fit the probe.
  func metrics(on data: consuming ProbeData) throws(ProbeError) -> [ProbeMetric]
}

extension FittedProbe {
  /// Nothing beyond accuracy and AUROC.
  ///
  /// - Parameter data: Raw activations, which are not looked at.
  /// - Returns: No metric.
  public func metrics(on data: consuming ProbeData) -> [ProbeMetric] { [] }
}

/// A number, or one number a sample, that a fitted probe measures of itself.
public struct ProbeMetric: Sendable, Equatable {
  /// The metric's name in records, in kebab case.
  public var metric: String
  /// The measured values: one a sample, whose mean is the metric, or a single one.
  public var values: Values
  /// The value that a probe without any signal would have, where there is one.
  public var chance: Double?
  /// Which direction is better, where one is.
  public var betterWhen: Preference?

  /// One number or one a sample.
  public enum Values: Sendable, Equatable {
    /// One number a sample; the metric is their mean, with an interval by group.
    case perSample([Double])
    /// One number for the whole, without an interval.
    case single(Double)
  }

  /// Creates a metric.
  ///
  /// - Parameters:
  ///   - metric: The name in records.
  ///   - values: One number, or one a sample.
  ///   - chance: The value without signal.
  ///   - betterWhen: The better direction.
  public init(
    _ metric: String, _ values: Values, chance: Double? = nil, betterWhen: Preference? = nil
  ) {
    self.metric = metric
    self.values = values
    self.chance = chance
    self.betterWhen = betterWhen
  }
}

/// Names the independent streams of random numbers.
package enum RandomPurpose: UInt64 {
  case initialization = 1
  case batchOrder = 2
  case randomDirections = 3
  case split = 4
  case bootstrap = 5
  case permutation = 6
  case shuffledLabels = 7
}
