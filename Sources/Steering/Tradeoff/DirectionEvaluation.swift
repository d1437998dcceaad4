internal import RealModule

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// How one candidate for a refusal direction fared: at a token position and a layer.
///
/// Reads and writes the objects of `direction_evaluations.json`.
public struct DirectionEvaluation: Sendable, Codable, Equatable {
  /// The token position, negative from the end.
  public let position: Int
  /// The layer whose input the direction was extracted from, from 0.
  public let layer: Int
  /// The refusal score of harmful prompts with the direction ablated, lower is better; `nil` where the run has NaN.
  public let refusalScore: Double?
  /// The refusal score of harmless prompts with the direction added, higher is better; `nil` where the run has
  /// NaN.
  public let steeringScore: Double?
  /// The divergence of predictions on harmless prompts with the direction ablated, in nats; `nil` where the run
  /// has NaN.
  public let divergence: Double?

  private enum CodingKeys: String, CodingKey {
    case position
    case layer
    case refusalScore = "refusal_score"
    case steeringScore = "steering_score"
    case divergence = "kl_div_score"
  }

  /// An evaluation, in which a score that is not finite counts as none.
  ///
  /// - Parameters:
  ///   - position: The token position, negative from the end.
  ///   - layer: The layer, from 0.
  ///   - refusalScore: With the direction ablated.
  ///   - steeringScore: With the direction added.
  ///   - divergence: With the direction ablated.
  public init(
    position: Int, layer: Int, refusalScore: Double?, steeringScore: Double?, divergence: Double?
  ) {
    func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
    self.position = position
    self.layer = layer
    self.refusalScore = finite(refusalScore)
    self.steeringScore = finite(steeringScore)
    self.divergence = finite(divergence)
  }

  /// Decodes an evaluation; a score may be NaN or null, but has to be there.
  ///
  /// - Throws: `DecodingError`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func score(_ key: CodingKeys) throws -> Double? {
      try container.decodeNil(forKey: key) ? nil : container.decode(Double.self, forKey: key)
    }
    self.init(
      position: try container.decode(Int.self, forKey: .position),
      layer: try container.decode(Int.self, forKey: .layer),
      refusalScore: try score(.refusalScore), steeringScore: try score(.steeringScore),
      divergence: try score(.divergence))
  }

  /// Encodes the evaluation with null for a score that there is none of, which strict JSON can hold.
  ///
  /// - Parameter encoder: Where to.
  /// - Throws: `EncodingError`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(position, forKey: .position)
    try container.encode(layer, forKey: .layer)
    try container.encode(refusalScore, forKey: .refusalScore)
    try container.encode(steeringScore, forKey: .steeringScore)
    try container.encode(divergence, forKey: .divergence)
  }

  /// Reads `direction_evaluations.json`, in which NaN may stand as Python writes it.
  ///
  /// - Parameter json: The file's contents.
  /// - Returns: The evaluations, in the file's order.
  /// - Throws: ``SteeringError/unreadableEvaluations(reason:)``.
  public static func read(_ json: Data) throws(SteeringError) -> [DirectionEvaluation] {
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    let evaluations: [DirectionEvaluation]
    do {
      evaluations = try decoder.decode([DirectionEvaluation].self, from: json)
    } catch let error as DecodingError {
      throw .unreadableEvaluations(reason: reason(of: error))
    } catch {
      throw .unreadableEvaluations(reason: "\(error)")
    }
    for (place, evaluation) in evaluations.enumerated() where evaluation.layer < 0 {
      throw .unreadableEvaluations(
        reason: "entry \(place) (counted from 0) has layer \(evaluation.layer)")
    }
    return evaluations
  }

  private static func reason(of error: DecodingError) -> String {
    let context: DecodingError.Context
    switch error {
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
      .dataCorrupted(let found):
      context = found
    @unknown default: return "\(error)"
    }
    let path = context.codingPath.map { key in
      key.intValue.map { "entry \($0) (counted from 0)" } ?? key.stringValue
    }
    return (path + [context.debugDescription]).joined(separator: ", ")
  }
}

/// The scores that refusal directions are evaluated with.
public enum RefusalScore {
  /// log(p + 10⁻⁸) − log(1 − p + 10⁻⁸), p the mass of the tokens that refusals begin with.
  ///
  /// Arditi et al. (2024), arXiv 2406.11717, appendix B.
  ///
  /// - Parameter probability: p, from 0 to 1.
  /// - Returns: Above 0 if refusal is likelier than not; from −18.42 to 18.42.
  public static func value(ofProbability probability: Double) -> Double {
    Double.log(probability + 1e-8) - Double.log(1 - probability + 1e-8)
  }

  /// Σ p (log(p + 10⁻⁶) − log(q + 10⁻⁶)): a divergence that bears probabilities of 0.
  ///
  /// It is near KL(p ‖ q), and may be below 0 by about the size of the vocabulary times 10⁻⁶.
  ///
  /// - Parameters:
  ///   - base: p.
  ///   - steered: q, of the same vocabulary.
  /// - Returns: In nats.
  /// - Throws: ``SteeringError/widthMismatch(what:expected:actual:)``.
  public static func smoothedDivergence(
    base: [Double], steered: [Double]
  ) throws(SteeringError) -> Double {
    try requireWidth(steered.count, base.count, "the steered probabilities")
    return zip(base, steered).reduce(0) { sum, pair in
      sum + pair.0 * (Double.log(pair.0 + 1e-6) - Double.log(pair.1 + 1e-6))
    }
  }
}
