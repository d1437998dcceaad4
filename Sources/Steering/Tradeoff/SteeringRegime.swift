public import Evaluation
internal import RealModule

/// Where steering pays: how far to steer so that the behaviour gained is worth the helpfulness lost.
///
/// Near r = 0 behaviour gains A = a₁ r and helpfulness loses H = h₂ r² − ℓ r. What w · A − H gives is here in
/// closed form; where it does not exist, the value says why. All of it is for r ≥ 0.
public struct SteeringRegime: Sendable, Codable, Equatable {
  /// a₁: behaviour per unit of the coefficient.
  public let gain: Double
  /// h₂: helpfulness lost per squared unit.
  public let loss: Double
  /// ℓ: helpfulness gained per unit; 0 where no linear term was found.
  public let linearTerm: Double
  /// w: units of helpfulness that a unit of behaviour is worth.
  public let weight: Double
  /// r* = (w a₁ + ℓ)/(2 h₂): where the net gain is largest.
  public let optimum: MeasuredValue
  /// (w a₁ + ℓ)²/(4 h₂): the net gain at the optimum, in units of helpfulness.
  public let netGain: MeasuredValue
  /// (w a₁ + ℓ)/h₂: where the net gain is back at 0.
  public let breakEven: MeasuredValue
  /// (ℓ + √(ℓ² + 4 h₂ ε))/(2 h₂): where helpfulness has fallen by ε.
  public let budget: MeasuredValue
  /// a₁ times the budget: behaviour gained for a loss of ε.
  public let gainAtBudget: MeasuredValue
  /// η = a₁²/h₂: it does not change with the vector's length.
  public let efficiency: MeasuredValue
  /// (arctanh 0.95 − b₀)/a: where behaviour is so near its end that more steering gains little.
  public let saturation: MeasuredValue
  /// The smaller of break-even and saturation: steering pays from 0 to here.
  public let end: MeasuredValue
  /// `optimum-beyond-saturation` where the optimum lies beyond saturation, so that the expansion near 0 no longer
  /// holds there; `significant-linear-term` where ℓ counts.
  public let flags: [Flag]

  /// The behaviour at which it counts as saturated.
  public static let saturatedBehaviour = 0.95

  /// Whether the optimum lies where the expansion near 0 no longer holds, or does not exist: then the measured
  /// curve has to say where it is, see ``CurveOptimum``.
  public var needsMeasuredCurve: Bool {
    guard let optimum = optimum.finiteValue else { return true }
    return saturation.finiteValue.map { optimum > $0 } ?? false
  }

  /// The regime of fitted curves.
  ///
  /// - Parameters:
  ///   - slope: a of tanh(a r + b₀).
  ///   - offset: b₀, the arctanh of the behaviour at r = 0.
  ///   - loss: h₂, negative or 0 if helpfulness does not fall.
  ///   - linearTerm: ℓ, where it differs from 0 significantly.
  ///   - weight: w, positive.
  ///   - tolerance: ε, the loss of helpfulness that is acceptable, positive.
  /// - Throws: ``SteeringError/invalidSetting(method:name:value:expected:)``,
  ///   ``SteeringError/invalidCurve(what:place:reason:)``.
  public init(
    slope: Double, offset: Double, loss: Double, linearTerm: Double? = nil, weight: Double = 1,
    tolerance: Double = 0.05
  ) throws(SteeringError) {
    for (name, value) in [("weight", weight), ("tolerance", tolerance)] {
      guard value > 0, value.isFinite else {
        throw .invalidSetting(
          method: "steering regime", name: name, value: "\(value)",
          expected: "a finite number above 0")
      }
    }
    try requireFinite([slope, offset, loss, linearTerm ?? 0], "a regime", unit: "parameter")
    let inverse = 1 / Double.cosh(offset)
    let gain = slope * inverse * inverse
    let linear = linearTerm ?? 0
    let worth = weight * gain + linear
    self.gain = gain
    self.loss = loss
    self.linearTerm = linear
    self.weight = weight
    func ifCostly(_ value: Double) -> MeasuredValue {
      guard loss > 0 else { return .undefined("helpfulness does not fall with the square of r") }
      return value.isFinite ? .finite(value) : .undefined("helpfulness hardly falls")
    }
    func ifPaying(_ value: Double) -> MeasuredValue {
      worth > 0 ? ifCostly(value) : .undefined("steering never pays: w a₁ + ℓ is not positive")
    }
    optimum = ifPaying(worth / (2 * loss))
    netGain = ifPaying(worth * worth / (4 * loss))
    breakEven = ifPaying(worth / loss)
    let root = (linear * linear + 4 * loss * tolerance).squareRoot()
    // Two forms of one root, each without cancellation on its side.
    let budget = ifCostly(
      linear > 0 ? (linear + root) / (2 * loss) : 2 * tolerance / (root - linear))
    self.budget = budget
    gainAtBudget = budget.map { gain * $0 }
    efficiency = ifCostly(gain * gain / loss)
    saturation = Self.saturation(slope: slope, offset: offset)
    if worth <= 0 {
      end = .undefined("steering never pays: w a₁ + ℓ is not positive")
    } else {
      switch (breakEven, saturation) {
      case (.finite(let pays), .finite(let saturates)): end = .finite(min(pays, saturates))
      case (_, .finite(let saturates)): end = .finite(saturates)
      default: end = saturation
      }
    }
    var flags: [Flag] = []
    if linearTerm != nil {
      flags.append(
        Flag("significant-linear-term", detail: "\(linear) of helpfulness per unit of r"))
    }
    if let best = optimum.finiteValue, let end = saturation.finiteValue, best > end {
      flags.append(
        Flag("optimum-beyond-saturation", detail: "\(best) is beyond \(end)"))
    }
    self.flags = flags
  }

  private static func saturation(slope: Double, offset: Double) -> MeasuredValue {
    guard slope > 0 else {
      return .undefined("behaviour does not rise with r; steer the other way round")
    }
    let place = (Double.atanh(saturatedBehaviour) - offset) / slope
    guard place >= 0 else {
      return .undefined("behaviour is above \(saturatedBehaviour) without steering")
    }
    return place.isFinite ? .finite(place) : .undefined("behaviour hardly changes with r")
  }
}
