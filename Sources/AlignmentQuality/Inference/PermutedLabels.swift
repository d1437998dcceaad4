public import Evaluation
internal import LinearAlgebra

/// The labels of every permutation, drawn once for all layers.
///
/// Permutation *b* of a seed is the same whatever is measured on it, so that layers can be compared.
public struct PermutedLabels: Sendable {
  /// What was permuted, and what a reader of the results must know.
  public let permutation: LabelPermutation
  /// The labels of each permutation, one class a point.
  let labels: [[UInt16]]
  /// n_k, which no permutation changes.
  let counts: [Int]

  /// Draws the permutations of the classes of points, within and between their groups.
  ///
  /// - Parameters:
  ///   - points: The points of any layer; their classes and groups count.
  ///   - permutationCount: How many permutations to draw.
  ///   - seed: The seed of the permutations.
  /// - Throws: ``AlignmentQualityError/evaluation(_:)`` if no permutation changes a label, and
  ///   ``AlignmentQualityError/tooLarge(what:count:limit:)`` for more than 65536 classes.
  /// - Complexity: O(permutations · *n*) time, and 2 bytes each.
  public init(
    of points: LabelledPoints, permutationCount: Int = 1000, seed: UInt64
  ) throws(AlignmentQualityError) {
    let limit = Int(UInt16.max) + 1
    guard points.classCount <= limit else {
      throw .tooLarge(what: "classes", count: points.classCount, limit: limit)
    }
    let permutation: LabelPermutation
    do throws(EvaluationError) {
      permutation = try LabelPermutation(
        classes: points.classes, groups: points.groups, permutationCount: permutationCount,
        seed: seed)
    } catch {
      throw .evaluation(error)
    }
    self.permutation = permutation
    labels = Parallel.map(permutationCount) { permutation.compactPermutedLabels($0) }
    counts = points.classSizes
  }

  /// The number of permutations.
  public var count: Int { labels.count }
}
