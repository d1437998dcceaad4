internal import LinearAlgebra

/// How the final norm sees states that move along a unit vector: the numerator h + ρ v̂, and its length.
///
/// With a layer norm both lose their mean first. Per state, four numbers say all: ‖h‖², h · v̂, ‖v̂‖² and whether
/// the length is kept.
struct LineOfStates: Sendable {
  /// γ ∘ h, centred for a layer norm, (states, width): the left factor of the one large product.
  let numerators: Matrix<Float>
  /// γ ∘ v̂, centred for a layer norm.
  let slope: [Double]
  private let squares: [Double]
  private let overlaps: [Double]
  private let slopeSquare: Double
  /// The same of the states as they are, for operations that keep their length.
  private let fullSquares: [Double]
  private let fullOverlaps: [Double]
  private let norm: FinalHead.Norm
  private let width: Double

  init(_ states: Matrix<Float>, along unit: [Double], head: FinalHead) {
    norm = head.norm
    width = Double(head.width)
    let gain = head.gain
    var isCentered = false
    if case .layer = head.norm { isCentered = true }
    let slopeMean = isCentered ? unit.reduce(0, +) / width : 0
    let moved = unit.map { $0 - slopeMean }
    slope = zip(moved, gain).map { $0 * $1 }
    slopeSquare = dotProduct(moved.span, moved.span)
    fullSquares = squaredRowNorms(of: states.view)
    fullOverlaps = DirectionReadings.projections(of: states, on: unit)
    var centered: [Double] = []
    var overlaps: [Double] = []
    var squares: [Double] = []
    var numerators = Matrix<Float>(rowCount: states.rowCount, columnCount: states.columnCount)
    for row in 0..<states.rowCount {
      centered = states.row(row).map { Double($0) }
      if isCentered {
        let mean = centered.reduce(0, +) / width
        for column in centered.indices { centered[column] -= mean }
      }
      squares.append(dotProduct(centered.span, centered.span))
      overlaps.append(dotProduct(centered.span, moved.span))
      for column in centered.indices {
        numerators[row, column] = Float(centered[column] * gain[column])
      }
    }
    self.numerators = numerators
    self.squares = squares
    self.overlaps = overlaps
  }

  /// What the numerator's logits are multiplied by when a state has moved by ρ: κ over the norm's divisor.
  ///
  /// - Throws: ``SteeringError/degenerate(method:reason:)`` if the divisor is 0: the state was moved to zero, and the
  ///   norm has no epsilon.
  func factor(
    row: Int, coefficient: Double, preservesNorm: Bool
  ) throws(SteeringError) -> Double {
    var keep = 1.0
    if preservesNorm, coefficient != 0 {
      let length =
        fullSquares[row] + coefficient * (2 * fullOverlaps[row] + coefficient)
      // A state that was moved to zero stays there.
      keep = length > 0 ? (fullSquares[row] / length).squareRoot() : 1
    }
    let epsilon: Double
    switch norm {
    case .none: return keep
    case .rootMeanSquare(_, let value), .layer(_, _, let value): epsilon = value
    }
    let square =
      squares[row] + coefficient * (2 * overlaps[row] + coefficient * slopeSquare)
    let divisor = (keep * keep * max(0, square) / width + epsilon).squareRoot()
    guard divisor > 0 else {
      throw .degenerate(
        method: "the final norm",
        reason: "state \(row) is zero after moving by \(coefficient), and the norm has no epsilon; "
          + "give finalNorm.epsilon")
    }
    return keep / divisor
  }

  /// The derivative of a token's logit at ρ = 0, from its numerator's logit and slope before the norm.
  func derivative(row: Int, numerator: Double, slope: Double) throws(SteeringError) -> Double {
    let factor = try factor(row: row, coefficient: 0, preservesNorm: false)
    if case .none = norm { return slope }
    return factor * (slope - numerator * overlaps[row] * factor * factor / width)
  }
}
