/// What a sum of squared deviations is divided by.
public enum VarianceDivisor: String, Codable, Sendable {
  /// The count n: the variance of these samples themselves (NumPy's `ddof=0`).
  case count
  /// n − 1: unbiased for the population they were drawn from (NumPy's `ddof=1`).
  case countMinusOne
}
