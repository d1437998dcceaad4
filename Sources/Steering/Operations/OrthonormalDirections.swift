public import LinearAlgebra

/// Several directions to ablate at once: an orthonormal basis of what they span.
public struct OrthonormalDirections: Sendable, Equatable {
  /// One unit vector a row, at right angles to each other.
  public let basis: Matrix<Double>
  /// The places of the given vectors that added nothing, because those before them span them already.
  public let dependentVectors: [Int]

  /// The span of some vectors.
  ///
  /// - Parameters:
  ///   - vectors: (vectors, width), in the order in which they count.
  ///   - tolerance: How much of a vector's length must be new for it to count.
  /// - Throws: ``SteeringError/degenerate(method:reason:)`` if all are zero, or any is not finite.
  /// - Complexity: O(*k*² · *d*) for *k* vectors.
  public init(
    spanning vectors: Matrix<Double>, tolerance: Double = 1e-10
  ) throws(SteeringError) {
    var rows: [[Double]] = []
    var dependent: [Int] = []
    for place in 0..<vectors.rowCount {
      var vector = vectors.row(place)
      let norm = euclideanNorm(vector.span)
      guard norm.isFinite else {
        throw .degenerate(method: "vector \(place)", reason: "an element is not finite")
      }
      // Twice, so that vectors which are nearly dependent come out at right angles too.
      for _ in 0..<2 {
        var span = vector.mutableSpan
        for row in rows {
          let overlap = dotProduct(row.span, span.span)
          addProduct(of: -overlap, and: row.span, to: &span)
        }
      }
      let rest = euclideanNorm(vector.span)
      if norm > 0, rest > tolerance * norm {
        rows.append(vector.map { $0 / rest })
      } else {
        dependent.append(place)
      }
    }
    guard !rows.isEmpty else {
      throw .degenerate(method: "the subspace", reason: "all of its vectors are 0")
    }
    basis = Matrix(rows: rows)
    dependentVectors = dependent
  }

  /// Takes what lies along the directions away from states: h − Q Qᵀ h.
  ///
  /// - Parameter states: (rows, width).
  /// - Returns: As many states, with no projection on any of the directions but rounding.
  /// - Throws: ``SteeringError/widthMismatch(what:expected:actual:)``.
  public func ablated(_ states: Matrix<Float>) throws(SteeringError) -> Matrix<Float> {
    guard states.columnCount == basis.columnCount else {
      throw .widthMismatch(
        what: "the states", expected: basis.columnCount, actual: states.columnCount)
    }
    return Matrix<Float>(ablated(Matrix<Double>(states), columns: false))
  }

  /// Takes the directions out of a matrix that writes to the residual stream, so that nothing is written along
  /// them: W − Q Qᵀ W.
  ///
  /// The embedding, the output projections of attention and of the feed-forward layers, and their biases, all so
  /// changed, give what ablating the states after every block gives.
  ///
  /// - Parameters:
  ///   - weights: W.
  ///   - writesByColumns: Whether W's columns are what is written, (width, inputs), as in `o_proj.weight`; else
  ///     its rows are, (inputs, width), as in an embedding.
  /// - Returns: A matrix of W's shape.
  /// - Throws: ``SteeringError/widthMismatch(what:expected:actual:)``.
  public func orthogonalized(
    _ weights: Matrix<Double>, writesByColumns: Bool
  ) throws(SteeringError) -> Matrix<Double> {
    let width = writesByColumns ? weights.rowCount : weights.columnCount
    guard width == basis.columnCount else {
      throw .widthMismatch(what: "the weights", expected: basis.columnCount, actual: width)
    }
    return ablated(weights, columns: writesByColumns)
  }

  private func ablated(_ matrix: Matrix<Double>, columns: Bool) -> Matrix<Double> {
    var result = matrix
    if columns {
      let readings = product(of: basis.view, and: matrix.view)
      accumulateProduct(
        of: basis.view, and: readings.view, leftTransposed: true, scale: -1, into: &result)
    } else {
      let readings = product(of: matrix.view, and: basis.view, rightTransposed: true)
      accumulateProduct(of: readings.view, and: basis.view, scale: -1, into: &result)
    }
    return result
  }
}
