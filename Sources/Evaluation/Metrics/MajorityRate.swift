/// The share of the most frequent class: the accuracy of always predicting it.
public enum MajorityRate {
  /// Returns the share of the most frequent class.
  ///
  /// - Parameter labels: One class a sample.
  /// - Returns: A number above 0, at most 1.
  /// - Throws: ``EvaluationError/noSamples(metric:)``.
  public static func value(labels: [some Hashable]) throws(EvaluationError) -> Double {
    let counts = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +)
    guard let largest = counts.values.max() else { throw .noSamples(metric: "majority rate") }
    return Double(largest) / Double(labels.count)
  }
}
