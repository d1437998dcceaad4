public import Activations
public import Evaluation

/// Polarity-aware contrast-consistent search (PA-CCS): contrast-consistent search on statements that come
/// with their opposites, measured by how the answers to the two fit together.
///
/// The probe that is trained is that of ``ContrastConsistentSearch``. What is new is what is asked of
/// it: every sample A has an opposite Ā, another sample that states the reverse, and a probe that has found
/// what the statements say should answer Yes to one of the two and No to the other. The measures of that
/// are ``PolarityMetric``; <doc:ProbingPolarity> says what they show, what they cannot see, and what
/// the published centring does to them.
///
/// The score of a sample is that of ``ContrastConsistentSearch``. Without labels everything is measured
/// but the accuracies and the ideal distance; which member of a pair is then called A is of no account,
/// because the other measures treat the two alike.
///
/// The defaults are those of the released code, except that training and test data are normalised by the
/// same statistics; ``variants`` has the code's own ways.
///
/// Sadiekh, Ericheva & Agarwal (2026), AAAI 40(44); the formulas are those of its released code.
public struct PolarityAwareCCS: Probe, Equatable {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "polarity-aware-ccs"
  /// One line of help.
  public static let summary =
    "contrast-consistent search on statements and their opposites (PA-CCS)"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Sadiekh, Ericheva & Agarwal", year: 2026,
    title: "Polarity-Aware Probing for Quantifying Latent Alignment in Language Models",
    link: "https://arxiv.org/abs/2511.21737")
  /// The kinds of data that the probe reads.
  public static let accepts: Set<ProbeInput> = [.contrastPairs]
  /// Whether the probe sees labels: only where ``labelWeight`` asks for it.
  public static let supervision = Supervision.none
  /// Whether the probe reads the opposite of each sample.
  public static let needsOpposites = true

  /// How many random starts are trained.
  ///
  /// More find a lower loss more surely, at proportional cost.
  public var tries = 10
  /// How many passes over the training pairs each start gets.
  public var epochs = 1500
  /// AdamW's step size.
  public var learningRate = 0.015
  /// AdamW's decoupled weight decay.
  public var weightDecay = 0.01
  /// Whether weight decay also shrinks the bias, as PyTorch's AdamW does.
  public var biasDecay = true
  /// Where the starts come from.
  public var initialization = ContrastConsistentSearch.Initialization.uniformLinear
  /// The form of the confidence term.
  public var confidenceTerm = ConfidenceTerm.minimum
  /// The loss by which the best start is chosen.
  public var lossSelection = ContrastConsistentSearch.LossSelection.postTrainingFullData
  /// Which side of one half counts as "the positive side is true"; the released code has the opposite.
  ///
  /// With a ``labelWeight`` it also decides which answer label 1 is trained towards: Yes by
  /// `positive-below-half`, No by `positive-above-half`.
  public var ensembleThreshold = ContrastConsistentSearch.EnsembleThreshold.positiveBelowHalf
  /// How the sign, which the loss cannot tell, is settled.
  public var orientation = OrientationRule.unresolved
  /// λ, how much the labels of the training samples count: + λ · cross-entropy of score and label.
  ///
  /// 0 is the method without labels. With more the probe is a supervised one, whose sign is known;
  /// large values leave little of the contrast-consistent loss.
  public var labelWeight = 0.0
  /// How activations are normalised; by default every row is scaled to norm 1, and each side then loses
  /// its training mean.
  public var normalization = Normalization(rowNorm: .l2)
  /// Whether the training rows lose a mean once more, which the rows that are scored keep.
  public var doubleCentering = DoubleCentering.off
  /// What the pair measures centre the activations by.
  public var metricCentering = MetricCentering.trainStatistics

  /// Creates the method with its published defaults.
  public init() {}

  /// Whether training rows are centred again.
  public enum DoubleCentering: String, Sendable, Codable, CaseIterable {
    /// They are not: training and scoring see the same activations.
    case off
    /// Each side of the training rows, once normalised, loses its own mean, as in the constructor of the
    /// released code. Rows that are scored do not, so that the two are offset wherever
    /// ``PolarityAwareCCS/normalization`` does not subtract that mean itself.
    case constructorOnly = "constructor-only"
  }

  /// What the activations are centred by when ``PolarityMetric`` measures pairs of opposites.
  public enum MetricCentering: String, Sendable, Codable, CaseIterable {
    /// By the training statistics, as everywhere else.
    case trainStatistics = "train-statistics"
    /// Each of the four subsets of the measured pairs (A and Ā, Yes and No) by its own mean, as in the
    /// released code. That takes away the mean difference between the two labels, which is what a
    /// probe is meant to find, and so largely measures what is left within each label.
    ///
    /// It needs labels, which tell A from Ā. The means of the normalisation do not matter under it: what
    /// is subtracted from a whole side goes again.
    case perSubset = "per-subset"
  }
}

extension PolarityAwareCCS {
  /// Whether these settings let the training labels into the loss.
  public var learnsFromLabels: Bool { labelWeight > 0 }

  /// The method with a fifth of its tries: controls refit five times.
  public var forControlRefits: PolarityAwareCCS {
    var refitted = self
    refitted.tries = search.forControlRefits.tries
    return refitted
  }

  /// The search that trains the probe.
  var search: ContrastConsistentSearch {
    var search = ContrastConsistentSearch()
    search.tries = tries
    search.epochs = epochs
    search.learningRate = learningRate
    search.weightDecay = weightDecay
    search.biasDecay = biasDecay
    search.initialization = initialization
    search.confidenceTerm = confidenceTerm
    search.lossSelection = lossSelection
    search.ensembleThreshold = ensembleThreshold
    search.orientation = orientation
    search.normalization = normalization
    return search
  }
}
