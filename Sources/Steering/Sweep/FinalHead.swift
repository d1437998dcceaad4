public import LinearAlgebra

/// What turns the last hidden state into logits: the final norm, the unembedding, and what follows them.
///
/// logits = cap · tanh(scale · (W norm(h) + b) / cap), each part where the model has it.
public struct FinalHead: Sendable {
  /// The final norm.
  public enum Norm: Sendable, Equatable {
    /// None, or the states are normed already.
    case none
    /// γ ∘ h / √(‖h‖²/d + ε), with the gain γ as it is applied: 1 + weight for Gemma.
    case rootMeanSquare(gain: [Double], epsilon: Double)
    /// γ ∘ (h − h̄) / √(variance + ε) + β.
    case layer(gain: [Double], bias: [Double], epsilon: Double)
  }

  /// The final norm.
  public let norm: Norm
  /// How many features a state has.
  public let width: Int
  /// How many tokens there are.
  public let vocabularyCount: Int
  /// b, one a token; empty for none.
  public let bias: [Double]
  /// What logits are multiplied by.
  public let scale: Double
  /// c of c · tanh(logit/c); `nil` for none.
  public let softCap: Double?
  private let rows: @Sendable ([Int]) throws(SteeringError) -> Matrix<Float>

  /// A head whose unembedding is read a few tokens at a time.
  ///
  /// - Parameters:
  ///   - norm: The final norm.
  ///   - width: How many features a state has.
  ///   - vocabularyCount: How many tokens there are.
  ///   - bias: b, one a token; empty for none.
  ///   - scale: What logits are multiplied by.
  ///   - softCap: c of c · tanh(logit/c); `nil` for none.
  ///   - rows: The rows of the unembedding, (tokens, width), of some tokens. Called from one thread.
  /// - Throws: ``SteeringError/widthMismatch(what:expected:actual:)`` if the norm has another width,
  ///   ``SteeringError/invalidSetting(method:name:value:expected:)`` for an epsilon, scale or cap that cannot be.
  public init(
    norm: Norm, width: Int, vocabularyCount: Int, bias: [Double] = [], scale: Double = 1,
    softCap: Double? = nil, rows: @escaping @Sendable ([Int]) throws(SteeringError) -> Matrix<Float>
  ) throws(SteeringError) {
    func check(_ name: String, _ value: Double, _ isRight: Bool, _ expected: String)
      throws(SteeringError)
    {
      guard isRight else {
        throw .invalidSetting(
          method: "final head", name: name, value: "\(value)", expected: expected)
      }
    }
    switch norm {
    case .none: break
    case .rootMeanSquare(let gain, let epsilon), .layer(let gain, _, let epsilon):
      guard gain.count == width else {
        throw .widthMismatch(what: "the final norm's weight", expected: width, actual: gain.count)
      }
      try check(
        "epsilon", epsilon, epsilon >= 0 && epsilon.isFinite, "a number that is not negative")
    }
    if case .layer(_, let normBias, _) = norm, normBias.count != width {
      throw .widthMismatch(what: "the final norm's bias", expected: width, actual: normBias.count)
    }
    if !bias.isEmpty, bias.count != vocabularyCount {
      throw .widthMismatch(
        what: "the unembedding's bias", expected: vocabularyCount, actual: bias.count)
    }
    try check("logitScale", scale, scale > 0 && scale.isFinite, "a number above 0")
    if let softCap {
      try check("logitSoftCap", softCap, softCap > 0 && softCap.isFinite, "a number above 0")
    }
    self.norm = norm
    self.width = width
    self.vocabularyCount = vocabularyCount
    self.bias = bias
    self.scale = scale
    self.softCap = softCap
    self.rows = rows
  }

  /// A head with its unembedding in memory.
  ///
  /// - Parameters:
  ///   - norm: The final norm.
  ///   - unembedding: (vocabulary, width).
  ///   - bias: b, one a token; empty for none.
  ///   - scale: What logits are multiplied by.
  ///   - softCap: c of c · tanh(logit/c); `nil` for none.
  /// - Throws: As above.
  public init(
    norm: Norm, unembedding: Matrix<Float>, bias: [Double] = [], scale: Double = 1,
    softCap: Double? = nil
  ) throws(SteeringError) {
    try self.init(
      norm: norm, width: unembedding.columnCount, vocabularyCount: unembedding.rowCount,
      bias: bias, scale: scale, softCap: softCap
    ) { tokens in unembedding.selectingRows(tokens) }
  }

  /// The rows of the unembedding of some tokens.
  ///
  /// - Throws: ``SteeringError/tokenOutOfRange(set:token:vocabularySize:)``, or what reading throws.
  func unembeddingRows(of tokens: [Int]) throws(SteeringError) -> Matrix<Float> {
    for token in tokens where token < 0 || token >= vocabularyCount {
      throw .tokenOutOfRange(set: "answer", token: token, vocabularySize: vocabularyCount)
    }
    return try rows(tokens)
  }

  /// The vocabulary in pieces: the logits of one stay in the first-level cache.
  var chunks: [[Int]] {
    stride(from: 0, to: vocabularyCount, by: 1024).map { first in
      Array(first..<min(first + 1024, vocabularyCount))
    }
  }

  /// γ; ones without a norm.
  var gain: [Double] {
    switch norm {
    case .none: [Double](repeating: 1, count: width)
    case .rootMeanSquare(let gain, _), .layer(let gain, _, _): gain
    }
  }

  /// What each token's logit has whatever the state: scale · (W β + b).
  func offsets(of rows: Matrix<Float>, tokens: [Int]) -> [Double] {
    var offsets =
      bias.isEmpty ? [Double](repeating: 0, count: tokens.count) : tokens.map { bias[$0] }
    if case .layer(_, let normBias, _) = norm {
      for (place, value) in DirectionReadings.projections(of: rows, on: normBias).enumerated() {
        offsets[place] += value
      }
    }
    return offsets.map { $0 * scale }
  }

  /// Whether states look as if the final norm had been applied to them: less its bias and over its gain, each has a root
  /// mean square of 1.
  ///
  /// States of a residual stream differ in length from token to token, and are many times as long.
  func looksNormed(_ states: Matrix<Float>) -> Bool {
    let bias: [Double]
    switch norm {
    case .none: return false
    case .rootMeanSquare: bias = [Double](repeating: 0, count: width)
    case .layer(_, let values, _): bias = values
    }
    let gain = gain
    let columns = gain.indices.filter { gain[$0] != 0 }
    guard !columns.isEmpty else { return false }
    return (0..<states.rowCount).allSatisfy { row in
      let square = columns.reduce(0.0) { sum, column in
        let value = (Double(states[row, column]) - bias[column]) / gain[column]
        return sum + value * value
      }
      return abs((square / Double(columns.count)).squareRoot() - 1) < Self.normedTolerance
    }
  }

  /// The rounding of float16 states of a few features stays below.
  private static let normedTolerance = 0.005

  /// Whether any token's logit has a part that does not depend on the state.
  var hasOffsets: Bool {
    if case .layer = norm { return true }
    return !bias.isEmpty
  }
}
