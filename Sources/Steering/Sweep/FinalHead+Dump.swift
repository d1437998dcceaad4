public import Activations
internal import LinearAlgebra

extension FinalHead {
  /// The head whose parts a dump holds: the roles `unembedding`, `finalNorm.…`, `unembeddingBias`, `logitScale` and
  /// `logitSoftCap`.
  ///
  /// The unembedding stays in its file and is read a few tokens at a time.
  ///
  /// - Parameter dump: A dump with an unembedding.
  /// - Throws: `ActivationsError/missingRoles(_:purpose:present:)` without an unembedding, or for a norm of which a
  ///   part is missing.
  public init(_ dump: ActivationDump) throws(SteeringError) {
    func role(_ identifier: String) -> ArrayRole {
      guard let role = ArrayRole(identifier) else {
        preconditionFailure("the table of roles has no \(identifier)")
      }
      return role
    }
    func number(_ identifier: String) -> Double? {
      if case .number(let value)? = dump.manifest.arrays[role(identifier)] { value } else { nil }
    }
    func values(_ identifier: String) throws(SteeringError) -> [Double]? {
      guard let array = dump.arrays[role(identifier)] else { return nil }
      do throws(ActivationsError) {
        return try array.values()
      } catch {
        throw .activations(error)
      }
    }
    func missing(_ roles: [String], _ purpose: String) -> SteeringError {
      .activations(
        .missingRoles(
          roles, purpose: purpose, present: dump.arrays.keys.sorted().map(\.identifier)))
    }
    guard let unembedding = dump.arrays[.unembedding],
      let vocabularyCount = unembedding.count(of: .vocabulary),
      let width = unembedding.count(of: .width)
    else { throw missing(["unembedding"], "logits") }
    let norm: Norm
    let weight = try values("finalNorm.weight")
    let purpose = "the final norm, which stands before the unembedding"
    switch dump.manifest.arrays[role("finalNorm.kind")] {
    case .choice(let kind)?:
      guard let weight else { throw missing(["finalNorm.weight"], purpose) }
      guard let epsilon = number("finalNorm.epsilon") else {
        throw missing(["finalNorm.epsilon"], purpose)
      }
      let offset = number("finalNorm.offset") ?? 0
      let gain = weight.map { $0 + offset }
      norm =
        kind == "layer"
        ? .layer(
          gain: gain,
          bias: try values("finalNorm.bias") ?? [Double](repeating: 0, count: gain.count),
          epsilon: epsilon)
        : .rootMeanSquare(gain: gain, epsilon: epsilon)
    default:
      guard weight == nil else { throw missing(["finalNorm.kind"], purpose) }
      norm = .none
    }
    try self.init(
      norm: norm, width: width, vocabularyCount: vocabularyCount,
      bias: try values("unembeddingBias") ?? [], scale: number("logitScale") ?? 1,
      softCap: number("logitSoftCap")
    ) { tokens throws(SteeringError) in
      do throws(ActivationsError) {
        return try unembedding.matrix(rows: .vocabulary, at: tokens, columns: .width)
      } catch {
        throw .activations(error)
      }
    }
  }
}

extension PromptAnswers {
  /// The answers that a dump names: the roles `answerTokens`, `alignedTokens` and `misalignedTokens`.
  ///
  /// A list in the manifest holds for every sample; an array has one token a sample, of which a negative one stands for
  /// none.
  ///
  /// - Parameters:
  ///   - dump: A dump that names tokens.
  ///   - samples: The samples whose answers are wanted.
  /// - Throws: As ``init(correct:aligned:misaligned:)``.
  public init(_ dump: ActivationDump, samples: [Int]) throws(SteeringError) {
    func tokens(_ role: ArrayRole) throws(SteeringError) -> [[Int]] {
      if case .integers(let list)? = dump.manifest.arrays[role] { return samples.map { _ in list } }
      guard let array = dump.arrays[role] else { return samples.map { _ in [] } }
      do throws(ActivationsError) {
        let all = try array.integers()
        return samples.map { all[$0] < 0 ? [] : [all[$0]] }
      } catch {
        throw .activations(error)
      }
    }
    try self.init(
      correct: try tokens(.answerTokens), aligned: try tokens(.alignedTokens),
      misaligned: try tokens(.misalignedTokens))
  }
}
