/// How activations are normalised before a probe sees them: settings only.
///
/// The steps come in this order, each side of a contrast pair by itself: every row is scaled (``rowNorm``),
/// a centre is subtracted (``center``), and what is left is divided by a scale (``scale``). What is
/// fitted on training data is applied unchanged to test data; the references' other habit is
/// ``Statistics/test``.
public struct Normalization: Codable, Equatable, Sendable {
  /// What is done to each row by itself.
  public enum RowNorm: String, CaseIterable, Codable, Sendable {
    /// Nothing.
    case none
    /// Division by the row's Euclidean norm. A row of zeros stays as it is, and is counted.
    case l2
  }

  /// What is subtracted from each feature.
  public enum Center: String, CaseIterable, Codable, Sendable {
    /// Nothing.
    case none
    /// The mean, as Burns et al. do.
    case mean
    /// The median, as the released PA-CCS notebook does after `l2`.
    case median
  }

  /// Over which rows centre and scale are taken.
  public enum Scope: String, CaseIterable, Codable, Sendable {
    /// All rows.
    case all
    /// The rows of each category by themselves: prompt templates, so that a template's own offset
    /// goes.
    case perCategory = "per-category"
  }

  /// What centred activations are divided by.
  public enum Scale: String, CaseIterable, Codable, Sendable {
    /// Nothing.
    case none
    /// For each feature, its standard deviation (divisor n) plus ``Normalization/epsilon``.
    case standardDeviation = "standard-deviation"
    /// One number for both sides: the mean over pairs of the norm of both centred sides together,
    /// divided by the root of their 2d features, as Exhaustive-CCS does on its concatenated
    /// representation. With one side, the mean norm divided by √d.
    case meanNorm = "mean-norm"
  }

  /// From which rows the statistics come.
  public enum Statistics: String, CaseIterable, Codable, Sendable {
    /// From the training rows, for every row.
    case train
    /// From the very rows that are normalised, as Burns' code does. Test results then depend on which
    /// other rows are tested, and one row alone would become zero, so that it is refused.
    case test
  }

  /// What is done to each row by itself.
  public var rowNorm: RowNorm
  /// What is subtracted from each feature.
  public var center: Center
  /// Over which rows centre and scale are taken.
  public var scope: Scope
  /// What centred activations are divided by.
  public var scale: Scale
  /// What is added to a standard deviation.
  ///
  /// 0 keeps it exact, but then refuses a constant feature; Burns
  /// uses 0, the PA-CCS code 1e-6.
  public var epsilon: Double
  /// From which rows the statistics come.
  public var statistics: Statistics

  /// Settings, by default the mean per side from training data.
  ///
  /// - Parameters:
  ///   - rowNorm: what is done to each row by itself.
  ///   - center: what is subtracted.
  ///   - scope: over which rows centre and scale are taken.
  ///   - scale: what is divided by.
  ///   - epsilon: what is added to a standard deviation; with 0 a feature that is constant in training
  ///     is refused, with more it would be blown up in any other data.
  ///   - statistics: from which rows the statistics come.
  public init(
    rowNorm: RowNorm = .none, center: Center = .mean, scope: Scope = .all, scale: Scale = .none,
    epsilon: Double = 0, statistics: Statistics = .train
  ) {
    self.rowNorm = rowNorm
    self.center = center
    self.scope = scope
    self.scale = scale
    self.epsilon = epsilon
    self.statistics = statistics
  }

  /// Settings that change nothing.
  public static let identity = Normalization(center: .none)
}
