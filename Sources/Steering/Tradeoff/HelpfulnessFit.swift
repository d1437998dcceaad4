public import Evaluation

/// Where a curve of helpfulness ends far out.
public enum HelpfulnessFloor: Sendable, Codable, Equatable {
  /// At 0.
  case none
  /// At k, such as 1 over the number of choices: (1 − k)/(1 + a + c r²) + k.
  case chance(Double)
  /// ½/(1 + a + c r²) + ¼, which the trade-off paper's authors fit to questions with four choices. It is not
  /// ``chance(_:)`` of ¼, and cannot exceed ¾.
  case tradeoffPaper

  /// The height above the floor, and the floor.
  var shape: (scale: Double, floor: Double) {
    switch self {
    case .none: (1, 0)
    case .chance(let share): (1 - share, share)
    case .tradeoffPaper: (0.5, 0.25)
    }
  }
}

/// Helpfulness against the coefficient as a bell, 1/(1 + a + c r²): theorem 2 of the trade-off paper.
///
/// A line through 1/P against r² starts Gauss and Newton's method on P.
public struct HelpfulnessFit: Sendable, Codable, Equatable {
  /// What was found.
  public enum Shape: Sendable, Codable, Equatable {
    /// A bell.
    case bell(Bell)
    /// Helpfulness does not fall with the square of the coefficient, or stays at its ceiling: c ≤ 0 or a ≤ 0.
    case noCost
  }

  /// The parameters of a bell.
  public struct Bell: Sendable, Codable, Equatable {
    /// a > 0: the odds against the correct token at r = 0.
    public let oddsAgainst: Double
    /// c = a b²/2 > 0, per squared unit of the coefficient.
    public let growth: Double
    /// b = √(2c/a), which stands for λσβ.
    public let width: Double
    /// P̂₀: the fitted value at r = 0.
    public let peak: Double
    /// h₂ = s c/(1 + a)², s the height above the floor: helpfulness falls as h₂ r² near r = 0.
    ///
    /// Without a floor it is P̂₀(1 − P̂₀) b²/2, with the *fitted* P̂₀.
    public let loss: Double
  }

  /// The bell, or that there is no cost.
  public let shape: Shape
  /// The floor that was assumed.
  public let floor: HelpfulnessFloor
  /// R² of P by the bell; undefined without one, or where all values agree.
  public let rSquared: MeasuredValue
  /// `not-converged` if the steps did not end.
  public let flags: [Flag]

  /// The bell, if there is one.
  public var bell: Bell? { if case .bell(let bell) = shape { bell } else { nil } }

  /// Fits a curve of helpfulness.
  ///
  /// - Parameters:
  ///   - coefficients: r, with at least two different squares.
  ///   - helpfulness: P at each, from 0 to 1.
  ///   - floor: Where the bell ends far out.
  /// - Throws: ``SteeringError/widthMismatch(what:expected:actual:)``,
  ///   ``SteeringError/invalidCurve(what:place:reason:)``,
  ///   ``SteeringError/invalidSetting(method:name:value:expected:)`` for a floor outside 0 to 1.
  /// - Complexity: O(points) a step.
  public init(
    coefficients: [Double], helpfulness: [Double], floor: HelpfulnessFloor = .none
  ) throws(SteeringError) {
    try requireWidth(helpfulness.count, coefficients.count, "the values of helpfulness")
    try requireFinite(coefficients, "the coefficients", unit: "position")
    try requireRange(helpfulness, 0...1, "helpfulness", unit: "coefficient")
    let (scale, bottom) = floor.shape
    guard scale > 0, scale <= 1 else {
      throw .invalidSetting(
        method: "helpfulness fit", name: "floor", value: "\(bottom)",
        expected: "at least 0 and below 1")
    }
    let squares = coefficients.map { $0 * $0 }
    guard Set(squares).count >= 2 else {
      throw .invalidCurve(
        what: "the curve of helpfulness", place: nil,
        reason: "a fit needs coefficients with at least 2 different squares")
    }
    self.floor = floor
    // Of 1/P the variance is that of P over P⁴. Points at or below the floor have no inverse, and in the limit no
    // weight; they count in the curve itself.
    let heights = helpfulness.map { max(0, ($0 - bottom) / scale) }
    let start = LineFit(
      squares, heights.map { $0 > 0 ? 1 / $0 - 1 : 0 }, weights: heights.map { $0 * $0 * $0 * $0 })
    guard let start, start.slope > 0, start.offset > 0 else {
      (shape, rSquared, flags) = (.noCost, .undefined("helpfulness does not fall"), [])
      return
    }
    let fit = GaussNewton(
      squares, helpfulness, weights: [Double](repeating: 1, count: squares.count),
      start: (start.offset, start.slope)
    ) { square, parameters in
      let height = 1 / (1 + parameters.0 + parameters.1 * square)
      let derivative = -scale * height * height
      return (scale * height + bottom, derivative, derivative * square)
    }
    let (odds, growth) = fit.parameters
    guard odds > 0, growth > 0 else {
      (shape, rSquared, flags) = (.noCost, .undefined("helpfulness does not fall"), [])
      return
    }
    let bell = Bell(
      oddsAgainst: odds, growth: growth, width: (2 * growth / odds).squareRoot(),
      peak: scale / (1 + odds) + bottom, loss: scale * growth / ((1 + odds) * (1 + odds)))
    shape = .bell(bell)
    rSquared = Steering.rSquared(
      helpfulness, fitted: squares.map { scale / (1 + odds + growth * $0) + bottom })
    flags = fit.flags
  }

  /// The fitted helpfulness.
  ///
  /// - Parameter coefficient: r.
  /// - Returns: The bell's value; `nil` without one.
  public func value(at coefficient: Double) -> Double? {
    bell.map {
      let (scale, bottom) = floor.shape
      return scale / (1 + $0.oddsAgainst + $0.growth * coefficient * coefficient) + bottom
    }
  }
}
