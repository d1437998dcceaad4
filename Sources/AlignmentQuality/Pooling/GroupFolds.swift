internal import Evaluation
internal import Optimization

/// Folds of points that part no group and hold about the same share of every class.
enum GroupFolds {
  /// The fold of each point.
  ///
  /// Groups are shuffled and given, largest first, to the fold that has the smallest share of their classes
  /// so far, and of those to the smallest fold.
  ///
  /// - Parameters:
  ///   - count: The number of folds, at least 2.
  ///   - points: The points with their classes and groups.
  ///   - seed: The seed of the shuffle.
  /// - Returns: A number below `count` for each point.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for fewer than 2 folds,
  ///   or more than there are groups.
  static func assign(
    _ count: Int, to points: LabelledPoints, seed: UInt64
  ) throws(AlignmentQualityError) -> [Int] {
    let groups = points.groups
    guard count >= 2, count <= groups.count else {
      throw .invalidSetting(
        method: "cross-validated pooling", name: "folds", value: "\(count)",
        expected: "2 or more, and no more than the \(groups.count) groups of points")
    }
    var generator = SeededGenerator(seed: seed, stream: 0)
    let order = generator.permutation(count: groups.count).enumerated().sorted { one, other in
      let sizes = (groups.samples(in: one.element).count, groups.samples(in: other.element).count)
      return sizes.0 == sizes.1 ? one.offset < other.offset : sizes.0 > sizes.1
    }.map(\.element)
    let sizes = points.classSizes.map(Double.init)
    var loads = [[Double]](
      repeating: [Double](repeating: 0, count: sizes.count), count: count)
    var totals = [Int](repeating: 0, count: count)
    var folds = [Int](repeating: 0, count: points.count)
    for group in order {
      let members = groups.samples(in: group)
      let crowding = loads.map { load in
        members.reduce(0) { $0 + load[points.classes[$1]] }
      }
      var chosen = 0
      for fold in 1..<count
      where (crowding[fold], totals[fold]) < (crowding[chosen], totals[chosen]) {
        chosen = fold
      }
      for position in members {
        folds[position] = chosen
        let label = points.classes[position]
        loads[chosen][label] += 1 / sizes[label]
      }
      totals[chosen] += members.count
    }
    return folds
  }
}
