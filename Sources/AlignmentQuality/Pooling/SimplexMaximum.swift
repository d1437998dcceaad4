internal import LinearAlgebra

/// The weights on the simplex at which a ratio of two forms is largest, as far as a search found.
public struct SimplexMaximum: Sendable, Equatable {
  /// Where a search starts.
  public enum Start: Sendable, Equatable {
    /// All layers alike.
    case uniform
    /// What is positive of the leading eigenvector.
    case eigenvector
    /// One layer alone.
    case layer(Int)
  }

  /// α, none negative, of sum 1.
  public let weights: [Double]
  /// f(α).
  public let value: Double
  /// The start from which the best was reached; of several, the first: layers by their own ratio, then the
  /// uniform weights, then the eigenvector.
  public let start: Start
  /// How many steps that search took.
  public let stepCount: Int
  /// Whether that search ended because no direction within the simplex goes up.
  public let isConverged: Bool
}

extension QuadraticRatio {
  /// The weights of the simplex with the largest ratio that several searches find.
  ///
  /// Each search goes along the projected gradient, α ← P(α + t ∇f), with a step that is halved until the
  /// ratio grows enough (Bertsekas 1976, doi:10.1109/TAC.1976.1101194), and then solves the layers that are
  /// left exactly, by their own leading eigenvector where that has no negative element. No search ends below
  /// its start, so that the result is never below the best single layer. The ratio has local maxima, so a
  /// better one may exist.
  ///
  /// - Parameters:
  ///   - layerStartCount: How many of the best single layers are starts.
  ///   - stepLimit: The most steps of a search.
  /// - Returns: The best end of all searches; `nil` if no single layer has a finite ratio.
  /// - Complexity: O(starts · steps · L²) and O(starts · L³).
  public func simplexMaximum(layerStartCount: Int = 5, stepLimit: Int = 1000) -> SimplexMaximum? {
    let (ratio, units) = equilibrated
    var starts = bestLayers(layerStartCount).map { (SimplexMaximum.Start.layer($0), single($0)) }
    guard !starts.isEmpty else { return nil }
    starts.append((.uniform, units.map { 1 / $0 }))
    if let leading = try? ratio.leadingWeights().weights, leading.contains(where: { $0 > 0 }) {
      starts.append((.eigenvector, leading.map { max($0, 0) }))
    }
    let ends = starts.map { start, weights in
      SimplexSearch(ratio, from: weights, stepLimit: stepLimit).end(units: units, start: start)
    }
    // Equal but for rounding counts as equal, so that the first start is named.
    return ends.dropFirst().reduce(ends[0]) { best, end in
      end.value > best.value + 1e-12 * best.value.magnitude ? end : best
    }
  }

  private func bestLayers(_ count: Int) -> [Int] {
    let values = (0..<layerCount).map { number(at: single($0)) }
    let falling = values.indices.filter { values[$0].isFinite }.sorted {
      values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1]
    }
    return Array(falling.prefix(max(1, count)))
  }
}

/// One search for the largest ratio on the simplex, in equilibrated coordinates.
private struct SimplexSearch {
  let ratio: QuadraticRatio
  var weights: [Double]
  var value: Double
  var stepCount = 0
  var isConverged = false
  /// The largest ratio of a single layer, in magnitude.
  private let scale: Double
  /// What is left of an ascent, as a share of the scale, where rounding hides any gain.
  private static let convergedAscent = 1e-7
  /// What the ratio may lose by rounding, as a share of the scale.
  private static let rounding = 1e-14

  init(_ ratio: QuadraticRatio, from start: [Double], stepLimit: Int) {
    self.ratio = ratio
    let total = start.reduce(0, +)
    weights = start.map { $0 / total }
    value = ratio.number(at: weights)
    scale = (0..<ratio.layerCount).reduce(0) { max($0, ratio.numerator[$1, $1].magnitude) }
    let first = (weights, value)
    // After a face is solved another layer may enter, so the two take turns until neither gains.
    for _ in 0..<ratio.layerCount + 1 {
      climb(stepLimit: stepLimit)
      if !solveFace() { break }
    }
    if value < first.1 { (weights, value) = first }
    isConverged = ascent(ratio.gradient(at: weights)) <= Self.convergedAscent * scale
  }

  func end(units: [Double], start: SimplexMaximum.Start) -> SimplexMaximum {
    let scaled = zip(weights, units).map { $0 * $1 }
    let total = scaled.reduce(0, +)
    return SimplexMaximum(
      weights: scaled.map { $0 / total }, value: value, start: start, stepCount: stepCount,
      isConverged: isConverged)
  }

  private mutating func climb(stepLimit: Int) {
    var step = 1.0
    while stepCount < stepLimit {
      let gradient = ratio.gradient(at: weights)
      guard ascent(gradient) > 1e-10 * scale, let next = accepted(gradient, step: &step) else {
        return
      }
      (weights, value) = next
      stepCount += 1
    }
  }

  /// The largest first-order gain on the simplex: max g_l − ⟨g, β⟩, 0 exactly at a stationary point.
  private func ascent(_ gradient: [Double]) -> Double {
    let mean = zip(gradient, weights).reduce(0) { $0 + $1.0 * $1.1 }
    return gradient.reduce(-.infinity) { max($0, $1) } - mean
  }

  /// The first point along the projected gradient that gains enough, with the step halved until it does.
  private func accepted(
    _ gradient: [Double], step: inout Double
  ) -> (weights: [Double], value: Double)? {
    let length = gradient.reduce(0) { max($0, $1.magnitude) }
    step = min(2 * step, 1e6)
    while step > 1e-14 {
      let moved = zip(weights, gradient).map { $0 + step * $1 / length }
      guard let point = try? SimplexMap.sparsemax.weights(of: moved) else { return nil }
      let promise = zip(gradient, zip(point, weights)).reduce(0) { $0 + $1.0 * ($1.1.0 - $1.1.1) }
      let reached = ratio.number(at: point)
      if reached > value, reached >= value + 1e-4 * promise { return (point, reached) }
      step /= 2
    }
    return nil
  }

  /// Solves the layers that have a weight exactly; whether the ratio grew.
  ///
  /// Where their leading eigenvector has negative elements, the way towards it is followed to the first
  /// layer whose weight becomes 0, which is left out of the next, smaller face.
  private mutating func solveFace() -> Bool {
    let before = value
    for _ in weights.indices {
      guard let target = faceOptimum() else { break }
      let leaving = weights.indices.filter { target[$0] < 0 }.min {
        share(target, $0) < share(target, $1)
      }
      let length = leaving.map { share(target, $0) } ?? 1
      var point = zip(weights, target).map { max(0, $0 + length * ($1 - $0)) }
      if let leaving { point[leaving] = 0 }
      let reached = ratio.number(at: point)
      guard reached >= value - Self.rounding * scale else { break }
      (weights, value) = (point, reached)
      if leaving == nil { break }
    }
    return value > before
  }

  /// How much of the way to a target a layer can go until its weight is 0.
  private func share(_ target: [Double], _ layer: Int) -> Double {
    weights[layer] / (weights[layer] - target[layer])
  }

  /// The leading eigenvector of the layers that have a weight, on the side of the weights and of their sum.
  private func faceOptimum() -> [Double]? {
    let layers = weights.indices.filter { weights[$0] > 0 }
    guard let face = try? ratio.restricted(to: layers).leadingWeights(relativeRidge: 0),
      face.relativeRidge == 0
    else { return nil }
    let projection = zip(layers, face.weights).reduce(0) { $0 + weights[$1.0] * $1.1 }
    let total = weights.reduce(0, +)
    var point = [Double](repeating: 0, count: weights.count)
    for (layer, weight) in zip(layers, face.weights) {
      point[layer] = (projection < 0 ? -weight : weight) * total
    }
    return point
  }
}
