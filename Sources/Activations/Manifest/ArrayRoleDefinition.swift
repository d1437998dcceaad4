/// What one row of the role table says: how a role is spelt, what it may hold, and what for.
public struct ArrayRoleDefinition: Sendable {
  /// What the manifest gives for a role.
  public enum Content: Sendable, Equatable {
    /// An array of numbers in a file.
    case array
    /// An array of whole numbers in a file.
    case integers
    /// Whole numbers in a file, or a list of them in the manifest itself.
    case integersOrList
    /// Numbers in a file, or a list of them in the manifest itself.
    case numbersOrList
    /// A text file in JSONL: one line a sample.
    case texts
    /// One number, in the manifest itself.
    case number
    /// One number above 0, in the manifest itself.
    case positiveNumber
    /// One of these words, in the manifest itself.
    case choice([String])
  }

  /// The identifier, with `<feature>` where any name may stand: `contrasts.<feature>.positive`.
  public let pattern: String
  /// The sets of axes it may have, each in its canonical order; a file may store them in any order.
  ///
  /// A list of its own in the manifest has none. The first set is what a flag means by default.
  public let permittedAxes: [[Axis]]
  /// What the manifest gives for it.
  public let content: Content
  /// What it is for, in one phrase.
  public let purpose: String

  init(
    _ pattern: String, _ permittedAxes: [[Axis]], _ content: Content = .array, _ purpose: String
  ) {
    self.pattern = pattern
    self.permittedAxes = permittedAxes
    self.content = content
    self.purpose = purpose
  }

  /// The table of roles, in the order of the documentation.
  public static let all: [ArrayRoleDefinition] = hiddenStates + perSample + model + generations

  /// The permitted sets of axes in words: `sample,layer,width or sample,width`.
  public var permittedAxesDescription: String {
    permittedAxes.map(\.listed).joined(separator: " or ")
  }

  /// The name that stands for `<feature>` in `identifier`, or an empty text where there is none.
  ///
  /// - Returns: `nil` if `identifier` is not spelt like this pattern.
  func feature(in identifier: String) -> String? {
    guard let open = pattern.firstIndex(of: "<"), let close = pattern.firstIndex(of: ">") else {
      return identifier == pattern ? "" : nil
    }
    let prefix = pattern[..<open]
    let suffix = pattern[pattern.index(after: close)...]
    guard identifier.hasPrefix(prefix), identifier.hasSuffix(suffix),
      identifier.count > prefix.count + suffix.count
    else { return nil }
    return String(identifier.dropFirst(prefix.count).dropLast(suffix.count))
  }
}

extension ArrayRoleDefinition {
  private static let pairAxes: [[Axis]] = [
    [.sample, .layer, .width], [.sample, .width],
    [.sample, .variant, .layer, .width], [.sample, .variant, .width],
  ]
  private static let stateAxes: [[Axis]] = [[.sample, .layer, .width], [.sample, .width]]

  private static let hiddenStates = [
    ArrayRoleDefinition(
      "activations", stateAxes, "quality, probes on single texts, scores"),
    ArrayRoleDefinition("positive", pairAxes, "the positive side of contrast pairs"),
    ArrayRoleDefinition("negative", pairAxes, "the negative side of contrast pairs"),
    ArrayRoleDefinition(
      "contrasts.<feature>.positive", stateAxes, "feature gaps: the side that shows the feature"),
    ArrayRoleDefinition(
      "contrasts.<feature>.negative", stateAxes, "feature gaps: the side that lacks the feature"),
    ArrayRoleDefinition("finalNormed", [[.sample, .width]], "the last state after the final norm"),
    ArrayRoleDefinition(
      "tokenStates", [[.token, .layer, .width], [.token, .width]], "token-level scores"),
  ]

  private static let perSample = [
    ArrayRoleDefinition("labels", [[.sample]], .integers, "evaluation, quality, epistemics"),
    ArrayRoleDefinition("groups", [[.sample]], .integers, "samples that must share a fold"),
    ArrayRoleDefinition(
      "opposites", [[.sample]], .integers, "row number of the sample that states the reverse"),
    ArrayRoleDefinition(
      "categories", [[.sample]], .integers, "axioms, topics or prompt templates"),
    ArrayRoleDefinition(
      "attributes.<feature>", [[.sample]], .integers, "whatever else is known about each sample"),
    ArrayRoleDefinition("split", [[.sample]], .integers, "0 train, 1 validation, 2 test"),
    ArrayRoleDefinition("texts", [[]], .texts, "showing samples; never maths"),
    ArrayRoleDefinition("tokenCounts", [[.sample]], .integers, "how many tokens each answer has"),
    ArrayRoleDefinition(
      "answerTokens", [[.sample]], .integersOrList, "token of the right answer, or a set of them"),
    ArrayRoleDefinition(
      "alignedTokens", [[.sample]], .integersOrList, "tokens that an aligned answer begins with"),
    ArrayRoleDefinition(
      "misalignedTokens", [[.sample]], .integersOrList,
      "tokens that a misaligned answer begins with"),
  ]

  private static let model = [
    ArrayRoleDefinition("unembedding", [[.vocabulary, .width]], "logits, KL bounds"),
    ArrayRoleDefinition(
      "unembeddingBias", [[.vocabulary]], "added to the product with the unembedding"),
    ArrayRoleDefinition(
      "logitScale", [], .positiveNumber, "what logits are multiplied by (Cohere's models)"),
    ArrayRoleDefinition(
      "logitSoftCap", [], .positiveNumber,
      "the c of c·tanh(logit/c), applied last (Gemma 2)"),
    ArrayRoleDefinition("finalNorm.weight", [[.width]], "the gain of the final norm"),
    ArrayRoleDefinition("finalNorm.bias", [[.width]], "the bias of the final norm"),
    ArrayRoleDefinition("finalNorm.epsilon", [], .number, "the epsilon of the final norm"),
    ArrayRoleDefinition(
      "finalNorm.offset", [], .number, "added to the gain (1 for Gemma, else 0)"),
    ArrayRoleDefinition("finalNorm.kind", [], .choice(["rms", "layer"]), "which norm it is"),
    ArrayRoleDefinition(
      "sweep.coefficients", [[.coefficient]], .numbersOrList, "steering coefficients measured"),
    ArrayRoleDefinition("sweep.vector", [[.width]], "the steering vector of the sweep"),
    ArrayRoleDefinition(
      "sweep.layer", [], .number, "the layer that the vector was added at: the block it left"),
    ArrayRoleDefinition(
      "sweep.positions", [], .choice(["all", "last"]), "the tokens that it was added at"),
    ArrayRoleDefinition(
      "sweep.states", [[.coefficient, .sample, .width]], "final states under each coefficient"),
    ArrayRoleDefinition(
      "sweep.logits", [[.coefficient, .sample, .vocabulary]], "logits under each coefficient"),
    ArrayRoleDefinition(
      "sweep.controlVectors", [[.direction, .width]], "random vectors swept for comparison"),
    ArrayRoleDefinition(
      "sweep.controlStates", [[.direction, .coefficient, .sample, .width]],
      "final states under each coefficient of each control vector"),
    ArrayRoleDefinition(
      "sweep.controlLogits", [[.direction, .coefficient, .sample, .vocabulary]],
      "logits under each coefficient of each control vector"),
  ]

  private static let generations = [
    ArrayRoleDefinition("logProbabilities", [[.token]], "token scores"),
    ArrayRoleDefinition("tokenIds", [[.token]], .integers, "token scores: the answers' tokens"),
    ArrayRoleDefinition(
      "logits", [[.token, .vocabulary]], "token scores: what predicted each token"),
    ArrayRoleDefinition("topLogits.ids", [[.token, .rank]], .integers, "token scores"),
    ArrayRoleDefinition("topLogits.values", [[.token, .rank]], "token scores"),
    ArrayRoleDefinition("answers.embeddings", [[.sample, .answer, .width]], "sampling scores"),
    ArrayRoleDefinition("answers.logProbabilities", [[.sample, .answer]], "sampling scores"),
    ArrayRoleDefinition(
      "answers.similarity", [[.sample, .answer, .answer]], "sampling scores"),
    ArrayRoleDefinition(
      "answers.entailment", [[.sample, .answer, .answer]],
      "sampling scores: does the first answer entail the second"),
    ArrayRoleDefinition(
      "attention", [[.sample, .layer, .head, .token, .token]],
      "attention scores: query, then key"),
  ]

  private init(_ pattern: String, _ permittedAxes: [[Axis]], _ purpose: String) {
    self.init(pattern, permittedAxes, .array, purpose)
  }
}
