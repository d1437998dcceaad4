/// How the sign of an unsupervised probe is settled.
public enum OrientationRule: String, Sendable, Codable, CaseIterable {
  /// Not at all: accuracy and AUROC are folded, max(a, 1 − a), and say so.
  case unresolved
  /// By the training labels: the sign that makes training accuracy at least one half.
  case trainLabels = "train-labels"
  /// By a logistic fit of the training labels on the scores, which also calibrates them.
  case platt
}
