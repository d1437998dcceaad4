/// What a permutation test found for one statistic.
public struct PermutationResult: Sendable, Hashable, Codable {
  /// The statistic of the labels as they are.
  public let observed: Double
  /// The mean of the statistic under permutation: what to expect without any signal.
  public let chance: Double
  /// (1 + the number of permutations at least as good) / (1 + the number of permutations).
  public let pValue: Double
  /// The same against the best of all statistics in each permutation.
  ///
  /// It holds for the best of the statistics that were tested together, such as the best layer of a
  /// sweep; equal to ``pValue`` if there was one.
  public let pValueAdjusted: Double
  /// How many permutations were drawn.
  public let permutationCount: Int
  /// What was permuted.
  public let scheme: LabelPermutation.Scheme
  /// What a reader must know.
  public let flags: [Flag]

  /// Puts a result together.
  ///
  /// - Parameters:
  ///   - observed: The statistic of the labels as they are.
  ///   - chance: The mean of the statistic under permutation.
  ///   - pValue: The *p* value by itself.
  ///   - pValueAdjusted: The *p* value against the best of all statistics.
  ///   - permutationCount: How many permutations were drawn.
  ///   - scheme: What was permuted.
  ///   - flags: What a reader must know.
  public init(
    observed: Double, chance: Double, pValue: Double, pValueAdjusted: Double,
    permutationCount: Int, scheme: LabelPermutation.Scheme, flags: [Flag]
  ) {
    self.observed = observed
    self.chance = chance
    self.pValue = pValue
    self.pValueAdjusted = pValueAdjusted
    self.permutationCount = permutationCount
    self.scheme = scheme
    self.flags = flags
  }
}

extension Measurement {
  /// Adds the chance level and the *p* values that a permutation test found.
  ///
  /// - Parameter result: The result of the test of this metric.
  public mutating func add(_ result: PermutationResult) {
    chance = result.chance
    pValue = result.pValue
    pValueAdjusted = result.pValueAdjusted
    for flag in result.flags where !flags.contains(flag) { flags.append(flag) }
  }
}
