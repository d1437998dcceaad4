internal import LinearAlgebra
internal import RealModule

/// The logits of the few tokens that answers are about, in float64.
struct AnswerLogits: Sendable {
  private let places: [Int: Int]
  /// (tokens, prompts): before the norm's divisor.
  private let numerators: Matrix<Double>
  private let slopes: [Double]
  private let offsets: [Double]
  private let cap: Double?

  init(_ tokens: [Int], line: LineOfStates, head: FinalHead) throws(SteeringError) {
    places = Dictionary(uniqueKeysWithValues: tokens.enumerated().map { ($1, $0) })
    cap = head.softCap
    guard !tokens.isEmpty else {
      (numerators, slopes, offsets) = (Matrix(rowCount: 0, columnCount: 0), [], [])
      return
    }
    let rows = try head.unembeddingRows(of: tokens)
    numerators = product(
      of: Matrix<Double>(rows).view, and: Matrix<Double>(line.numerators).view,
      rightTransposed: true)
    slopes = DirectionReadings.projections(of: rows, on: line.slope)
    offsets = head.offsets(of: rows, tokens: tokens)
  }

  /// The logit of a token when the prompt's state has moved.
  func value(of token: Int, row: Int, move: Double, factor: Double) -> Double {
    guard let place = places[token] else { preconditionFailure("token \(token) was not named") }
    let value = factor * (numerators[place, row] + move * slopes[place]) + offsets[place]
    return cap.map { $0 * .tanh(value / $0) } ?? value
  }
}
