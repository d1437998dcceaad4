internal import Activations
internal import LinearAlgebra

extension ProbeData {
  private var sides: [Matrix<Float>] {
    switch self {
    case .pairs(let pairs): [pairs.positive, pairs.negative]
    case .rows(let rows): [rows.activations]
    }
  }

  /// Whether no sample differs from another, so that nothing can be learned.
  package var isConstant: Bool { sides.allSatisfy(\.hasEqualRows) }

  /// One number a sample, equal for samples with equal activations.
  package var fingerprints: [UInt64] {
    var hashes = [UInt64](repeating: 0, count: sampleCount)
    for side in sides { side.mixRowHashes(into: &hashes) }
    return hashes
  }
}
