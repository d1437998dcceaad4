public import LinearAlgebra
internal import RealModule

/// What adding a vector does to what is read from states: z(r) = z₀ + r w · v, exactly.
///
/// It needs no unembedding, and says nothing of what the model makes of the states behind them.
public struct ReadoutSweep: Sendable, Equatable {
  /// z₀ of each state.
  public let logits: [Double]
  /// w · v: by how much each state's logit rises per unit of the coefficient.
  public let slope: Double

  /// A sweep of states along a vector.
  ///
  /// - Parameters:
  ///   - readout: What is read.
  ///   - states: (n, width).
  ///   - vector: What is added, of their width.
  /// - Throws: ``SteeringError/widthMismatch(what:expected:actual:)``.
  /// - Complexity: O(*n* · *d*).
  public init(
    _ readout: LinearReadout, of states: Matrix<Float>, along vector: [Double]
  ) throws(SteeringError) {
    let width = readout.weights.count
    for (what, actual) in [
      ("the states", states.columnCount), ("the steering vector", vector.count),
    ] where actual != width {
      throw .widthMismatch(what: what, expected: width, actual: actual)
    }
    logits = readout.logits(of: states)
    slope = dotProduct(readout.weights.span, vector.span)
  }

  /// The probability that each state reads as positive, at a coefficient.
  ///
  /// - Parameter coefficient: r, finite.
  /// - Returns: σ(z₀ + r w · v) of each state.
  public func probabilities(at coefficient: Double) -> [Double] {
    logits.map { 1 / (1 + .exp(-($0 + coefficient * slope))) }
  }

  /// The coefficient at which each state's reading changes its side: −z₀/(w · v).
  ///
  /// `nil` where the vector does not move the reading.
  public var flipCoefficients: [Double]? {
    guard slope != 0 else { return nil }
    return logits.map { -$0 / slope }
  }
}
