/// The names in records of what probes measure beyond accuracy, AUROC and loss.
extension ProbeMetric {
  /// How many iterations the optimiser took for the chosen try.
  public static let iterations = "iterations"
  /// How consistently a probe answers a statement and its opposite.
  public static let polarConsistency = "polar-consistency"
  /// How far a probe gives the same answer to a statement and its opposite.
  public static let contradictionIndex = "contradiction-index"
  /// The median size of the disagreement about a statement and its opposite.
  public static let absoluteAgreement = "absolute-agreement"
  /// How far the four answers about a pair of opposites are from the ideal ones.
  public static let idealDistance = "ideal-distance"
  /// The share of statements on the right side of one half, the better of both orientations.
  public static let empiricalSeparationAccuracy = "empirical-separation-accuracy"
}
