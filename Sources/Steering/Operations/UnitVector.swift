internal import LinearAlgebra

/// A vector by its direction and its length.
struct UnitVector: Sendable, Equatable {
  /// v̂, of length 1.
  let elements: [Double]
  /// ‖v‖.
  let norm: Double

  /// - Throws: ``SteeringError/degenerate(method:reason:)`` if the vector is zero or not finite.
  init(_ vector: [Double], of what: String) throws(SteeringError) {
    let norm = euclideanNorm(vector.span)
    guard norm > 0, norm.isFinite else {
      throw .degenerate(
        method: what,
        reason: norm == 0
          ? "all its elements are 0, so that there is nothing to steer along"
          : "an element, or its length, is not finite")
    }
    elements = vector.map { $0 / norm }
    self.norm = norm
  }
}
