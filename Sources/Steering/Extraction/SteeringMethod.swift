public import Evaluation
internal import LinearAlgebra

/// Finds the direction along which the positive states lie from the negative ones.
///
/// A conforming type holds settings only. To add a method, write one file and add it to
/// ``SteeringCatalog/all``: the sign, the norm, the diagnostics and the refusal of what has no direction are
/// the same for all, in ``direction(of:seed:layer:)``.
public protocol SteeringMethod: CatalogEntry, Equatable {
  /// Whether the method compares the two sides of each pair.
  static var needsPairs: Bool { get }
  /// The fewest states a side that determine a direction.
  static var minimumCount: Int { get }
  /// How the sign is settled; `nil` where the definition itself says it.
  var orientation: SignRule? { get }
  /// The length that the vector is given.
  var length: VectorLength { get }

  /// The direction as the method's definition has it, before its sign and length are settled.
  ///
  /// - Parameters:
  ///   - states: At least ``minimumCount`` states a side, paired if the method needs it.
  ///   - seed: The seed of the run.
  ///   - layer: The layer's number, which names the stream of random numbers.
  /// - Returns: The axis.
  /// - Throws: ``SteeringError``.
  func axis(
    of states: SteeringStates, seed: UInt64, layer: Int
  ) throws(SteeringError) -> SteeringAxis
}

/// How long a steering vector is.
public enum VectorLength: String, Sendable, Codable, CaseIterable {
  /// As long as the method's definition makes it.
  case raw
  /// 1.
  case unit
}

/// What a method finds, before its sign and length are settled.
public struct SteeringAxis: Sendable, Equatable {
  /// One weight a feature.
  public var vector: [Double]
  /// The share of the variance, or of the mean square, along the axis, for those that maximise it.
  public var explainedVariance: Double?
  /// What was remarkable.
  public var flags: [Flag]

  /// An axis.
  ///
  /// - Parameters:
  ///   - vector: One weight a feature.
  ///   - explainedVariance: The share of the variance, or of the mean square, along it.
  ///   - flags: What was remarkable.
  public init(_ vector: [Double], explainedVariance: Double? = nil, flags: [Flag] = []) {
    self.vector = vector
    self.explainedVariance = explainedVariance
    self.flags = flags
  }
}

extension SteeringMethod {
  /// No.
  public static var needsPairs: Bool { false }
  /// One.
  public static var minimumCount: Int { 1 }
  /// The definition says it.
  public var orientation: SignRule? { nil }

  /// Extracts a steering vector.
  ///
  /// - Parameters:
  ///   - states: The states of one layer.
  ///   - seed: The seed of the run. The same seed, states and layer give the same bytes.
  ///   - layer: The layer's number.
  /// - Returns: The vector, with what tells how far to trust it.
  /// - Throws: ``SteeringError``: too few states, states that are not paired where the method needs it, or
  ///   states that have no direction, among them those whose vector is shorter than 10⁻¹² of the states.
  public func direction(
    of states: SteeringStates, seed: UInt64 = 0, layer: Int = 0
  ) throws(SteeringError) -> SteeringDirection {
    let method = Self.identifier
    guard states.isPaired || !Self.needsPairs else { throw .needsPairs(method: method) }
    let fewest = min(states.positive.rowCount, states.negative.rowCount)
    guard fewest >= Self.minimumCount else {
      throw .tooFew(
        method: method, what: Self.needsPairs ? "pairs" : "states on each side", count: fewest,
        minimum: Self.minimumCount)
    }
    if let orientation, orientation.comparesPairs, !states.isPaired {
      throw .needsPairs(method: method)
    }
    guard states.positive != states.negative else {
      throw .degenerate(
        method: method,
        reason: "the positive and the negative states are the same; check which files, or which "
          + "columns, the two sides were read from")
    }
    let axis = try axis(of: states, seed: seed, layer: layer)
    let norm = euclideanNorm(axis.vector.span)
    guard norm.isFinite, norm > 1e-12 * states.rootMeanSquareNorm else {
      throw .degenerate(
        method: method,
        reason: "the vector has length \(norm), which is nothing next to the states' "
          + "\(states.rootMeanSquareNorm); the two sides do not differ here, as at the embeddings of "
          + "one token")
    }
    let unit = axis.vector.map { $0 / norm }
    let readings = DirectionReadings(states, along: unit)
    let sign =
      orientation?.sign(positive: readings.positive, negative: readings.negative) ?? 1
    let scale = sign * (length == .raw ? norm : 1)
    let diagnostics = DirectionDiagnostics(
      states, readings: sign < 0 ? readings.negated : readings, unit: unit.map { $0 * sign })
    return SteeringDirection(
      vector: unit.map { $0 * scale }, rawNorm: norm, method: method, signRule: orientation,
      layer: layer, positiveCount: states.positive.rowCount,
      negativeCount: states.negative.rowCount, explainedVariance: axis.explainedVariance,
      diagnostics: diagnostics, flags: axis.flags + diagnostics.flags)
  }
}
