extension Split {
  /// The share of the samples that are tested on unless another is asked for.
  public static let defaultTestFraction = 0.4

  /// Draws whole blocks for testing until they hold the share asked for.
  ///
  /// The blocks are shuffled, and the test side is the run of blocks whose sample count is nearest to
  /// the share (the shorter run on a tie), at least one block and not all. Which blocks those are
  /// depends on the generator alone, never on labels, unless `isStratified`.
  ///
  /// - Parameters:
  ///   - blocks: what must not be parted.
  ///   - labels: the class of each sample. Used to refuse a side with one class only.
  ///   - testFraction: the share of the samples to test on, between 0 and 1.
  ///   - isStratified: whether to draw the share from each kind of block separately, a kind being the
  ///     classes that a block holds. Keeps small classes on both sides, but lets labels choose the
  ///     split, so that a label-free method is no longer quite free of them.
  ///   - generator: the source of randomness.
  /// - Returns: the split.
  /// - Throws: ``ActivationsError/split(problem:)`` for fewer than two blocks, or if a side would hold
  ///   one class only.
  /// - Complexity: O(n log n).
  public static func drawing(
    from blocks: SampleBlocks, labels: [Int]? = nil,
    testFraction: Double = defaultTestFraction, isStratified: Bool = false,
    using generator: inout some RandomNumberGenerator
  ) throws(ActivationsError) -> Split {
    try check(testFraction)
    try checkEnough(blocks, for: 2, sides: "a training and a test side")
    var test: [Int] = []
    for stratum in try strata(of: blocks, labels: isStratified ? labels : nil) {
      let shuffled = shuffled(stratum, using: &generator)
      let total = shuffled.reduce(0) { $0 + blocks.blocks[$1].count }
      let target = testFraction * Double(total)
      let count = prefixCount(of: shuffled, in: blocks, nearestTo: target)
      for block in shuffled.prefix(count) { test += blocks.blocks[block] }
    }
    let inTest = Set(test)
    let split = Split(
      train: (0..<blocks.sampleCount).filter { !inTest.contains($0) }, test: test,
      origin: .blocks, blocks: blocks)
    try split.checkClasses(labels, named: "the split")
    return split
  }

  /// Draws folds: every block is tested on exactly once.
  ///
  /// The blocks are shuffled and given, largest first, to the fold that has the fewest samples so
  /// far, so that folds are as even as the blocks allow.
  ///
  /// - Parameters:
  ///   - count: the number of folds, at least 2.
  ///   - blocks: what must not be parted.
  ///   - labels: the class of each sample. Used to refuse a side with one class only.
  ///   - generator: the source of randomness.
  /// - Returns: one split a fold, whose test side is the fold.
  /// - Throws: ``ActivationsError/split(problem:)`` for fewer blocks than folds, or if a side would
  ///   hold one class only.
  /// - Complexity: O(n · count).
  public static func folds(
    _ count: Int, from blocks: SampleBlocks, labels: [Int]? = nil,
    using generator: inout some RandomNumberGenerator
  ) throws(ActivationsError) -> [Split] {
    guard count >= 2 else {
      throw .split(problem: "\(count) folds were asked for; at least 2 are needed")
    }
    try checkEnough(blocks, for: count, sides: "\(count) folds")
    let order = shuffled(Array(blocks.blocks.indices), using: &generator)
    let places = order.enumerated().sorted { first, second in
      let sizes = (blocks.blocks[first.element].count, blocks.blocks[second.element].count)
      return sizes.0 == sizes.1 ? first.offset < second.offset : sizes.0 > sizes.1
    }
    var folds = [[Int]](repeating: [], count: count)
    for (_, block) in places {
      var smallest = 0
      for fold in folds.indices where folds[fold].count < folds[smallest].count {
        smallest = fold
      }
      folds[smallest] += blocks.blocks[block]
    }
    var splits: [Split] = []
    for (fold, test) in folds.enumerated() {
      let inTest = Set(test)
      let split = Split(
        train: (0..<blocks.sampleCount).filter { !inTest.contains($0) }, test: test,
        origin: .fold(fold, of: count), blocks: blocks)
      try split.checkClasses(labels, named: "fold \(fold + 1) of \(count)")
      splits.append(split)
    }
    return splits
  }

  /// Draws rows one by one, as published code does.
  ///
  /// A compatibility variant: it parts opposites and groups, so that most tested pairs have their
  /// partner in training. ``leakedTestCount`` says how many, and every result on it is flagged. The
  /// test side is the first ⌈testFraction · n⌉ rows of a permutation. With `NumPyLegacyGenerator`
  /// it is the split that scikit-learn's `train_test_split` makes with that `random_state`.
  ///
  /// - Parameters:
  ///   - blocks: what the split ought not to part; only counted.
  ///   - labels: the class of each sample. Used to refuse a side with one class only.
  ///   - testFraction: the share of the rows to test on, between 0 and 1.
  ///   - permutation: gives a random order of that many rows.
  /// - Returns: the split.
  /// - Throws: ``ActivationsError/split(problem:)`` for fewer than two rows, or if a side would hold
  ///   one class only.
  public static func drawingRows(
    from blocks: SampleBlocks, labels: [Int]? = nil,
    testFraction: Double = defaultTestFraction, permutation: (_ count: Int) -> [Int]
  ) throws(ActivationsError) -> Split {
    try check(testFraction)
    let count = blocks.sampleCount
    guard count >= 2 else {
      throw .split(problem: "there are \(count) rows; at least 2 are needed")
    }
    let testCount = Swift.min((testFraction * Double(count)).roundedUpToCount, count - 1)
    let order = permutation(count)
    precondition(order.count == count && Set(order).count == count, "not a permutation")
    let split = Split(
      train: Array(order[testCount...]), test: Array(order[..<testCount]), origin: .rows,
      blocks: blocks)
    try split.checkClasses(labels, named: "the split")
    return split
  }

  private static func check(_ testFraction: Double) throws(ActivationsError) {
    guard testFraction > 0, testFraction < 1 else {
      throw .split(
        problem: "the test share is \(testFraction); it must lie between 0 and 1, for example 0.4")
    }
  }

  private static func checkEnough(
    _ blocks: SampleBlocks, for count: Int, sides: String
  ) throws(ActivationsError) {
    guard blocks.blocks.count >= count else {
      throw .split(
        problem: "\(sides) need at least \(count) independent blocks of samples, and groups, "
          + "opposites and duplicates join the \(blocks.sampleCount) samples into "
          + "\(blocks.blocks.count); export more groups")
    }
  }

  private static func strata(
    of blocks: SampleBlocks, labels: [Int]?
  ) throws(ActivationsError) -> [[Int]] {
    guard let labels else { return [Array(blocks.blocks.indices)] }
    guard labels.count == blocks.sampleCount else {
      throw .shapeMismatch(
        what: "the length of labels", expected: "\(blocks.sampleCount)",
        actual: "\(labels.count)")
    }
    var strata: [[Int]: [Int]] = [:]
    for (number, block) in blocks.blocks.enumerated() {
      strata[Set(block.map { labels[$0] }).sorted(), default: []].append(number)
    }
    // A kind with one block only cannot be divided; such kinds are drawn from together.
    let single = strata.values.filter { $0.count == 1 }.flatMap { $0 }.sorted()
    let several = strata.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
    guard let first = several.first, single.count == 1 else {
      return single.isEmpty ? several : several + [single]
    }
    return [(first + single).sorted()] + several.dropFirst()
  }

  /// A permutation by Fisher and Yates, spelt out so that a seed keeps its meaning.
  private static func shuffled(
    _ elements: [Int], using generator: inout some RandomNumberGenerator
  ) -> [Int] {
    var elements = elements
    var last = elements.count - 1
    while last > 0 {
      let other = Int(generator.next(upperBound: UInt64(last + 1)))
      elements.swapAt(last, other)
      last -= 1
    }
    return elements
  }

  private static func prefixCount(
    of order: [Int], in blocks: SampleBlocks, nearestTo target: Double
  ) -> Int {
    var sampleCount = 0
    var best = (count: 1, distance: Double.infinity)
    for count in 1..<Swift.max(order.count, 2) {
      sampleCount += blocks.blocks[order[count - 1]].count
      let distance = (Double(sampleCount) - target).magnitude
      if distance < best.distance { best = (count, distance) }
    }
    return best.count
  }

  func checkClasses(_ labels: [Int]?, named name: String) throws(ActivationsError) {
    guard let labels else { return }
    guard labels.count == train.count + validation.count + test.count else {
      throw .shapeMismatch(
        what: "the length of labels",
        expected: "\(train.count + validation.count + test.count)", actual: "\(labels.count)")
    }
    let all = Set(labels)
    guard all.count > 1 else {
      let only = all.first.map { "class \($0)" } ?? "no class"
      throw .split(
        problem: "every sample is of \(only); evaluation needs at least two classes")
    }
    for (side, samples) in [("training", train), ("test", test)] {
      let classes = Set(samples.map { labels[$0] })
      if classes.count == 1, let only = classes.first {
        throw .split(
          problem:
            "the \(side) side of \(name) holds class \(only) only (\(samples.count) samples); "
            + "use another seed, a stratified split, fewer folds or more samples")
      }
    }
  }
}

extension Double {
  /// The smallest whole number that is not less.
  fileprivate var roundedUpToCount: Int { Int(rounded(.up)) }
}
