/// How the ends of a bootstrap interval are found from the resamples.
public enum BootstrapEnds: String, Sendable, Codable, CaseIterable {
  /// Efron's BCa, see ``BiasCorrectedAccelerated``: for smooth statistics.
  case biasCorrectedAccelerated = "bca-by-group"
  /// The resamples' own quantiles: for statistics that jump, such as the best of a few choices, of which
  /// leaving out one group says nothing.
  case percentile = "percentile-by-group"
}
