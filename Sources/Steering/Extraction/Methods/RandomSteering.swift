public import Evaluation
internal import LinearAlgebra
internal import Optimization

/// A direction drawn uniformly from the sphere: what a steering vector must do better than.
///
/// A random vector of the same length, or better at the same Kullback–Leibler divergence, can cost as much
/// helpfulness as a real one, so that a loss says nothing alone. The cosine of two such directions has mean 0 and
/// variance 1/*d*.
public struct RandomSteering: SteeringMethod {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "random-direction"
  /// One line of help.
  public static let summary =
    "a direction drawn at random, the control for every other vector"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Zou et al.", year: 2023,
    title: "Representation Engineering: A Top-Down Approach to AI Transparency",
    link: "https://arxiv.org/abs/2310.01405", locator: "section 3.1, random")

  /// The length that the vector is given.
  public var length = VectorLength.unit
  /// Which of the directions of a seed and layer: controls take 0, 1, ….
  public var draw: UInt64 = 0

  /// Creates the method with its published defaults.
  public init() {}

  /// The axis, as ``SteeringMethod/axis(of:seed:layer:)`` says.
  ///
  /// - Parameters:
  ///   - states: The states of one layer.
  ///   - seed: The seed of the run.
  ///   - layer: The layer's number.
  /// - Returns: The axis.
  /// - Throws: ``SteeringError``.
  public func axis(
    of states: SteeringStates, seed: UInt64, layer: Int
  ) throws(SteeringError) -> SteeringAxis {
    SteeringAxis(Self.unit(width: states.width, draw: draw, seed: seed, layer: layer))
  }

  /// A direction drawn at random, of length 1.
  ///
  /// - Parameters:
  ///   - width: How many features it has, at least 1.
  ///   - draw: Which of the directions of a seed and layer.
  ///   - seed: The seed of the run.
  ///   - layer: The layer's number.
  /// - Returns: One weight a feature.
  public static func unit(width: Int, draw: UInt64, seed: UInt64, layer: Int) -> [Double] {
    var generator = SeededGenerator(
      seed: seed, stream: SteeringStream.randomDirection.rawValue, UInt64(layer), draw)
    let normal = (0..<width).map { _ in generator.nextNormal() }
    let norm = euclideanNorm(normal.span)
    return normal.map { $0 / norm }
  }
}
