import AlignmentQuality
import Evaluation
import LinearAlgebra
import Optimization

/// Normal points with planted separation, whose population value is known.
///
/// The variances of the coordinates sum to 1 for a class of scale 1.
struct PlantedClasses {
  /// Which classes a group has.
  enum Groups { case singletons, ofOneClass, ofAllClasses }

  var width = 40
  var classCount = 2
  var groupCount = 60
  /// The distance of every mean but the first from the first.
  var separation = 0.5
  /// Whether the variance of coordinate j, counted from 1, falls as 1/j; all are alike if not.
  var variancesFall = false
  var groups = Groups.singletons
  /// The points of a group of one class; groups get one more, two more and so on in turn if they vary.
  var groupSize = 1
  var sizesVary = false
  /// The share of the variance that the points of a group have in common.
  var shared = 0.0
  /// The standard deviation of each class over that of the first.
  var scales = [1.0, 1.0, 1.0]
  /// The share of the groups that the first class has; the others share the rest.
  var firstShare: Double?

  /// Points, and Σ p_k ‖μ_k − μ‖²/Σ p_k τ_k with the variances τ_k.
  func draw(_ stream: UInt64...) throws -> (points: LabelledPoints, population: Double) {
    var generator = SeededGenerator(seed: 71, stream: stream)
    let deviations = deviations
    let means = means
    var rows: [[Double]] = []
    var labels: [Int] = []
    var identifiers: [Int] = []
    for group in 0..<groupCount {
      let common = deviations.map { $0 * generator.nextNormal() * shared.squareRoot() }
      for label in classes(of: group) {
        rows.append(
          zip(zip(means[label], deviations), common).map { pair, common in
            let own = pair.1 * generator.nextNormal() * (1 - shared).squareRoot()
            return pair.0 + scales[label] * (common + own)
          })
        labels.append(label)
        identifiers.append(group)
      }
    }
    let points = try LabelledPoints(Matrix(rows: rows), labels: labels, groups: identifiers)
    return (points, population(labels))
  }

  private func classes(of group: Int) -> [Int] {
    if groups == .ofAllClasses { return Array(0..<classCount) }
    let first = Int((firstShare ?? 1 / Double(classCount)) * Double(groupCount) + 0.5)
    let rest = groupCount - first
    let label = group < first ? 0 : 1 + (group - first) * (classCount - 1) / rest
    return Array(repeating: label, count: groupSize + (sizesVary ? group % 4 : 0))
  }

  private var deviations: [Double] {
    let variances = (1...width).map { variancesFall ? 1 / Double($0) : 1 }
    let total = variances.reduce(0, +)
    return variances.map { ($0 / total).squareRoot() }
  }

  /// Class k lies in a direction of equal parts of every coordinate, with signs of its own.
  private var means: [[Double]] {
    var generator = SeededGenerator(seed: 5)
    return (0..<classCount).map { label in
      (0..<width).map { _ in
        let sign: Double = generator.next() & 1 == 0 ? -1 : 1
        return label == 0 ? 0 : sign * separation / Double(width).squareRoot()
      }
    }
  }

  private func population(_ labels: [Int]) -> Double {
    let means = means
    let shares = (0..<classCount).map { label in
      Double(labels.count { $0 == label }) / Double(labels.count)
    }
    var between = 0.0
    for first in 0..<classCount {
      for second in 0..<first {
        let (one, other) = (means[first], means[second])
        between += shares[first] * shares[second] * squaredDistance(one.span, other.span)
      }
    }
    return between / zip(shares, scales).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
  }
}

extension LabelledPoints {
  /// The points of all groups but one.
  func leavingOut(group: Int) throws -> LabelledPoints {
    try selecting((0..<count).filter { groups.indices[$0] != group })
  }
}
