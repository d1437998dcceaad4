/// How a quantity of each token becomes one of the answer.
public enum TokenPooling: String, Sendable, Codable, CaseIterable {
  /// The mean over tokens.
  case mean
  /// The most uncertain token's.
  case worst

  /// Pools uncertainties, one a token and at least one; higher is less to be trusted.
  func pooled(_ uncertainties: some Collection<Double>) -> Double {
    switch self {
    case .mean: uncertainties.reduce(0, +) / Double(uncertainties.count)
    case .worst: uncertainties.max() ?? .nan
    }
  }
}
