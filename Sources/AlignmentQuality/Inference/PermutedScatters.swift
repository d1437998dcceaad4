public import Evaluation
internal import LinearAlgebra

/// The scatter of one layer's points under every permutation of their labels.
///
/// All indices that need the scatter alone have their null distributions here.
public struct PermutedScatters: Sendable, Equatable {
  /// n_k.
  public let counts: [Int]
  /// (B, K), SS_k under each permutation.
  let scatters: Matrix<Double>
  /// (B, K (K − 1)/2), D_kl² under each permutation for k < l.
  let squaredDistances: Matrix<Double>
  /// What was permuted.
  public let scheme: LabelPermutation.Scheme
  /// What a reader of a test with these permutations must know.
  public let flags: [Flag]

  /// The number of permutations.
  public var count: Int { scatters.rowCount }

  /// The scatter under one permutation.
  ///
  /// - Parameter number: The permutation, from 0.
  public subscript(number: Int) -> ClassScatter {
    let classCount = counts.count
    var distances = Matrix<Double>(rowCount: classCount, columnCount: classCount)
    var place = 0
    for first in 0..<classCount {
      for second in (first + 1)..<max(classCount, first + 1) {
        distances[first, second] = squaredDistances[number, place]
        distances[second, first] = squaredDistances[number, place]
        place += 1
      }
    }
    return ClassScatter(
      counts: counts, scatters: scatters.row(number), squaredCentroidDistances: distances)
  }
}
