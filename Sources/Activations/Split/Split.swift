/// Which samples are for training, which for choosing, and which for testing.
public struct Split: Equatable, Sendable, Codable {
  /// How a split came about.
  public enum Origin: Equatable, Sendable, Codable {
    /// Whole blocks were drawn at random.
    case blocks
    /// One of several folds, numbered from 0.
    case fold(Int, of: Int)
    /// The dump's own `split` array.
    case dump
    /// Rows were drawn one by one, as published code does; this may part groups and opposites.
    case rows
  }

  /// The samples to train on, ascending.
  public let train: [Int]
  /// The samples to choose settings on, ascending; often none.
  public let validation: [Int]
  /// The samples to test on, ascending.
  public let test: [Int]
  /// How it came about.
  public let origin: Origin
  /// How many test samples have a sample of their own block in training or validation.
  ///
  /// 0 unless the split was made row by row or came with the dump. Anything else means that results
  /// are too good: what was seen in training is tested again.
  public let leakedTestCount: Int

  /// Whether a result on this split must be flagged as leaking.
  public var isLeaking: Bool { leakedTestCount > 0 }

  init(
    train: [Int], validation: [Int] = [], test: [Int], origin: Origin, blocks: SampleBlocks
  ) {
    self.train = train.sorted()
    self.validation = validation.sorted()
    self.test = test.sorted()
    self.origin = origin
    let seen = Set((train + validation).map { blocks.blockOfSample[$0] })
    leakedTestCount = test.count { seen.contains(blocks.blockOfSample[$0]) }
  }
}
