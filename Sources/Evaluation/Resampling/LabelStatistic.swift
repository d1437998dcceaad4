/// A number that depends on labels, with everything else fixed: what a permutation test permutes for.
///
/// Whatever does not depend on the labels, such as the ranks of the scores, is done once in advance.
public protocol LabelStatistic: Sendable {
  /// Returns the statistic for one labelling.
  ///
  /// - Parameter labels: One class a sample; in a test of two classes 1 is `true` and 0 is `false`.
  /// - Returns: A finite number.
  func value(labels: [Int]) -> Double
}
