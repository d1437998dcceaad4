public import Evaluation
internal import RealModule

/// With which power of the coefficient behaviour and helpfulness change near r = 0.
///
/// The slope of log |B − B₀|, and of log(P₀ − P), on log r over the smallest positive coefficients. The trade-off
/// paper expects 1 and 2; a linear term of helpfulness shows as an order near 1.
public struct OrderTest: Sendable, Codable, Equatable {
  /// The order of the behaviour; undefined if it does not change at two coefficients.
  public let behaviour: MeasuredValue
  /// The order of the loss of helpfulness; undefined if helpfulness does not fall at two coefficients.
  public let helpfulness: MeasuredValue
  /// The order of the loss of ½(P(r) + P(−r)), from which a linear term is gone; undefined if the opposite
  /// coefficients were not measured.
  public let symmetricHelpfulness: MeasuredValue
  /// The largest coefficient that was used.
  public let largestCoefficient: Double

  /// Tests mean curves.
  ///
  /// - Parameters:
  ///   - coefficients: r; 0 and at least two positive ones.
  ///   - behaviour: B at each, if measured.
  ///   - helpfulness: P at each, if measured.
  ///   - limit: The largest coefficient to use; the fourth smallest positive one if not given.
  /// - Throws: ``SteeringError/widthMismatch(what:expected:actual:)``,
  ///   ``SteeringError/invalidCurve(what:place:reason:)``.
  public init(
    coefficients: [Double], behaviour: [Double]?, helpfulness: [Double]?, limit: Double? = nil
  ) throws(SteeringError) {
    try requireFinite(coefficients, "the coefficients", unit: "position")
    for (what, values) in [("behaviour", behaviour), ("helpfulness", helpfulness)] {
      guard let values else { continue }
      try requireWidth(values.count, coefficients.count, "the values of \(what)")
    }
    let positive = coefficients.filter { $0 > 0 }.sorted()
    let largest = limit ?? positive.prefix(4).last ?? 0
    let used = coefficients.indices.filter { (0...largest).contains(coefficients[$0]) }
      .filter { coefficients[$0] > 0 }
    guard let base = coefficients.firstIndex(of: 0), used.count >= 2 else {
      throw .invalidCurve(
        what: "the order test", place: nil,
        reason: "it needs the coefficient 0 and at least 2 positive ones up to \(largest)")
    }
    largestCoefficient = largest
    let places = used.map { coefficients[$0] }
    self.behaviour = Self.order(
      places, behaviour.map { values in used.map { (values[$0] - values[base]).magnitude } },
      reason: "behaviour does not change")
    self.helpfulness = Self.order(
      places, helpfulness.map { values in used.map { values[base] - values[$0] } },
      reason: "helpfulness does not fall")
    let mirrored = used.compactMap { coefficients.firstIndex(of: -coefficients[$0]) }
    symmetricHelpfulness =
      mirrored.count == used.count
      ? Self.order(
        places,
        helpfulness.map { values in
          zip(used, mirrored).map { values[base] - 0.5 * (values[$0] + values[$1]) }
        }, reason: "helpfulness does not fall")
      : .undefined("the opposite coefficients were not measured")
  }

  private static func order(
    _ places: [Double], _ changes: [Double]?, reason: String
  ) -> MeasuredValue {
    guard let changes else { return .undefined("not measured") }
    let kept = places.indices.filter { changes[$0] > 0 }
    let line = LineFit(
      kept.map { Double.log(places[$0]) }, kept.map { Double.log(changes[$0]) })
    guard let line, kept.count >= 2 else {
      return .undefined("\(reason) at 2 or more of the coefficients used")
    }
    return .finite(line.slope)
  }
}
