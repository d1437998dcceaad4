public import Evaluation
public import LinearAlgebra

/// The ratio f(α) = αᵀBα / αᵀWα of two symmetric forms of layer weights.
///
/// It does not change if all weights are multiplied by a number. W has no negative eigenvalue; B may have.
public struct QuadraticRatio: Sendable, Equatable {
  /// B, (L, L), symmetric.
  public let numerator: Matrix<Double>
  /// W, (L, L), symmetric, of no negative eigenvalue.
  public let denominator: Matrix<Double>

  /// A ratio of two forms.
  ///
  /// - Parameters:
  ///   - numerator: B, (L, L), symmetric, finite.
  ///   - denominator: W, (L, L), symmetric, of no negative eigenvalue.
  public init(numerator: Matrix<Double>, denominator: Matrix<Double>) {
    let order = numerator.rowCount
    precondition(
      order > 0 && numerator.columnCount == order && denominator.rowCount == order
        && denominator.columnCount == order, "two square matrices of one order")
    self.numerator = numerator
    self.denominator = denominator
  }

  /// L, the number of layers.
  public var layerCount: Int { numerator.rowCount }

  /// f(α).
  ///
  /// - Parameter weights: α, one a layer.
  /// - Returns: The ratio; infinite or undefined where the denominator is 0.
  /// - Complexity: O(L²).
  public func value(at weights: [Double]) -> MeasuredValue {
    let (top, bottom) = forms(weights)
    if bottom > 0, (top / bottom).isFinite { return .finite(top / bottom) }
    return top > 0
      ? .infinite("the pooled classes do not scatter, and their means differ")
      : .undefined("the pooled points do not scatter within their classes")
  }

  /// ∇f(α) = 2 (Bα − f Wα) / αᵀWα.
  ///
  /// It is orthogonal to α, as the ratio does not depend on the length of α.
  ///
  /// - Parameter weights: α, one a layer, with αᵀWα > 0.
  /// - Returns: The derivative by each weight.
  /// - Complexity: O(L²).
  public func gradient(at weights: [Double]) -> [Double] {
    let (top, bottom) = forms(weights)
    let ratio = top / bottom
    let rising = product(of: numerator.view, and: weights.span)
    let falling = product(of: denominator.view, and: weights.span)
    return zip(rising, falling).map { 2 * ($0 - ratio * $1) / bottom }
  }

  /// f(α), or −∞ where there is no number, so that a search moves away from there.
  func number(at weights: [Double]) -> Double { value(at: weights).finiteValue ?? -.infinity }

  /// The layer that is best alone; of several, the first.
  public var bestLayer: Int {
    var best = 0
    for layer in 1..<max(1, layerCount)
    where number(at: single(layer)) > number(at: single(best)) { best = layer }
    return best
  }

  /// The weights of one layer alone.
  func single(_ layer: Int) -> [Double] { (0..<layerCount).map { $0 == layer ? 1 : 0 } }

  /// The ratio of weights of some layers only.
  func restricted(to layers: [Int]) -> QuadraticRatio {
    func part(_ matrix: Matrix<Double>) -> Matrix<Double> {
      Matrix(rowCount: layers.count, columnCount: layers.count) { matrix[layers[$0], layers[$1]] }
    }
    return QuadraticRatio(numerator: part(numerator), denominator: part(denominator))
  }

  /// The ratio in coordinates in which every layer has a denominator of 1, and those coordinates' units.
  ///
  /// Layers differ in scale by orders of magnitude. With β_l = α_l / unit_l neither a ridge nor the steps of
  /// a search depend on that. A layer without scatter keeps its unit.
  var equilibrated: (ratio: QuadraticRatio, units: [Double]) {
    let units = (0..<layerCount).map { layer in
      let scatter = denominator[layer, layer]
      return scatter > 0 ? 1 / scatter.squareRoot() : 1
    }
    func scaled(_ matrix: Matrix<Double>) -> Matrix<Double> {
      Matrix(rowCount: layerCount, columnCount: layerCount) {
        matrix[$0, $1] * units[$0] * units[$1]
      }
    }
    let ratio = QuadraticRatio(numerator: scaled(numerator), denominator: scaled(denominator))
    return (ratio, units)
  }

  private func forms(_ weights: [Double]) -> (top: Double, bottom: Double) {
    precondition(weights.count == layerCount, "\(weights.count) weights, \(layerCount) layers")
    return (
      bilinearForm(numerator.view, weights.span, weights.span),
      bilinearForm(denominator.view, weights.span, weights.span)
    )
  }
}
