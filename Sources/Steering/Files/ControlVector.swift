internal import LinearAlgebra

/// Steering vectors of some layers of one model, as a file keeps them: numbers, and what they are to be used for.
///
/// Layers are counted as in a dump: 0 is the embeddings, l the residual stream behind block l, the first block being
/// 1, and the last one before the final norm. ``LayerNumbering`` converts the numbers of other tools.
public struct ControlVector: Sendable, Equatable {
  /// The steering vector of one layer.
  public struct Direction: Sendable, Equatable {
    /// The layer, 0 being the embeddings.
    public let layer: Int
    /// One weight a feature.
    public let values: [Double]
    /// The length of what the method found, before any normalisation.
    public let rawNorm: Double?
    /// The share of the variance, or of the mean square, along it.
    public let explainedVariance: Double?

    /// A steering vector of one layer.
    ///
    /// - Parameters:
    ///   - layer: The layer, 0 being the embeddings.
    ///   - values: One weight a feature.
    ///   - rawNorm: The length of what the method found, before any normalisation.
    ///   - explainedVariance: The share of the variance, or of the mean square, along it.
    public init(
      layer: Int, values: [Double], rawNorm: Double? = nil, explainedVariance: Double? = nil
    ) {
      self.layer = layer
      self.values = values
      self.rawNorm = rawNorm
      self.explainedVariance = explainedVariance
    }
  }

  /// Where in the model states were read: two names for the place between two blocks.
  public enum Site: String, Sendable, Codable, CaseIterable {
    /// The residual stream behind a block.
    case residualPost = "residual-post"
    /// The residual stream before the next block, which is the same place and has the same number.
    case residualPre = "residual-pre"
  }

  /// What the vectors are to do with the states.
  public enum Operation: String, Sendable, Codable, CaseIterable {
    /// A multiple of the vector is added.
    case add
    /// The component along the vector is taken away.
    case ablate
    /// The component along the vector is set to a value.
    case clamp
    /// The component along the vector is set to that of a mean.
    case affine
    /// A multiple of the vector is added, and the state is given its old length again.
    case normPreserving = "norm-preserving"
    /// So many standard deviations of the component are added.
    case deviationShift = "deviation-shift"
    /// A multiple of the vector is added to some states only.
    case conditional
  }

  /// The vectors, one a layer, in the order of the layers, and of one width.
  public let directions: [Direction]
  /// The kind of model, for example `llama`: `model_type` of its configuration.
  public var modelHint: String?
  /// The method's identifier.
  public var method: String?
  /// Where the states were read.
  public var site: Site?
  /// How long the vectors were made.
  public var length: VectorLength?
  /// How the signs were settled.
  public var signRule: SignRule?
  /// What the vectors are to do; `nil` if nobody said, and then every tool adds.
  public var operation: Operation?

  /// Steering vectors of some layers.
  ///
  /// - Parameters:
  ///   - directions: At least one, of different layers and one width; finite, none of them zero. All or none
  ///     have a raw norm, and all or none an explained variance.
  ///   - modelHint: The kind of model.
  ///   - method: The method's identifier.
  ///   - site: Where the states were read.
  ///   - length: How long the vectors were made.
  ///   - signRule: How the signs were settled.
  ///   - operation: What the vectors are to do.
  /// - Throws: ``SteeringError/controlVector(problem:)``.
  /// - Complexity: O(*layers* · *width*).
  public init(
    _ directions: [Direction], modelHint: String? = nil, method: String? = nil, site: Site? = nil,
    length: VectorLength? = nil, signRule: SignRule? = nil, operation: Operation? = nil
  ) throws(SteeringError) {
    let ordered = directions.sorted { $0.layer < $1.layer }
    try Self.check(ordered, length: length)
    self.directions = ordered
    self.modelHint = modelHint
    self.method = method
    self.site = site
    self.length = length
    self.signRule = signRule
    self.operation = operation
  }

  /// What one method extracted from some layers of one model.
  ///
  /// - Parameters:
  ///   - extracted: At least one, of different layers, one method and one width.
  ///   - length: The length that the method was told to give them.
  ///   - modelHint: The kind of model.
  ///   - site: Where the states were read.
  ///   - operation: What the vectors are to do.
  /// - Throws: ``SteeringError/controlVector(problem:)``.
  public init(
    _ extracted: [SteeringDirection], length: VectorLength, modelHint: String? = nil,
    site: Site = .residualPost, operation: Operation = .add
  ) throws(SteeringError) {
    for direction in extracted
    where direction.method != extracted[0].method || direction.signRule != extracted[0].signRule {
      throw .controlVector(
        problem:
          "mixes the methods \(extracted[0].method) and \(direction.method), or their sign rules; "
          + "write one file a method")
    }
    let haveVariance = extracted.allSatisfy { $0.explainedVariance != nil }
    try self.init(
      extracted.map {
        Direction(
          layer: $0.layer, values: $0.vector, rawNorm: $0.rawNorm,
          explainedVariance: haveVariance ? $0.explainedVariance : nil)
      },
      modelHint: modelHint, method: extracted.first?.method, site: site, length: length,
      signRule: extracted.first?.signRule, operation: operation)
  }

  /// The number of features.
  public var width: Int { directions[0].values.count }
  /// The layers, in order.
  public var layers: [Int] { directions.map(\.layer) }

  /// The vector of a layer; `nil` if there is none.
  ///
  /// - Parameter layer: The layer, 0 being the embeddings.
  /// - Returns: One weight a feature.
  public subscript(layer: Int) -> [Double]? {
    directions.first { $0.layer == layer }?.values
  }
}

// MARK: - Checks

extension ControlVector {
  private static func check(
    _ directions: [Direction], length: VectorLength?
  ) throws(SteeringError) {
    guard let first = directions.first else {
      throw .controlVector(problem: "has no vector; give at least one layer")
    }
    guard first.layer >= 0 else {
      throw .controlVector(problem: "has the layer \(first.layer); layers count from 0")
    }
    for (one, next) in zip(directions, directions.dropFirst()) where one.layer == next.layer {
      throw .controlVector(problem: "has two vectors of layer \(one.layer); give one a layer")
    }
    for direction in directions {
      try check(direction, width: first.values.count, length: length)
      guard (direction.rawNorm == nil) == (first.rawNorm == nil),
        (direction.explainedVariance == nil) == (first.explainedVariance == nil)
      else {
        throw .controlVector(
          problem: "has a raw norm or an explained variance for some layers and not for layer "
            + "\(direction.layer) or \(first.layer); give it for all or none")
      }
    }
  }

  private static func check(
    _ direction: Direction, width: Int, length: VectorLength?
  ) throws(SteeringError) {
    let (layer, values) = (direction.layer, direction.values)
    guard values.count == width, width > 0 else {
      throw .controlVector(
        problem:
          "has width \(values.count) at layer \(layer) and \(width) at another; expected one "
          + "width, that of the model, from 1 up")
    }
    if let position = values.firstIndex(where: { !$0.isFinite }) {
      throw .controlVector(
        problem:
          "holds \(values[position]) at layer \(layer), feature \(position); extract it again "
          + "from finite states")
    }
    guard values.contains(where: { $0 != 0 }) else {
      throw .controlVector(problem: "is zero at layer \(layer), which steers nothing; leave it out")
    }
    if length == .unit {
      let norm = euclideanNorm(values.span)
      // Sixteen-bit numbers are right to 2⁻¹¹ each.
      guard abs(norm - 1) < 1e-3 else {
        throw .controlVector(
          problem:
            "is said to have unit length and has length \(norm) at layer \(layer); say raw, or "
            + "normalise it")
      }
    }
    if let norm = direction.rawNorm, !(norm.isFinite && norm > 0) {
      throw .controlVector(
        problem: "has the raw norm \(norm) at layer \(layer); expected one above 0")
    }
    if let share = direction.explainedVariance, !share.isFinite {
      throw .controlVector(
        problem: "has the explained variance \(share) at layer \(layer); expected a finite one")
    }
  }
}
