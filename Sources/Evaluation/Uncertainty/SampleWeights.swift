/// How often each sample counts: once in the data as they are, and as often as its group was drawn in a
/// resample.
///
/// A metric of weighted samples is the metric of the list in which each sample stands as often as its weight
/// says. So a resample needs no sorting: the order of the samples is that of the data.
public struct SampleWeights: Sendable, Equatable {
  /// One whole number a sample, none negative.
  public let counts: [Int]
  /// Their sum, the number of samples that are counted.
  public let total: Int

  /// Weights samples.
  ///
  /// - Parameter counts: How often each sample counts.
  public init(_ counts: [Int]) {
    precondition(counts.allSatisfy { $0 >= 0 }, "a sample cannot count less than never")
    self.counts = counts
    total = counts.reduce(0, +)
  }

  /// Counts every sample once.
  ///
  /// - Parameter sampleCount: How many samples there are.
  public init(once sampleCount: Int) {
    counts = [Int](repeating: 1, count: sampleCount)
    total = sampleCount
  }
}
