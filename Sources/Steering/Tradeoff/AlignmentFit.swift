public import Evaluation
internal import RealModule

/// How points of a curve of behaviour count in its fit.
///
/// The line through arctanh B and the curve through B itself both follow the choice: a weight w of arctanh B is a
/// weight w/(1 − B²)² of B.
public enum AlignmentWeighting: String, Sendable, Codable, CaseIterable {
  /// Every B has the same variance: the line weighs (1 − B²)², which matches least squares on B.
  case homoscedastic
  /// B is a mean of n outcomes ±1, with variance (1 − B²)/n: the line weighs n(1 − B²).
  case binomial
  /// The line weighs all points alike, and so does the curve.
  case unweighted
  /// Every outcome has the same variance: the line weighs n(1 − B²)², which differs from
  /// ``homoscedastic`` only where n varies by point.
  case countScaled = "count-scaled"
}

/// Behaviour against the coefficient as tanh(a r + b₀): theorem 1 of the trade-off paper.
///
/// A line through arctanh B starts Gauss and Newton's method on B.
public struct AlignmentFit: Sendable, Codable, Equatable {
  /// The line through arctanh B, clipped at ±(1 − 1/(2n)); its R² is of arctanh B.
  public let linearized: LineFit
  /// a, which stands for Δλ: half the log-odds gained per unit of the coefficient.
  public let slope: Double
  /// b₀ = arctanh B at r = 0.
  public let offset: Double
  /// R² of B by the curve; undefined where all values agree.
  public let rSquared: MeasuredValue
  /// The straight line through all points of B.
  public let line: LineFit
  /// The straight line through the points where |a r + b₀| < 0.8, in which tanh is nearly straight; `nil`
  /// if there are fewer than two.
  public let lineNearZero: LineFit?
  /// `not-converged` if the steps did not end.
  public let flags: [Flag]

  /// Where |a r + b₀| ends for ``lineNearZero``.
  public static let nearlyStraight = 0.8

  /// Fits a curve of behaviour.
  ///
  /// - Parameters:
  ///   - coefficients: r, at least two different ones.
  ///   - behaviour: B at each, from −1 to 1.
  ///   - counts: How many prompts, or outcomes, each B is the mean of; at least 1.
  ///   - weighting: How points count.
  /// - Throws: ``SteeringError/widthMismatch(what:expected:actual:)``,
  ///   ``SteeringError/invalidCurve(what:place:reason:)``.
  /// - Complexity: O(points) a step.
  public init(
    coefficients: [Double], behaviour: [Double], counts: [Int],
    weighting: AlignmentWeighting = .homoscedastic
  ) throws(SteeringError) {
    try requireWidth(behaviour.count, coefficients.count, "the values of behaviour")
    try requireWidth(counts.count, coefficients.count, "the counts")
    try requireFinite(coefficients, "the coefficients", unit: "position")
    try requireRange(behaviour, -1...1, "behaviour", unit: "coefficient")
    if let place = counts.firstIndex(where: { $0 < 1 }) {
      throw .invalidCurve(
        what: "the counts", place: "coefficient \(place)", reason: "the count is \(counts[place])")
    }
    let clipped = zip(behaviour, counts).map { value, count in
      let end = min(1 - 1 / (2 * Double(count)), 1.0.nextDown)
      return max(-end, min(end, value))
    }
    let spread = clipped.map { (1 - $0) * (1 + $0) }
    let lineWeights: [Double]
    let curveWeights: [Double]
    let ones = [Double](repeating: 1, count: behaviour.count)
    switch weighting {
    case .homoscedastic:
      lineWeights = spread.map { $0 * $0 }
      curveWeights = ones
    case .binomial:
      lineWeights = zip(spread, counts).map { $0 * Double($1) }
      curveWeights = zip(spread, counts).map { Double($1) / $0 }
    case .unweighted:
      lineWeights = ones
      curveWeights = ones
    case .countScaled:
      lineWeights = zip(spread, counts).map { $0 * $0 * Double($1) }
      curveWeights = counts.map { Double($0) }
    }
    guard
      let linearized = LineFit(
        coefficients, clipped.map { Double.atanh($0) }, weights: lineWeights),
      let line = LineFit(coefficients, behaviour)
    else {
      throw .invalidCurve(
        what: "the curve of behaviour", place: nil,
        reason: "a fit needs at least 2 different coefficients")
    }
    let fit = GaussNewton(
      coefficients, behaviour, weights: curveWeights,
      start: (linearized.slope, linearized.offset)
    ) { place, parameters in
      let value = Double.tanh(parameters.0 * place + parameters.1)
      let derivative = (1 - value) * (1 + value)
      return (value, derivative * place, derivative)
    }
    let (slope, offset) = fit.parameters
    self.linearized = linearized
    self.slope = slope
    self.offset = offset
    self.line = line
    rSquared = Steering.rSquared(
      behaviour, fitted: coefficients.map { Double.tanh(slope * $0 + offset) },
      weights: curveWeights)
    let near = coefficients.indices.filter {
      (slope * coefficients[$0] + offset).magnitude < Self.nearlyStraight
    }
    lineNearZero = LineFit(near.map { coefficients[$0] }, near.map { behaviour[$0] })
    flags = fit.flags
  }

  /// The fitted behaviour.
  ///
  /// - Parameter coefficient: r.
  /// - Returns: tanh(a r + b₀).
  public func value(at coefficient: Double) -> Double {
    Double.tanh(slope * coefficient + offset)
  }

  /// a₁ = (1 − B₀²) a: the slope of the fitted curve at r = 0, B₀ = tanh b₀.
  public var gain: Double {
    let inverse = 1 / Double.cosh(offset)
    return slope * inverse * inverse
  }
}

/// Throws at the first value outside a range, NaN included.
func requireRange(
  _ values: [Double], _ range: ClosedRange<Double>, _ what: String, unit: String
) throws(SteeringError) {
  if let place = values.firstIndex(where: { !range.contains($0) }) {
    throw .invalidCurve(
      what: what, place: "\(unit) \(place)",
      reason: "the value is \(values[place]), expected "
        + "\(range.lowerBound) to \(range.upperBound)")
  }
}
