/// What is done to a state along a steering vector v, with unit vector v̂ and the state's projection s = v̂ · h.
///
/// Each is h + ρ v̂ with a coefficient ρ of the state's own, so that what it does to logits at the last layer is
/// known from two products (``LastLayerSweep``).
public enum SteeringOperation: Sendable, Codable, Hashable {
  /// h + r v: contrastive activation addition, and what llama.cpp, repeng and others do.
  case add(Double)
  /// h + r sign(s) v: away from zero, on the side where the state is already; a state at 0 stays.
  case addOutward(Double)
  /// h − a s v̂: directional ablation, of all of it with a = 1.
  case ablate(Double)
  /// h + (t − s) v̂: the projection becomes t.
  ///
  /// With v̂ · μ⁻ of the negative states' mean for t this is affine ablation, which keeps that mean.
  case setProjection(Double)
  /// The projection is raised to t where it is lower.
  case raiseProjection(Double)
  /// The projection is lowered to t where it is higher.
  case lowerProjection(Double)

  /// ρ, what is added along v̂.
  ///
  /// - Parameters:
  ///   - projection: s.
  ///   - norm: ‖v‖.
  /// - Returns: The coefficient; 0 leaves the state as it is.
  public func coefficient(projection: Double, norm: Double) -> Double {
    switch self {
    case .add(let factor): factor * norm
    case .addOutward(let factor):
      projection == 0 ? 0 : (projection > 0 ? factor * norm : -factor * norm)
    case .ablate(let amount): -amount * projection
    case .setProjection(let target): target - projection
    case .raiseProjection(let least): max(0, least - projection)
    case .lowerProjection(let most): min(0, most - projection)
    }
  }

  /// The number that a sweep varies.
  var strength: Double {
    switch self {
    case .add(let value), .addOutward(let value), .ablate(let value), .setProjection(let value),
      .raiseProjection(let value), .lowerProjection(let value):
      value
    }
  }
}

extension SteeringOperation {
  /// What a sweep does at each strength.
  public enum Family: String, Sendable, Codable, CaseIterable {
    /// h + r v.
    case add
    /// h + r sign(s) v.
    case addOutward = "add-outward"
    /// h − r s v̂: 1 ablates the direction.
    case ablate
    /// The projection on v̂ becomes r.
    case set
    /// It becomes r where it is lower.
    case raise
    /// It becomes r where it is higher.
    case lower

    /// The operation at a strength.
    ///
    /// - Parameter strength: r.
    /// - Returns: The operation.
    public func operation(_ strength: Double) -> SteeringOperation {
      switch self {
      case .add: .add(strength)
      case .addOutward: .addOutward(strength)
      case .ablate: .ablate(strength)
      case .set: .setProjection(strength)
      case .raise: .raiseProjection(strength)
      case .lower: .lowerProjection(strength)
      }
    }
  }
}

/// An operation along a steering vector, with what restricts it.
public struct SteeringOperator: Sendable, Equatable {
  /// A state is only changed if its reading of another vector passes a threshold (conditional activation
  /// steering).
  public struct Condition: Sendable, Equatable {
    /// The unit vector that is read.
    let unit: [Double]
    /// What the reading must exceed.
    let threshold: Double
    /// Whether the reading is the cosine of the angle, or the projection.
    let isCosine: Bool

    /// A condition.
    ///
    /// - Parameters:
    ///   - vector: What is read; any length but 0.
    ///   - threshold: What the reading must exceed for a state to be changed.
    ///   - isCosine: Whether the reading is the cosine of the angle, or the projection on the unit vector.
    /// - Throws: ``SteeringError/degenerate(method:reason:)`` for a vector of zeros.
    public init(
      vector: [Double], exceeds threshold: Double, isCosine: Bool = true
    ) throws(SteeringError) {
      unit = try UnitVector(vector, of: "the condition").elements
      self.threshold = threshold
      self.isCosine = isCosine
    }
  }

  /// What is done.
  public let operation: SteeringOperation
  /// Whether each state is scaled back to the length that it had.
  ///
  /// Before a final root-mean-square norm with a negligible epsilon that changes nothing.
  public let preservesNorm: Bool
  /// Which states are changed; `nil` for all.
  public let condition: Condition?
  let direction: UnitVector

  /// An operation along a vector.
  ///
  /// - Parameters:
  ///   - operation: What is done.
  ///   - vector: v, one element a feature; not zero.
  ///   - preservesNorm: Whether each state is scaled back to the length that it had.
  ///   - condition: Which states are changed; `nil` for all.
  /// - Throws: ``SteeringError/degenerate(method:reason:)`` for a vector of zeros or one that is not finite;
  ///   ``SteeringError/widthMismatch(what:expected:actual:)`` if the condition has another width;
  ///   ``SteeringError/invalidSetting(method:name:value:expected:)`` if the operation's number is not finite.
  public init(
    _ operation: SteeringOperation, along vector: [Double], preservesNorm: Bool = false,
    if condition: Condition? = nil
  ) throws(SteeringError) {
    guard operation.strength.isFinite else {
      throw .invalidSetting(
        method: "steering", name: "coefficient", value: "\(operation.strength)",
        expected: "a finite number")
    }
    direction = try UnitVector(vector, of: "the steering vector")
    if let condition, condition.unit.count != vector.count {
      throw .widthMismatch(
        what: "the condition's vector", expected: vector.count, actual: condition.unit.count)
    }
    self.operation = operation
    self.preservesNorm = preservesNorm
    self.condition = condition
  }
}
