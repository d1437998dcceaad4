/// The part an array plays in a dump: `positive`, `labels`, `contrasts.honesty.positive`, ….
///
/// A role can only be made from an identifier that the table of roles knows, so that a value of this
/// type always has a ``definition``.
public struct ArrayRole: Hashable, Sendable {
  /// The identifier, as manifests spell it.
  public let identifier: String
  /// The row of the role table it belongs to.
  public var definition: ArrayRoleDefinition { ArrayRoleDefinition.all[row] }
  /// What stands for `<feature>` in the role's pattern; `nil` for roles without it.
  public let feature: String?

  private let row: Int

  /// The role that `identifier` names.
  ///
  /// `nil` if the table has no such role.
  ///
  /// - Parameter identifier: a name from the table of roles; a feature may have any name.
  public init?(_ identifier: String) {
    for (row, definition) in ArrayRoleDefinition.all.enumerated() {
      if let feature = definition.feature(in: identifier) {
        self.identifier = identifier
        self.feature = feature.isEmpty ? nil : feature
        self.row = row
        return
      }
    }
    return nil
  }

  private init(known pattern: String, feature: String? = nil) {
    guard let row = ArrayRoleDefinition.all.firstIndex(where: { $0.pattern == pattern }) else {
      preconditionFailure("the table of roles has no \(pattern)")
    }
    self.row = row
    self.feature = feature
    if let feature {
      precondition(!feature.isEmpty, "a feature needs a name")
      identifier = pattern.replacing("<feature>", with: feature)
    } else {
      identifier = pattern
    }
  }

  /// Two roles are equal if they have the same identifier.
  public static func == (first: ArrayRole, second: ArrayRole) -> Bool {
    first.identifier == second.identifier
  }

  /// Hashes the identifier.
  public func hash(into hasher: inout Hasher) { hasher.combine(identifier) }
}

extension ArrayRole {
  /// Hidden states of single texts.
  public static let activations = ArrayRole(known: "activations")
  /// The positive side of the contrast pairs.
  public static let positive = ArrayRole(known: "positive")
  /// The negative side of the contrast pairs.
  public static let negative = ArrayRole(known: "negative")
  /// The class of each sample.
  public static let labels = ArrayRole(known: "labels")
  /// Samples that must share a fold.
  public static let groups = ArrayRole(known: "groups")
  /// The row number of the sample that states the reverse.
  public static let opposites = ArrayRole(known: "opposites")
  /// The category (axiom, topic, prompt template) of each sample.
  public static let categories = ArrayRole(known: "categories")
  /// Which part of the data each sample belongs to.
  public static let split = ArrayRole(known: "split")
  /// The text of each sample.
  public static let texts = ArrayRole(known: "texts")
  /// The last state after the final norm.
  public static let finalNormed = ArrayRole(known: "finalNormed")
  /// The unembedding matrix.
  public static let unembedding = ArrayRole(known: "unembedding")
  /// What is added to the product with the unembedding matrix.
  public static let unembeddingBias = ArrayRole(known: "unembeddingBias")
  /// What logits are multiplied by, before ``logitSoftCap``.
  public static let logitScale = ArrayRole(known: "logitScale")
  /// The *c* of *c*·tanh(logit/*c*), which some models end with.
  public static let logitSoftCap = ArrayRole(known: "logitSoftCap")
  /// The token of the right answer of each sample, or a set of such tokens.
  public static let answerTokens = ArrayRole(known: "answerTokens")
  /// The tokens that an aligned answer begins with.
  public static let alignedTokens = ArrayRole(known: "alignedTokens")
  /// The tokens that a misaligned answer begins with.
  public static let misalignedTokens = ArrayRole(known: "misalignedTokens")
  /// The strengths at which a sweep was measured.
  public static let sweepCoefficients = ArrayRole(known: "sweep.coefficients")
  /// What a sweep added, times each coefficient.
  public static let sweepVector = ArrayRole(known: "sweep.vector")
  /// The layer whose states the vector was added to.
  public static let sweepLayer = ArrayRole(known: "sweep.layer")
  /// The tokens whose states the vector was added to.
  public static let sweepPositions = ArrayRole(known: "sweep.positions")
  /// The final states under each coefficient.
  public static let sweepStates = ArrayRole(known: "sweep.states")
  /// The logits under each coefficient.
  public static let sweepLogits = ArrayRole(known: "sweep.logits")
  /// The random vectors that a sweep was repeated along.
  public static let sweepControlVectors = ArrayRole(known: "sweep.controlVectors")
  /// The final states under each coefficient of each control vector.
  public static let sweepControlStates = ArrayRole(known: "sweep.controlStates")
  /// The logits under each coefficient of each control vector.
  public static let sweepControlLogits = ArrayRole(known: "sweep.controlLogits")
  /// Hidden states of every token.
  public static let tokenStates = ArrayRole(known: "tokenStates")
  /// The number of tokens of every sample.
  public static let tokenCounts = ArrayRole(known: "tokenCounts")
  /// The log-probability of every token.
  public static let logProbabilities = ArrayRole(known: "logProbabilities")
  /// The entry of the vocabulary that every token is.
  public static let tokenIds = ArrayRole(known: "tokenIds")
  /// The logits that every token was predicted by, over the whole vocabulary.
  public static let logits = ArrayRole(known: "logits")
  /// The tokens with the largest logits, beside every token.
  public static let topLogitIds = ArrayRole(known: "topLogits.ids")
  /// Those logits, the largest first.
  public static let topLogitValues = ArrayRole(known: "topLogits.values")

  /// The side of a feature's contrast set that shows the feature.
  ///
  /// - Parameter feature: the feature's name; not empty.
  /// - Returns: the role.
  public static func contrastPositive(_ feature: String) -> ArrayRole {
    ArrayRole(known: "contrasts.<feature>.positive", feature: feature)
  }

  /// The side of a feature's contrast set that lacks the feature.
  ///
  /// - Parameter feature: the feature's name; not empty.
  /// - Returns: the role.
  public static func contrastNegative(_ feature: String) -> ArrayRole {
    ArrayRole(known: "contrasts.<feature>.negative", feature: feature)
  }

  /// Something that is known about each sample besides its class and category.
  ///
  /// - Parameter name: what it is called; not empty.
  /// - Returns: the role.
  public static func attribute(_ name: String) -> ArrayRole {
    ArrayRole(known: attributePattern, feature: name)
  }

  private static let attributePattern = "attributes.<feature>"

  /// The name of an attribute of samples; `nil` for every other role.
  public var attributeName: String? { definition.pattern == Self.attributePattern ? feature : nil }

  /// The feature whose contrast set this is a side of; `nil` for every other role.
  public var contrastFeature: String? { attributeName == nil ? feature : nil }
}

extension ArrayRole: CustomStringConvertible {
  /// The identifier.
  public var description: String { identifier }
}

extension ArrayRole: Comparable {
  /// Orders roles as the table does, and features by name.
  public static func < (first: ArrayRole, second: ArrayRole) -> Bool {
    (first.row, first.identifier) < (second.row, second.identifier)
  }
}

extension ArrayRole: Codable {
  /// Decodes the identifier.
  ///
  /// - Parameter decoder: where to read.
  /// - Throws: `DecodingError` for an identifier that the table of roles lacks.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let identifier = try container.decode(String.self)
    guard let role = ArrayRole(identifier) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "there is no array role \"\(identifier)\"")
    }
    self = role
  }

  /// Encodes the identifier.
  ///
  /// - Parameter encoder: where to write.
  /// - Throws: what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(identifier)
  }
}
