internal import Activations
public import Evaluation
internal import LinearAlgebra

/// A steering vector: what to add to the states of a layer, and how far to trust it.
///
/// Codable; its numbers come back bit for bit.
public struct SteeringDirection: Sendable, Codable, Equatable {
  private let weights: ParameterArray<Double>
  /// The length of what the method found, before any normalisation.
  public let rawNorm: Double
  /// The method's identifier.
  public let method: String
  /// How the sign was settled; `nil` where the method's definition says it.
  public let signRule: SignRule?
  /// The layer whose states it was extracted from; 0 is the embeddings, l the output of block l.
  public let layer: Int
  /// How many positive states it was extracted from; how many pairs, if there were pairs.
  public let positiveCount: Int
  /// How many negative states it was extracted from.
  public let negativeCount: Int
  /// The share of the variance, or of the mean square, along it, for methods that maximise that.
  public let explainedVariance: Double?
  /// What tells how far to trust it.
  public let diagnostics: DirectionDiagnostics
  /// What was remarkable.
  public let flags: [Flag]

  init(
    vector: [Double], rawNorm: Double, method: String, signRule: SignRule?, layer: Int,
    positiveCount: Int, negativeCount: Int, explainedVariance: Double?,
    diagnostics: DirectionDiagnostics, flags: [Flag]
  ) {
    weights = ParameterArray(vector)
    self.rawNorm = rawNorm
    self.method = method
    self.signRule = signRule
    self.layer = layer
    self.positiveCount = positiveCount
    self.negativeCount = negativeCount
    self.explainedVariance = explainedVariance
    self.diagnostics = diagnostics
    self.flags = flags
  }

  /// The vector, towards the positive side: one weight a feature.
  public var vector: [Double] { weights.values }
  /// The vector's own length.
  public var norm: Double { euclideanNorm(vector.span) }
  /// The vector at length 1.
  public var unit: [Double] {
    let norm = norm
    return vector.map { $0 / norm }
  }

  /// The cosine of the angle to another vector.
  ///
  /// - Parameter other: As wide as this one, and not zero.
  /// - Returns: From −1 to 1.
  /// - Precondition: The widths agree.
  public func cosine(to other: [Double]) -> Double { Steering.cosine(vector, other) }
}

/// The cosine of the angle of two vectors.
///
/// - Parameters:
///   - first: Any vector but zero.
///   - second: As wide.
/// - Returns: From −1 to 1; NaN if one is zero.
/// - Precondition: The widths agree.
public func cosine(_ first: [Double], _ second: [Double]) -> Double {
  let norms = euclideanNorm(first.span) * euclideanNorm(second.span)
  return max(-1, min(1, dotProduct(first.span, second.span) / norms))
}
