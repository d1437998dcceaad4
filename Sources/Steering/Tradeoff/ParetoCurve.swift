/// Behaviour against helpfulness over a sweep: which coefficients no other one beats in both, and the knee.
public struct ParetoCurve: Sendable, Codable, Equatable {
  /// One coefficient of the sweep.
  public struct Point: Sendable, Codable, Equatable {
    /// r.
    public let coefficient: Double
    /// Mean helpfulness P(r).
    public let helpfulness: Double
    /// Mean behaviour B(r).
    public let behaviour: Double
    /// Whether no other coefficient is at least as good in both and better in one.
    public let isOnFront: Bool
  }

  /// All points, in the order of the coefficients.
  public let points: [Point]
  /// The point of the front that is farthest above the chord between the front's two ends.
  ///
  /// Which one it is does not depend on the units of the two axes. `nil` if no point is above the chord, or the front
  /// has fewer than three.
  public let knee: Point?

  /// The front of mean curves.
  ///
  /// - Parameters:
  ///   - coefficients: r.
  ///   - helpfulness: P at each.
  ///   - behaviour: B at each.
  /// - Throws: ``SteeringError/widthMismatch(what:expected:actual:)``,
  ///   ``SteeringError/invalidCurve(what:place:reason:)``.
  /// - Complexity: O(*R* log *R*).
  public init(
    coefficients: [Double], helpfulness: [Double], behaviour: [Double]
  ) throws(SteeringError) {
    for (what, values) in [("helpfulness", helpfulness), ("behaviour", behaviour)] {
      try requireWidth(values.count, coefficients.count, "the values of \(what)")
      try requireFinite(values, what, unit: "coefficient")
    }
    // By falling helpfulness, a point is on the front if its behaviour is above all before it.
    let order = coefficients.indices.sorted {
      (helpfulness[$0], behaviour[$0]) > (helpfulness[$1], behaviour[$1])
    }
    var front: Set<Int> = []
    var last: Int?
    for place in order {
      if let last, behaviour[place] <= behaviour[last] {
        // A point that equals the last one of the front is not beaten by it.
        if helpfulness[place] == helpfulness[last], behaviour[place] == behaviour[last] {
          front.insert(place)
        }
        continue
      }
      front.insert(place)
      last = place
    }
    let points = coefficients.indices.map {
      Point(
        coefficient: coefficients[$0], helpfulness: helpfulness[$0], behaviour: behaviour[$0],
        isOnFront: front.contains($0))
    }
    self.points = points
    knee = Self.knee(of: order.filter { front.contains($0) }.map { points[$0] })
  }

  /// The knee of a front that comes by falling helpfulness and rising behaviour.
  private static func knee(of front: [Point]) -> Point? {
    guard let first = front.first, let last = front.last, front.count >= 3 else { return nil }
    let chord = (
      helpfulness: last.helpfulness - first.helpfulness,
      behaviour: last.behaviour - first.behaviour
    )
    // Twice the triangle's area over the chord's length is the distance; the length is the same for all, and a
    // change of units scales all areas alike.
    func height(_ point: Point) -> Double {
      (point.helpfulness - first.helpfulness) * chord.behaviour
        - (point.behaviour - first.behaviour) * chord.helpfulness
    }
    let best = front.max { height($0) < height($1) }
    return best.flatMap {
      height($0) > 1e-12 * (chord.behaviour * chord.helpfulness).magnitude ? $0 : nil
    }
  }
}
