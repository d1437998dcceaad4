public import Evaluation

/// Behaviour and helpfulness of every prompt at every coefficient of a sweep.
public struct TradeoffCurve: Sendable, Codable, Equatable {
  /// r, rising and different.
  public let coefficients: [Double]
  /// B from −1 to 1, (coefficient, prompt), if measured.
  public let behaviour: [[Double]]?
  /// P from 0 to 1, (coefficient, prompt), if measured.
  public let helpfulness: [[Double]]?
  /// The group of each prompt.
  public let groups: [Int]

  private enum CodingKeys: String, CodingKey {
    case coefficients
    case behaviour
    case helpfulness
    case groups
  }

  /// How many prompts there are.
  public var promptCount: Int { groups.count }
  /// Which prompts belong together.
  public var grouping: Grouping { Grouping(groups) }
  /// The position of r = 0, if it was measured.
  public var baseIndex: Int? { coefficients.firstIndex(of: 0) }
  /// The mean behaviour at each coefficient.
  public var meanBehaviour: [Double]? { behaviour.map { Self.means(of: $0, over: nil) } }
  /// The mean helpfulness at each coefficient.
  public var meanHelpfulness: [Double]? { helpfulness.map { Self.means(of: $0, over: nil) } }

  /// A measured sweep, in any order of the coefficients.
  ///
  /// - Parameters:
  ///   - coefficients: r, finite and different; at least one.
  ///   - behaviour: (coefficient, prompt), from −1 to 1.
  ///   - helpfulness: (coefficient, prompt), from 0 to 1.
  ///   - groups: The group of each prompt; each its own if not given.
  /// - Throws: ``SteeringError/invalidCurve(what:place:reason:)``,
  ///   ``SteeringError/widthMismatch(what:expected:actual:)``.
  public init(
    coefficients: [Double], behaviour: [[Double]]? = nil, helpfulness: [[Double]]? = nil,
    groups: [Int]? = nil
  ) throws(SteeringError) {
    try requireFinite(coefficients, "the coefficients", unit: "position")
    guard let promptCount = (behaviour ?? helpfulness)?.first?.count, promptCount > 0 else {
      throw .invalidCurve(
        what: "the sweep", place: nil, reason: "it has no coefficients, no prompts or no values")
    }
    let order = coefficients.indices.sorted { coefficients[$0] < coefficients[$1] }
    let sorted = order.map { coefficients[$0] }
    if let place = sorted.indices.dropFirst().first(where: { sorted[$0] == sorted[$0 - 1] }) {
      throw .invalidCurve(
        what: "the coefficients", place: nil, reason: "\(sorted[place]) stands there twice")
    }
    try requireWidth(groups?.count ?? promptCount, promptCount, "the groups")
    for (what, rows, range) in [
      ("behaviour", behaviour, -1.0...1), ("helpfulness", helpfulness, 0.0...1),
    ] {
      guard let rows else { continue }
      try requireWidth(rows.count, coefficients.count, "the rows of \(what)")
      for (place, row) in rows.enumerated() {
        let name = "\(what) at coefficient \(coefficients[place])"
        try requireWidth(row.count, promptCount, name)
        try requireRange(row, range, name, unit: "prompt")
      }
    }
    self.coefficients = sorted
    self.behaviour = behaviour.map { rows in order.map { rows[$0] } }
    self.helpfulness = helpfulness.map { rows in order.map { rows[$0] } }
    self.groups = groups ?? Array(0..<promptCount)
  }

  /// Decodes a sweep and checks it.
  ///
  /// - Throws: `DecodingError`, or what creating it throws.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      coefficients: container.decode([Double].self, forKey: .coefficients),
      behaviour: container.decodeIfPresent([[Double]].self, forKey: .behaviour),
      helpfulness: container.decodeIfPresent([[Double]].self, forKey: .helpfulness),
      groups: container.decode([Int].self, forKey: .groups))
  }

  /// The part of the sweep up to a distance from 0, such as that in which fits near 0 are meant to hold.
  ///
  /// - Parameter limit: The largest |r| to keep.
  /// - Returns: The same prompts.
  /// - Throws: ``SteeringError/invalidCurve(what:place:reason:)`` if nothing is left.
  public func within(_ limit: Double) throws(SteeringError) -> TradeoffCurve {
    let kept = coefficients.indices.filter { coefficients[$0].magnitude <= limit }
    return try TradeoffCurve(
      coefficients: kept.map { coefficients[$0] },
      behaviour: behaviour.map { rows in kept.map { rows[$0] } },
      helpfulness: helpfulness.map { rows in kept.map { rows[$0] } }, groups: groups)
  }

  /// The mean of each row over some prompts, of which some may occur several times; over all if `nil`.
  static func means(of rows: [[Double]], over prompts: [Int]?) -> [Double] {
    rows.map { row in
      guard let prompts else { return row.reduce(0, +) / Double(row.count) }
      return prompts.reduce(0) { $0 + row[$1] } / Double(prompts.count)
    }
  }
}
