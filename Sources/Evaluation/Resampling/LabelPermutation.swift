import Optimization
import RealModule

/// Permutes labels in a way that respects groups, and tests statistics against it.
///
/// Where a group holds several classes, its labels are permuted within it. A group that holds one class
/// keeps one class: such groups of equal size exchange their classes as wholes. If every sample is its
/// own group, that is a permutation of all labels. So what is tested is that, given how labels cluster
/// in groups, they tell nothing about the statistic's fixed part. A group of one class whose size no
/// other such group shares (or with which all of that size agree) cannot take part; its samples keep
/// their labels, which raises the chance level, and the flag `fixed-labels` counts them.
///
/// Permutation *b* has its own random stream under the seed: statistics that are tested together, such
/// as the layers of a sweep, see the same permutations.
///
/// Phipson & Smyth (2010), doi:10.2202/1544-6115.1585, for the *p* value. Westfall & Young (1993),
/// *Resampling-Based Multiple Testing*, for the maximum. Winkler et al. (2015),
/// doi:10.1016/j.neuroimage.2015.05.092, for whole blocks.
public struct LabelPermutation: Sendable {
  /// What is permuted.
  public enum Scheme: String, Sendable, Codable, CaseIterable {
    /// Labels within groups.
    case withinGroups = "within-groups"
    /// The classes of whole groups.
    case betweenGroups = "between-groups"
    /// Labels within the groups of several classes, and the classes of the other groups.
    case withinAndBetweenGroups = "within-and-between-groups"
  }

  /// What is permuted.
  public let scheme: Scheme
  /// How many permutations are drawn.
  public let permutationCount: Int
  /// How many samples keep their labels in every permutation.
  public let fixedSampleCount: Int
  /// The logarithm of the number of different labellings that permutation can reach.
  public let logArrangementCount: Double

  private let labels: [Int]
  private let seed: UInt64
  /// One class a unit; a unit is a sample of a mixed group or a whole group of one class.
  private let unitLabels: [Int]
  /// The unit of each sample.
  private let unitOfSample: [Int]
  /// The ranges of units that are shuffled.
  private let strata: [Range<Int>]
  /// Whether every sample is its own unit, in the order of the samples.
  private let isOneUnitEach: Bool

  /// Prepares permutations of two classes.
  ///
  /// - Parameters:
  ///   - labels: One label a sample; statistics see 1 for `true` and 0 for `false`.
  ///   - groups: Which samples belong together.
  ///   - permutationCount: How many permutations to draw; the smallest *p* value is 1/(1 + this).
  ///   - seed: The seed of the permutations.
  /// - Throws: ``EvaluationError`` as the other initialiser.
  public init(
    labels: [Bool], groups: Grouping, permutationCount: Int = 1000, seed: UInt64
  ) throws(EvaluationError) {
    try self.init(
      classes: labels.map { $0 ? 1 : 0 }, groups: groups, permutationCount: permutationCount,
      seed: seed)
  }

  /// Prepares permutations of any number of classes.
  ///
  /// - Parameters:
  ///   - classes: One class a sample.
  ///   - groups: Which samples belong together.
  ///   - permutationCount: How many permutations to draw; the smallest *p* value is 1/(1 + this).
  ///   - seed: The seed of the permutations.
  /// - Throws: ``EvaluationError/nothingToPermute(samples:groups:)`` if no permutation changes a label;
  ///   ``EvaluationError`` for no samples, counts that disagree or fewer than 1 permutation.
  public init(
    classes: [Int], groups: Grouping, permutationCount: Int = 1000, seed: UInt64
  ) throws(EvaluationError) {
    try Inputs.check(classes.count, "labels", groups, metric: "a permutation test")
    guard permutationCount > 0 else {
      throw .parameterOutOfRange(
        name: "the number of permutations", value: "\(permutationCount)", allowed: "at least 1")
    }
    var unitLabels: [Int] = []
    var unitOfSample = [Int](repeating: 0, count: classes.count)
    var strata: [Range<Int>] = []
    var wholeGroups: [Int: [Int]] = [:]
    for group in 0..<groups.count {
      let samples = groups.samples(in: group)
      if samples.allSatisfy({ classes[$0] == classes[samples[samples.startIndex]] }) {
        wholeGroups[samples.count, default: []].append(group)
      } else {
        let start = unitLabels.count
        for sample in samples {
          unitOfSample[sample] = unitLabels.count
          unitLabels.append(classes[sample])
        }
        strata.append(start..<unitLabels.count)
      }
    }
    let mixedCount = strata.count
    var fixedSampleCount = 0
    for (size, members) in wholeGroups.sorted(by: { $0.key < $1.key }) {
      let start = unitLabels.count
      for group in members {
        let samples = groups.samples(in: group)
        for sample in samples { unitOfSample[sample] = unitLabels.count }
        unitLabels.append(classes[samples[samples.startIndex]])
      }
      if Set(unitLabels[start...]).count > 1 {
        strata.append(start..<unitLabels.count)
      } else {
        fixedSampleCount += size * members.count
      }
    }
    guard !strata.isEmpty else {
      throw .nothingToPermute(samples: classes.count, groups: groups.count)
    }
    if mixedCount == 0 {
      scheme = .betweenGroups
    } else {
      scheme = strata.count == mixedCount ? .withinGroups : .withinAndBetweenGroups
    }
    logArrangementCount = strata.reduce(0.0) { (sum, stratum) in
      let counts = Dictionary(unitLabels[stratum].map { ($0, 1) }, uniquingKeysWith: +)
      return sum + Double.logGamma(Double(stratum.count + 1))
        - counts.values.sorted().reduce(0.0) { $0 + Double.logGamma(Double($1 + 1)) }
    }
    self.labels = classes
    self.permutationCount = permutationCount
    self.fixedSampleCount = fixedSampleCount
    self.seed = seed
    self.unitLabels = unitLabels
    self.unitOfSample = unitOfSample
    self.strata = strata
    isOneUnitEach = unitOfSample == Array(classes.indices)
  }

  /// What a reader of a test with these permutations must know.
  public var flags: [Flag] {
    var result: [Flag] = []
    if fixedSampleCount > 0 {
      result.append(
        Flag("fixed-labels", detail: "\(fixedSampleCount) of \(labels.count) samples"))
    }
    if logArrangementCount < Double.log(100) {
      let count = Int(Double.exp(logArrangementCount).rounded())
      result.append(
        Flag("few-arrangements", detail: "\(count), so no p value is below 1/\(count)"))
    }
    return result
  }

  /// Returns one permutation of the labels.
  ///
  /// - Parameter number: Which one, from 0; the same number always gives the same permutation.
  /// - Returns: One class a sample.
  public func permutedLabels(_ number: Int) -> [Int] {
    var result = labels
    var units = unitLabels
    permute(number, units: &units, into: &result)
    return result
  }

  /// Returns one permutation of the labels, as small numbers.
  ///
  /// The same labels as ``permutedLabels(_:)``, shuffled as 16 bits, so that those of many samples stay
  /// in the cache.
  ///
  /// - Parameter number: Which one, from 0; the same number always gives the same permutation.
  /// - Returns: One class a sample.
  /// - Precondition: The classes lie between 0 and 65535.
  /// - Complexity: O(*n*).
  public func compactPermutedLabels(_ number: Int) -> [UInt16] {
    var generator = SeededGenerator(seed: seed, stream: UInt64(number))
    var units = unitLabels.map { UInt16($0) }
    for stratum in strata { generator.shuffle(&units, in: stratum) }
    return isOneUnitEach ? units : unitOfSample.map { units[$0] }
  }

  /// Returns the statistics under every permutation.
  ///
  /// - Parameter statistics: The statistics; all see the same permutations.
  /// - Returns: For each statistic one number a permutation.
  public func nullDistributions(of statistics: [any LabelStatistic]) -> [[Double]] {
    var result = [[Double]](
      repeating: [Double](repeating: 0, count: permutationCount), count: statistics.count)
    var permuted = labels
    var units = unitLabels
    for number in 0..<permutationCount {
      permute(number, units: &units, into: &permuted)
      for (position, statistic) in statistics.enumerated() {
        let value = statistic.value(labels: permuted)
        precondition(value.isFinite, "a statistic under permutation is \(value)")
        result[position][number] = value
      }
    }
    return result
  }

  /// Tests statistics that are looked at together, such as one accuracy a layer.
  ///
  /// The adjusted *p* value compares each statistic with the best of all statistics in each permutation,
  /// so it bounds the chance of any false finding among them. The statistics must be in the same
  /// units.
  ///
  /// - Parameters:
  ///   - statistics: The statistics.
  ///   - preference: Which end of the statistics is the good one.
  /// - Returns: One result a statistic.
  public func test(
    _ statistics: [any LabelStatistic], preference: Preference = .higher
  ) -> [PermutationResult] {
    let nulls = nullDistributions(of: statistics)
    let sign: Double
    switch preference {
    case .higher: sign = 1
    case .lower: sign = -1
    }
    var best = [Double](repeating: -.infinity, count: permutationCount)
    for null in nulls {
      for number in 0..<permutationCount { best[number] = max(best[number], sign * null[number]) }
    }
    let flags = flags
    return zip(statistics, nulls).map { (statistic, null) in
      let observed = statistic.value(labels: labels)
      // Equal labellings may differ by the rounding of the statistic; they count as equally good.
      let threshold = sign * observed - 1e-14 * abs(observed)
      let asGood = null.count { sign * $0 >= threshold }
      let bestAsGood = best.count { $0 >= threshold }
      return PermutationResult(
        observed: observed, chance: null.reduce(0, +) / Double(permutationCount),
        pValue: Double(1 + asGood) / Double(1 + permutationCount),
        pValueAdjusted: Double(1 + bestAsGood) / Double(1 + permutationCount),
        permutationCount: permutationCount, scheme: scheme, flags: flags)
    }
  }

  /// Shuffles the units of each stratum, starting from the labels as they are.
  private func permute(_ number: Int, units: inout [Int], into permuted: inout [Int]) {
    var generator = SeededGenerator(seed: seed, stream: UInt64(number))
    for unit in units.indices { units[unit] = unitLabels[unit] }
    for stratum in strata { generator.shuffle(&units, in: stratum) }
    for sample in permuted.indices { permuted[sample] = units[unitOfSample[sample]] }
  }
}
