internal import Activations
internal import Optimization
internal import Probes

/// Which answers teach a score, and which ones it is tested on.
///
/// Groups, opposites and equal texts are never parted.
struct AnswerParts: Sendable {
  /// Samples whose contrasts give directions; `nil` if the contrast sets are of other questions than the answers.
  let contrasted: [Int]?
  /// Answers whose labels choose layers and signs, and fit regressions.
  let judged: [Int]
  /// Answers that scores are compared on.
  let test: [Int]
  /// How the cut reads in settings.
  let summary: String

  /// Cuts the answers of a dump.
  ///
  /// The dump's own split is used where it has one: the part `test` tests, `validation` judges, and `train` gives
  /// directions, or, where contrasts are of other questions, judges too.
  ///
  /// - Parameters:
  ///   - dump: A dump with labels.
  ///   - selection: Which answers are used.
  ///   - testFraction: The share that tests, where the dump does not say.
  ///   - isContrasted: Whether contrasts are of the same samples, row by row.
  ///   - seed: The seed of the run.
  /// - Throws: `ActivationsError/split(problem:)`.
  init(
    _ dump: ActivationDump, selection: SampleSelection, testFraction: Double, isContrasted: Bool,
    seed: UInt64
  ) throws(ActivationsError) {
    var generator = SeededGenerator(seed: seed, stream: RandomPurpose.split.rawValue)
    let chosen = Set(selection.samples)
    if let parts = dump.parts {
      func samples(_ part: DumpPart) -> [Int] {
        parts.indices.filter { parts[$0] == part && chosen.contains($0) }
      }
      let (train, validation) = (samples(.train), samples(.validation))
      test = samples(.test)
      summary = "the dump's own split"
      guard !test.isEmpty, !(train + validation).isEmpty else {
        throw .split(
          problem: "the dump's own split gives \(train.count) of the chosen answers to train, "
            + "\(validation.count) to validation and \(test.count) to test")
      }
      if !isContrasted {
        (contrasted, judged) = (nil, (train + validation).sorted())
      } else if !validation.isEmpty, !train.isEmpty {
        (contrasted, judged) = (train, validation)
      } else {
        (contrasted, judged) = try Self.halves(
          of: train + validation, in: dump, using: &generator)
      }
      return
    }
    summary = "holdout \(testFraction)"
    let split = try Self.split(
      selection.samples, of: dump, testFraction: testFraction, using: &generator)
    test = split.test
    if isContrasted {
      (contrasted, judged) = try Self.halves(of: split.train, in: dump, using: &generator)
    } else {
      (contrasted, judged) = (nil, split.train)
    }
  }

  private static func halves(
    of samples: [Int], in dump: ActivationDump, using generator: inout SeededGenerator
  ) throws(ActivationsError) -> ([Int], [Int]) {
    let split = try split(samples, of: dump, testFraction: 0.5, using: &generator)
    return (split.train, split.test)
  }

  private static func split(
    _ samples: [Int], of dump: ActivationDump, testFraction: Double,
    using generator: inout SeededGenerator
  ) throws(ActivationsError) -> (train: [Int], test: [Int]) {
    let blocks = try dump.blocks().blockOfSample
    let labels = dump.labels ?? []
    let split = try Split.drawing(
      from: SampleBlocks(sampleCount: samples.count, groups: samples.map { blocks[$0] }),
      labels: labels.isEmpty ? nil : samples.map { labels[$0] }, testFraction: testFraction,
      using: &generator)
    return (split.train.map { samples[$0] }, split.test.map { samples[$0] })
  }
}
