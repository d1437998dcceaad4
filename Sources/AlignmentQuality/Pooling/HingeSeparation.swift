internal import LinearAlgebra

/// Layer weights that push the points of two classes a margin apart: the training of the alignment quality
/// index.
///
/// L_sep = Σ max(0, M − ‖x̃_s − x̃_u‖₂) over pairs of a safe and an unsafe point, with weights α = map(z) of
/// scores z. The loss knows no scatter within classes, so layers of large scale win; compare the result with
/// ``QuadraticRatio/simplexMaximum(layerStartCount:stepLimit:)``.
///
/// Borah et al. (2025), arXiv:2506.13901, section 3.1. The paper gives neither margin nor optimiser: the
/// margin must be given, and the optimiser is gradient descent on z from equal scores, its step doubled
/// after each success and halved until the loss falls by a ten-thousandth of what the slope promises. There
/// is no chance in it.
public struct HingeSeparation: Sendable, Equatable {
  /// M > 0, a distance in the units of the activations.
  ///
  /// Pairs farther apart do not count.
  public var margin: Double
  /// What makes weights of scores.
  public var map: SimplexMap
  /// The most steps.
  public var stepLimit: Int
  /// The share of the loss that a step must save for the descent to go on.
  public var relativeTolerance: Double

  /// The training with a margin.
  ///
  /// - Parameters:
  ///   - margin: M > 0, in the units of the activations; the paper names none, so there is no default.
  ///   - map: What makes weights of scores.
  ///   - stepLimit: The most steps.
  ///   - relativeTolerance: The share of the loss that a step must save.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)``.
  public init(
    margin: Double, map: SimplexMap = .sparsemax, stepLimit: Int = 500,
    relativeTolerance: Double = 1e-9
  ) throws(AlignmentQualityError) {
    guard margin > 0, margin.isFinite else {
      throw .invalidSetting(
        method: "hinge pooling", name: "margin", value: "\(margin)",
        expected: "a distance above 0, in the units of the activations")
    }
    guard stepLimit >= 1 else {
      throw .invalidSetting(
        method: "hinge pooling", name: "stepLimit", value: "\(stepLimit)", expected: "at least 1")
    }
    guard relativeTolerance >= 0 else {
      throw .invalidSetting(
        method: "hinge pooling", name: "relativeTolerance", value: "\(relativeTolerance)",
        expected: "0 or more")
    }
    self.margin = margin
    self.map = map
    self.stepLimit = stepLimit
    self.relativeTolerance = relativeTolerance
  }

  /// The loss at weights, with its derivative.
  public struct Loss: Sendable, Equatable {
    /// L_sep ≥ 0.
    public let value: Double
    /// The derivative by each weight; a pair at distance 0 has none and adds 0.
    public let gradient: [Double]
    /// How many pairs are nearer than the margin.
    public let activePairCount: Int
    /// How many pairs are at distance 0.
    public let coincidentPairCount: Int
  }

  /// L_sep and ∂L_sep/∂α = −Σ Gα/‖x̃_s − x̃_u‖ over the pairs nearer than the margin.
  ///
  /// - Parameters:
  ///   - weights: α, one a layer.
  ///   - products: The pairs.
  /// - Returns: The loss.
  /// - Complexity: O(pairs · L²).
  public func loss(at weights: [Double], of products: LayerPairProducts) -> Loss {
    let distances = products.squaredDistances(at: weights).map { $0.squareRoot() }
    var value = 0.0
    var (active, coincident) = (0, 0)
    let factors = distances.map { distance in
      guard distance < margin else { return 0.0 }
      value += margin - distance
      active += 1
      if distance == 0 { coincident += 1 }
      return distance == 0 ? 0 : -1 / distance
    }
    let sum = products.sum(times: factors)
    return Loss(
      value: value, gradient: product(of: sum.view, and: weights.span), activePairCount: active,
      coincidentPairCount: coincident)
  }

  /// Trains weights on pairs.
  ///
  /// - Parameter products: The pairs, at least one.
  /// - Returns: The weights, the loss, and why the descent ended.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for no pairs or a map
  ///   that cannot be.
  /// - Complexity: O(steps · pairs · L²), whatever the width of the layers.
  public func train(
    on products: LayerPairProducts
  ) throws(AlignmentQualityError) -> TrainedSeparation {
    guard !products.pairs.isEmpty else {
      throw .invalidSetting(
        method: "hinge pooling", name: "pairs", value: "none",
        expected: "at least one pair of points")
    }
    var descent = try HingeDescent(self, on: products)
    let initial = descent.loss
    let ending = try descent.run()
    return TrainedSeparation(
      weights: descent.weights, scores: descent.scores, loss: descent.loss, initialLoss: initial,
      stepCount: descent.stepCount, ending: ending)
  }
}

/// Gradient descent of the hinge by the scores.
private struct HingeDescent {
  let hinge: HingeSeparation
  let products: LayerPairProducts
  var scores: [Double]
  var weights: [Double]
  var loss: HingeSeparation.Loss
  var stepCount = 0
  /// The most that a score moves, so that neither scale nor the number of pairs matters.
  private var step = 0.5

  init(
    _ hinge: HingeSeparation, on products: LayerPairProducts
  ) throws(AlignmentQualityError) {
    self.hinge = hinge
    self.products = products
    scores = [Double](repeating: 0, count: products.layerCount)
    weights = try hinge.map.weights(of: scores)
    loss = hinge.loss(at: weights, of: products)
  }

  mutating func run() throws(AlignmentQualityError) -> TrainedSeparation.Ending {
    let leastSaving = hinge.relativeTolerance * loss.value
    while stepCount < hinge.stepLimit {
      let slope = hinge.map.pullback(loss.gradient, at: weights)
      guard slope.contains(where: { $0 != 0 }) else { return .stationary }
      let previous = loss.value
      guard try descend(along: slope) else { return .noDescent }
      stepCount += 1
      if previous - loss.value <= leastSaving { return .smallDecrease }
    }
    return .stepLimit
  }

  /// Takes the longest step tried that saves a ten-thousandth of what the slope promises; whether one did.
  private mutating func descend(along slope: [Double]) throws(AlignmentQualityError) -> Bool {
    let length = slope.reduce(0) { max($0, $1.magnitude) }
    let promise = slope.reduce(0) { $0 + $1 * $1 } / length
    step *= 2
    while step > 1e-12 {
      let moved = zip(scores, slope).map { $0 - step * $1 / length }
      let trial = try hinge.map.weights(of: moved)
      let reached = hinge.loss(at: trial, of: products)
      if reached.value < loss.value, reached.value <= loss.value - 1e-4 * step * promise {
        (scores, weights, loss) = (moved, trial, reached)
        return true
      }
      step /= 2
    }
    return false
  }
}
