internal import Evaluation

/// Whose conventions an index follows where it is degenerate or where definitions differ.
///
/// `strict` never gives a number that looks good for points that have none. The others reproduce a peer,
/// its degenerate outputs included, so that published numbers can be checked; the record's variant names
/// the peer.
public enum IndexCompatibility: String, Sendable, Codable, CaseIterable {
  /// Our own: undefined and infinite values with their reasons.
  case strict
  /// scikit-learn 1.9.
  case sklearn
  /// permetrics 2.1.
  case permetrics
  /// R's clusterCrit.
  case clusterCrit = "cluster-crit"
  /// torchmetrics 1.9.
  case torchmetrics
  /// The code released with the alignment quality index.
  case aqiEval = "aqi-eval"

  /// All but our own.
  public static var peers: [IndexCompatibility] { allCases.filter { $0 != .strict } }
}

extension ClusterIndex {
  /// Refuses conventions that the index does not have.
  static func check(_ compatibility: IndexCompatibility) throws(AlignmentQualityError) {
    guard compatibility != .strict, !compatibilities.contains(compatibility) else { return }
    throw .unsupportedCompatibility(
      method: identifier, name: compatibility.rawValue, known: compatibilities.map(\.rawValue))
  }
}
