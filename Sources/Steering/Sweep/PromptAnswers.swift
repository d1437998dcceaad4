/// Which next tokens count as which answer, for each prompt.
public struct PromptAnswers: Sendable, Equatable {
  /// The tokens of the right answer; none for prompts that have none.
  public let correct: [[Int]]
  /// Tokens that an aligned answer begins with; none for prompts whose alignment is not measured.
  public let aligned: [[Int]]
  /// Tokens that a misaligned answer begins with.
  public let misaligned: [[Int]]

  /// How many prompts there are.
  public var count: Int { correct.count }

  /// Answers of some prompts.
  ///
  /// - Parameters:
  ///   - correct: The tokens of the right answer of each prompt.
  ///   - aligned: Tokens that an aligned answer begins with, of each prompt.
  ///   - misaligned: Tokens that a misaligned answer begins with, of each prompt.
  /// - Throws: ``SteeringError/invalidSetting(method:name:value:expected:)`` if not all are of as many prompts, or a
  ///   prompt has tokens of one kind of alignment only; ``SteeringError/tokenInBothSets(token:)``.
  public init(
    correct: [[Int]], aligned: [[Int]], misaligned: [[Int]]
  ) throws(SteeringError) {
    for (name, tokens) in [("aligned", aligned), ("misaligned", misaligned)]
    where tokens.count != correct.count {
      throw .invalidSetting(
        method: "answers", name: name, value: "\(tokens.count) sets of tokens",
        expected: "\(correct.count), one a prompt")
    }
    for prompt in correct.indices {
      guard aligned[prompt].isEmpty == misaligned[prompt].isEmpty else {
        throw .invalidSetting(
          method: "answers", name: aligned[prompt].isEmpty ? "aligned" : "misaligned",
          value: "empty for prompt \(prompt)",
          expected: "tokens of both kinds, or of none; alignment compares the two")
      }
      let both = Set(aligned[prompt]).intersection(misaligned[prompt])
      if let token = both.min() { throw .tokenInBothSets(token: token) }
    }
    self.correct = correct.map { Set($0).sorted() }
    self.aligned = aligned.map { Set($0).sorted() }
    self.misaligned = misaligned.map { Set($0).sorted() }
  }

  /// Every token that any prompt names, in ascending order.
  var all: [Int] { Set([correct, aligned, misaligned].joined().joined()).sorted() }
}
