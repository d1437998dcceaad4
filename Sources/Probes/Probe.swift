public import Activations
public import Evaluation

/// Whether a probe sees labels.
public enum Supervision: String, Sendable, Codable {
  /// Never.
  case none
  /// It learns from the training labels.
  case labels
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
  /// Whether the probe measures pairs of opposites: the role `opposites`.
  static var needsOpposites: Bool { get }
  /// Whether the fit sees labels with these settings, beyond the sign of the scores.
  var learnsFromLabels: Bool { get }
  /// The method as a control refits it several times: the same, with fewer random starts where it has
  /// any, so that the refits together cost about as much as the fit that they control.
  var forControlRefits: Self { get }
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

extension Probe {
  /// No.
  public static var needsOpposites: Bool { false }
  /// As ``supervision`` says.
  public var learnsFromLabels: Bool { Self.supervision == .labels }
  /// The method itself.
  public var forControlRefits: Self { self }
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
