internal import Activations
internal import Evaluation
internal import Optimization

/// How training samples are cut once more, to choose a setting of a fit.
///
/// Samples of one group, opposites and equal samples are never parted: a penalty chosen on near copies of
/// what was learned from would be too weak.
struct InnerFolds {
  /// The fold of each sample; `nil` where there is nothing to choose, or nothing to choose by.
  let foldOfSample: [Int]?
  /// What to know about the choice.
  let flags: [Flag]

  /// Cuts samples into folds, each of which leaves both classes to the others; into fewer where there
  /// are too few groups for as many.
  ///
  /// - Parameters:
  ///   - count: How many folds are wanted, at least 2.
  ///   - data: The training samples.
  ///   - labels: 0 or 1, one a sample.
  ///   - isNeeded: Whether there is anything to choose.
  ///   - seed: The seed of the run.
  ///   - layer: The layer's number.
  /// - Throws: ``ProbeError/activations(_:)`` if samples cannot be joined into groups.
  init(
    _ count: Int, of data: borrowing ProbeData, labels: [Int], isNeeded: Bool, seed: UInt64,
    layer: Int
  ) throws(ProbeError) {
    guard isNeeded else {
      (foldOfSample, flags) = (nil, [])
      return
    }
    do throws(ActivationsError) {
      let blocks = try data.blocks()
      var number = min(count, blocks.blocks.count)
      while number >= 2 {
        var generator = SeededGenerator(
          seed: seed, stream: RandomPurpose.innerFolds.rawValue, UInt64(layer))
        let splits = try Split.folds(number, from: blocks, using: &generator)
        if splits.allSatisfy({ Set($0.train.map { labels[$0] }).count == 2 }) {
          foldOfSample = Self.numbers(of: splits, sampleCount: labels.count)
          flags =
            number == count ? [] : [Flag("fewer-inner-folds", detail: "\(number) of \(count)")]
          return
        }
        number -= 1
      }
    } catch {
      throw .activations(error)
    }
    foldOfSample = nil
    flags = [
      Flag("penalty-not-chosen", detail: "no two folds of the training groups hold both classes")
    ]
  }

  private static func numbers(of splits: [Split], sampleCount: Int) -> [Int] {
    var numbers = [Int](repeating: 0, count: sampleCount)
    for (number, split) in splits.enumerated() {
      for sample in split.test { numbers[sample] = number }
    }
    return numbers
  }
}

extension ProbeData {
  /// Which samples may not be parted: those of a group, opposites, and samples with equal activations.
  fileprivate func blocks() throws(ActivationsError) -> SampleBlocks {
    var opposites: [Int?]?
    if case .pairs(let pairs) = self, let numbers = pairs.opposites {
      var positions: [Int: Int] = [:]
      for (position, sample) in pairs.rows.enumerated() { positions[sample] = position }
      opposites = numbers.map { number in number.flatMap { positions[$0] } }
    }
    return try SampleBlocks(
      sampleCount: sampleCount, groups: groups, opposites: opposites, duplicates: fingerprints)
  }
}
