/// How an uncertainty is read as the probability of being right.
public enum ConfidenceReading: String, Sendable, Codable, CaseIterable {
  /// The uncertainty is the negated probability, p = −u, which loses no digit.
  case negated
  /// The uncertainty is the probability of being wrong, p = 1 − u.
  case complement

  /// The probabilities, which may still lie outside 0…1.
  ///
  /// - Parameter uncertainty: One finite number an answer.
  /// - Returns: One probability an answer.
  /// - Throws: ``EvaluationError/nonFinite(what:position:)``.
  func confidences(_ uncertainty: [Double]) throws(EvaluationError) -> [Double] {
    let finite = try NonFiniteScores.refused.ordered(uncertainty)
    return finite.map { self == .negated ? 0 - $0 : 1 - $0 }
  }

  /// The probabilities, all of which lie in 0…1.
  ///
  /// - Parameter uncertainty: One finite number an answer.
  /// - Returns: One probability an answer.
  /// - Throws: ``EvaluationError/nonFinite(what:position:)`` or
  ///   ``EvaluationError/valueOutOfRange(what:position:value:allowed:)``.
  func probabilities(_ uncertainty: [Double]) throws(EvaluationError) -> [Double] {
    let confidences = try confidences(uncertainty)
    if let place = confidences.firstIndex(where: { !(0...1).contains($0) }) {
      throw .valueOutOfRange(
        what: "the uncertainty", position: place, value: uncertainty[place],
        allowed: self == .negated
          ? "a negated probability, between -1 and 0; calibrate other scores first"
          : "the probability of being wrong, between 0 and 1; calibrate other scores first")
    }
    return confidences
  }
}
