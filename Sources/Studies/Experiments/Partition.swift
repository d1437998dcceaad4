internal import Activations
internal import Optimization
public import Probes

/// How samples are cut into training and test sides.
public enum Partition: Sendable, Equatable {
  /// One split, the given share of samples held out. The dump's own split is used where it has one.
  case holdout(testFraction: Double)
  /// Cross-validation.
  case folds(Int)
  /// Single rows at random, as published code splits: pairs and groups are parted, and every record of
  /// it is flagged. With a `randomState` they are the rows that scikit-learn's `train_test_split` draws
  /// with it; else the run's seed draws them.
  case rows(testFraction: Double, randomState: UInt32? = nil)
}

extension Compatibility {
  /// How the published code cuts samples, where that is not how Plumbline does.
  public var partition: Partition? {
    switch self {
    case .burns, .exhaustiveCCS, .clusterNormalization: nil
    case .polarityAware: .rows(testFraction: 0.2, randomState: 71)
    }
  }
}

/// The training and the test samples of one cut.
public struct TrainTest: Sendable, Equatable {
  /// What the cut is called in records; `nil` for a single split.
  public let name: String?
  /// Sample numbers that methods learn from.
  public let train: [Int]
  /// Sample numbers that measure them.
  public let test: [Int]
  /// How many test samples share a group, an opposite or a text with a training sample.
  public let leakedTestCount: Int
}

extension Partition {
  /// How the cut of a dump reads in settings.
  func summary(in dump: ActivationDump) -> String {
    switch self {
    case .holdout where dump.parts != nil: "the dump's own split"
    case .holdout(let fraction): "holdout \(fraction)"
    case .folds(let count): "\(count) folds"
    case .rows(let fraction, let randomState):
      "rows \(fraction)" + (randomState.map { ", RandomState(\($0))" } ?? "")
    }
  }

  /// Cuts some samples of a dump, parting no group, no opposites and no equal texts.
  ///
  /// - Parameters:
  ///   - selection: Which samples.
  ///   - dump: The dump.
  ///   - seed: The seed of the run.
  /// - Returns: One cut, or one a fold.
  /// - Throws: `ActivationsError/split(problem:)` if there are too few groups or a side has one class.
  func cuts(of selection: SampleSelection, in dump: ActivationDump, seed: UInt64)
    throws(ActivationsError) -> [TrainTest]
  {
    let samples = selection.samples
    let blocks = try restrict(try dump.blocks(), to: samples)
    let labels = dump.labels.map { labels in samples.map { labels[$0] } }
    var generator = SeededGenerator(seed: seed, stream: RandomPurpose.split.rawValue)
    let splits: [Split]
    switch self {
    case .holdout(let testFraction):
      if let stored = try dump.storedSplit(blocks: try dump.blocks()) {
        return [try restrict(stored, to: samples, of: dump)]
      }
      splits = [
        try Split.drawing(
          from: blocks, labels: labels, testFraction: testFraction, using: &generator)
      ]
    case .folds(let count):
      splits = try Split.folds(count, from: blocks, labels: labels, using: &generator)
    case .rows(let testFraction, let randomState):
      splits = [
        try Split.drawingRows(from: blocks, labels: labels, testFraction: testFraction) { count in
          guard let randomState else { return generator.permutation(count: count) }
          var published = NumPyLegacyGenerator(seed: randomState)
          return published.permutation(count)
        }
      ]
    }
    return splits.enumerated().map { number, split in
      TrainTest(
        name: splits.count > 1 ? "fold \(number + 1) of \(splits.count)" : nil,
        train: split.train.map { samples[$0] }, test: split.test.map { samples[$0] },
        leakedTestCount: split.leakedTestCount)
    }
  }

  /// The dump's own split of some samples.
  private func restrict(_ stored: Split, to samples: [Int], of dump: ActivationDump)
    throws(ActivationsError) -> TrainTest
  {
    let chosen = Set(samples)
    let train = stored.train.filter(chosen.contains)
    let test = stored.test.filter(chosen.contains)
    guard train.count > 1, !test.isEmpty else {
      throw .split(
        problem: "of the chosen samples the dump's own split gives \(train.count) to train and "
          + "\(test.count) to test")
    }
    let blockOfSample = try dump.blocks().blockOfSample
    let known = Set(train.map { blockOfSample[$0] })
    return TrainTest(
      name: nil, train: train, test: test,
      leakedTestCount: test.count { known.contains(blockOfSample[$0]) })
  }

  /// Blocks of some samples, numbered by their position among them.
  private func restrict(_ blocks: SampleBlocks, to samples: [Int]) throws(ActivationsError)
    -> SampleBlocks
  {
    try SampleBlocks(
      sampleCount: samples.count, groups: samples.map { blocks.blockOfSample[$0] })
  }
}
