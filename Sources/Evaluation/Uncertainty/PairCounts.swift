/// How often two answers are in order, counted over all pairs in whole numbers.
///
/// Answers pass in the order of their uncertainty, and a tree of partial sums over the levels of quality knows how
/// many better ones have passed already. (Knight 1966, doi:10.1080/01621459.1966.10480879, counts the same by
/// merging; Fenwick 1994, doi:10.1002/spe.4380240306, for the tree.)
struct PairCounts: Sendable, Equatable {
  /// Pairs of which the better answer is the less uncertain one.
  private(set) var concordant = 0
  /// Pairs of different quality and the same uncertainty.
  private(set) var tiedScores = 0
  /// Pairs of different quality.
  private(set) var comparable: Int
  /// Pairs of the same uncertainty.
  private(set) var sameScore = 0
  /// All pairs.
  let all: Int

  /// Pairs of which the better answer is the more uncertain one.
  var discordant: Int { comparable - concordant - tiedScores }

  /// Counts pairs.
  ///
  /// - Parameters:
  ///   - order: The answers, the least uncertain first, equal uncertainties in one run.
  ///   - quality: The quality of the answers.
  ///   - weights: How often each answer counts; two countings of one answer are a pair, too.
  /// - Complexity: O(*n* log *m*) for *m* levels of quality.
  init(_ order: ScoreOrder, _ quality: PreparedQuality, _ weights: SampleWeights) {
    var levelWeights = [Int](repeating: 0, count: quality.levelCount)
    for (answer, count) in weights.counts.enumerated() {
      levelWeights[quality.levels[answer]] += count
    }
    all = Self.pairs(weights.total)
    comparable = all - levelWeights.reduce(0) { $0 + Self.pairs($1) }
    var passed = PartialSums(count: quality.levelCount)
    var start = 0
    for end in order.ends {
      let run = order.samples[start..<end]
      start = end
      var weight = 0
      for answer in run where weights.counts[answer] > 0 {
        let (level, count) = (quality.levels[answer], weights.counts[answer])
        concordant += count * (passed.total - passed.sum(through: level))
        weight += count
      }
      sameScore += Self.pairs(weight)
      if run.count > 1 {
        tiedScores += Self.pairs(weight) - Self.equalPairs(run, quality, weights)
      }
      for answer in run where weights.counts[answer] > 0 {
        passed.add(weights.counts[answer], at: quality.levels[answer])
      }
    }
  }

  private static func pairs(_ count: Int) -> Int { count * (count - 1) / 2 }

  /// Pairs of the same quality within a run.
  private static func equalPairs(
    _ run: ArraySlice<Int>, _ quality: PreparedQuality, _ weights: SampleWeights
  ) -> Int {
    var result = 0
    var level = -1
    var weight = 0
    for answer in run.sorted(by: { quality.levels[$0] < quality.levels[$1] }) {
      if quality.levels[answer] != level {
        result += pairs(weight)
        (level, weight) = (quality.levels[answer], 0)
      }
      weight += weights.counts[answer]
    }
    return result + pairs(weight)
  }
}

/// Sums of whole numbers over the places up to one, with places that may grow: Fenwick's tree.
struct PartialSums {
  private var tree: [Int]
  /// The sum over all places.
  private(set) var total = 0

  init(count: Int) { tree = [Int](repeating: 0, count: count + 1) }

  mutating func add(_ value: Int, at place: Int) {
    total += value
    var node = place + 1
    while node < tree.count {
      tree[node] += value
      node += node & -node
    }
  }

  func sum(through place: Int) -> Int {
    var result = 0
    var node = place + 1
    while node > 0 {
      result += tree[node]
      node &= node - 1
    }
    return result
  }
}
