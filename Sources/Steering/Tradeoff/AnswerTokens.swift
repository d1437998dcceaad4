/// The tokens whose probabilities say how a prompt is answered.
///
/// Behaviour is read from two sets, such as the ways to refuse and the ways to agree; helpfulness from
/// the correct token. A prompt may have either or both.
public struct AnswerTokens: Sendable, Hashable {
  /// The correct token; helpfulness is its probability.
  public let correct: Int?
  /// The tokens of aligned answers A, rising; empty if behaviour is not measured.
  public let aligned: [Int]
  /// The tokens of misaligned answers M, rising; empty if behaviour is not measured.
  public let misaligned: [Int]

  /// Whether behaviour can be measured.
  public var hasSets: Bool { !aligned.isEmpty }

  /// Checked tokens, of which one that a set names twice counts once.
  ///
  /// - Parameters:
  ///   - correct: The correct token, if helpfulness is measured.
  ///   - aligned: The tokens of aligned answers.
  ///   - misaligned: The tokens of misaligned answers; empty only if `aligned` is.
  /// - Throws: ``SteeringError/emptyTokenSet(set:)`` if one set alone is empty, or if there are neither
  ///   sets nor a correct token; ``SteeringError/tokenInBothSets(token:)``.
  public init(
    correct: Int? = nil, aligned: [Int] = [], misaligned: [Int] = []
  ) throws(SteeringError) {
    let sets = (aligned: Set(aligned), misaligned: Set(misaligned))
    if let shared = sets.aligned.intersection(sets.misaligned).min() {
      throw .tokenInBothSets(token: shared)
    }
    if sets.aligned.isEmpty, correct == nil || !sets.misaligned.isEmpty {
      throw .emptyTokenSet(set: "aligned")
    }
    if sets.misaligned.isEmpty, !sets.aligned.isEmpty { throw .emptyTokenSet(set: "misaligned") }
    self.correct = correct
    self.aligned = sets.aligned.sorted()
    self.misaligned = sets.misaligned.sorted()
  }

  /// Checks that a vocabulary has all tokens.
  func check(vocabularySize: Int) throws(SteeringError) {
    for (set, tokens) in [
      ("correct", correct.map { [$0] } ?? []), ("aligned", aligned), ("misaligned", misaligned),
    ] {
      for token in tokens where !(0..<vocabularySize).contains(token) {
        throw .tokenOutOfRange(set: set, token: token, vocabularySize: vocabularySize)
      }
    }
  }
}
