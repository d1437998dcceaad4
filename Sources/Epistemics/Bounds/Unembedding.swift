public import Activations
public import LinearAlgebra

/// The matrix W (vocabulary, width) that makes logits of final states, read some rows at a time.
public struct Unembedding: Sendable {
  private enum Storage {
    case matrix(Matrix<Float>)
    case array(DumpArray)
  }

  private let storage: Storage
  /// How many tokens there are.
  public let vocabularySize: Int
  /// How many features a state has.
  public let width: Int

  /// A matrix in memory.
  ///
  /// - Parameter matrix: (vocabulary, width), finite.
  /// - Throws: ``EpistemicsError/notEnough(what:count:minimum:)`` for less than 2 tokens;
  ///   ``EpistemicsError/notFinite(what:row:column:)``.
  public init(_ matrix: Matrix<Float>) throws(EpistemicsError) {
    try requireFinite(matrix, "the unembedding's weights")
    try self.init(.matrix(matrix), matrix.rowCount, matrix.columnCount)
  }

  /// The matrix of a dump.
  ///
  /// - Parameter dump: A dump with the role `unembedding`.
  /// - Throws: ``EpistemicsError/activations(_:)`` if it has none.
  public init(_ dump: ActivationDump) throws(EpistemicsError) {
    let array = try reading { () throws(ActivationsError) in
      try dump.array(.unembedding, for: "bounds of the divergence")
    }
    try self.init(.array(array), array.count(of: .vocabulary) ?? 0, array.count(of: .width) ?? 0)
  }

  private init(
    _ storage: Storage, _ vocabularySize: Int, _ width: Int
  ) throws(EpistemicsError) {
    guard vocabularySize >= 2, width > 0 else {
      throw .notEnough(what: "tokens of the vocabulary", count: vocabularySize, minimum: 2)
    }
    self.storage = storage
    self.vocabularySize = vocabularySize
    self.width = width
  }

  /// Calls a body with chunks of rows in float64, in order.
  ///
  /// - Parameters:
  ///   - height: How many rows a chunk has at most.
  ///   - body: Sees a chunk.
  /// - Throws: ``EpistemicsError/activations(_:)``, or what the body throws.
  func forEachChunk(
    of height: Int, _ body: (Matrix<Double>) throws(EpistemicsError) -> Void
  ) throws(EpistemicsError) {
    for first in stride(from: 0, to: vocabularySize, by: height) {
      let rows = first..<min(first + height, vocabularySize)
      switch storage {
      case .matrix(let matrix):
        let view = matrix.view(rows: rows)
        try body(Matrix<Double>(Matrix(view)))
      case .array(let array):
        let chunk = try reading { () throws(ActivationsError) in
          try array.matrix(rows: .vocabulary, at: Array(rows), columns: .width)
        }
        try body(Matrix<Double>(chunk))
      }
    }
  }
}

/// The norms of an unembedding that bound divergences, computed once for all states.
public struct UnembeddingNorms: Sendable, Codable, Equatable {
  /// maxᵢ ‖wᵢ‖, the length of the longest row.
  public let largestRowNorm: Double
  /// ‖W‖₂, the largest singular value; at least ``largestRowNorm``.
  public let spectralNorm: Double

  /// Reads the matrix once.
  ///
  /// The spectral norm is the root of the largest eigenvalue of WᵀW, which is summed over chunks.
  ///
  /// - Parameter unembedding: W.
  /// - Throws: ``EpistemicsError/activations(_:)`` or ``EpistemicsError/linearAlgebra(_:)``.
  /// - Complexity: O(*V* · *d*²) once, in *d*² numbers and chunks of as many.
  public init(of unembedding: Unembedding) throws(EpistemicsError) {
    let width = unembedding.width
    var gram = Matrix<Double>(rowCount: width, columnCount: width)
    var largest = 0.0
    try unembedding.forEachChunk(of: max(256, width)) { chunk throws(EpistemicsError) in
      for norm in squaredRowNorms(chunk.view) { largest = max(largest, norm) }
      gram.addElements(of: symmetricProduct(of: chunk.view, transposed: true))
    }
    largestRowNorm = largest.squareRoot()
    do throws(LinearAlgebraError) {
      let leading = try SymmetricEigendecomposition(leading: 1, of: gram.view)
      // No row is longer than the matrix; rounding must not say so.
      spectralNorm = max(leading.eigenvalues[0], largest).squareRoot()
    } catch {
      throw .linearAlgebra(error)
    }
  }
}
