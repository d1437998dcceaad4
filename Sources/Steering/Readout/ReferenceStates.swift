public import LinearAlgebra

/// States that a model was seen in, and how far others lie from them: the cost of steering where nothing behind the
/// states was exported.
///
/// A proxy. That a state is unusual does not say what the model makes of it.
public struct ReferenceStates: Sendable {
  private let means: [Double]
  private let covariance: ShrunkCovariance
  /// The states among which the nearest is looked for, centred.
  private let neighbours: Matrix<Double>

  /// The most states among which the nearest one is looked for; more are thinned out evenly.
  public static let mostNeighbours = 2048

  /// Learns from states.
  ///
  /// - Parameter states: (n, width), finite.
  /// - Throws: ``SteeringError/tooFew(method:what:count:minimum:)`` for fewer than two states,
  ///   ``SteeringError/degenerate(method:reason:)`` if all are the same.
  /// - Complexity: O(*n* · *d* · m + m³) with m = min(*n*, *d*).
  public init(_ states: Matrix<Float>) throws(SteeringError) {
    let what = "distance to known states"
    guard states.rowCount >= 2 else {
      throw .tooFew(method: what, what: "states", count: states.rowCount, minimum: 2)
    }
    var shrunk: ShrunkCovariance?
    let centered: Matrix<Double>
    do throws(LinearAlgebraError) {
      means = try ColumnMoments(of: states.view).means
      centered = Self.centered(states, means)
      if centered.elements.contains(where: { $0 != 0 }) {
        shrunk = try ShrunkCovariance(of: centered, centerCount: 1)
      }
    } catch {
      throw .linearAlgebra(error)
    }
    guard let shrunk else {
      throw .degenerate(method: what, reason: "the states do not differ")
    }
    covariance = shrunk
    let step = (states.rowCount + Self.mostNeighbours - 1) / Self.mostNeighbours
    neighbours = centered.selectingRows(
      Array(stride(from: 0, to: states.rowCount, by: step)))
  }

  /// How far states lie from these when they move along a vector.
  ///
  /// - Parameters:
  ///   - states: (m, width), finite.
  ///   - vector: What is added to them.
  /// - Returns: Their distances at any coefficient.
  /// - Throws: ``SteeringError/widthMismatch(what:expected:actual:)``.
  /// - Complexity: O(*m* · *d* · (*n* + *d*)).
  public func distances(
    of states: Matrix<Float>, along vector: [Double]
  ) throws(SteeringError) -> ReferenceDistances {
    for (what, actual) in [
      ("the states", states.columnCount), ("the steering vector", vector.count),
    ] where actual != means.count {
      throw .widthMismatch(what: what, expected: means.count, actual: actual)
    }
    let centered = Self.centered(states, means)
    do throws(LinearAlgebraError) {
      let solved = try covariance.solve(vector)
      let own = product(of: centered.view, and: vector.span)
      return ReferenceDistances(
        mahalanobis: Parabola(
          constants: try covariance.quadraticForms(centered),
          slopes: product(of: centered.view, and: solved.span),
          curvature: dotProduct(vector.span, solved.span)),
        lengths: Parabola(
          constants: squaredRowNorms(of: states.view),
          slopes: DirectionReadings.projections(of: states, on: vector),
          curvature: dotProduct(vector.span, vector.span)),
        neighbours: squaredDistances(centered.view, neighbours.view), projections: own,
        neighbourProjections: product(of: neighbours.view, and: vector.span))
    } catch {
      throw .linearAlgebra(error)
    }
  }

  private static func centered(_ states: Matrix<Float>, _ means: [Double]) -> Matrix<Double> {
    Matrix(rowCount: states.rowCount, columnCount: states.columnCount) {
      Double(states[$0, $1]) - means[$1]
    }
  }
}

/// c + 2 r b + r² a of several states, with one a.
struct Parabola: Sendable {
  let constants: [Double]
  let slopes: [Double]
  let curvature: Double

  /// The values at r; what rounding leaves below 0 is 0.
  func values(at coefficient: Double) -> [Double] {
    zip(constants, slopes).map {
      max(0, $0 + coefficient * (2 * $1 + coefficient * curvature))
    }
  }
}

/// How far states lie from known ones when they move along a vector.
public struct ReferenceDistances: Sendable {
  let mahalanobis: Parabola
  let lengths: Parabola
  /// ‖h − x‖² of every state and neighbour.
  let neighbours: Matrix<Double>
  /// v · h and v · x, both less the mean.
  let projections: [Double]
  let neighbourProjections: [Double]

  /// The squared Mahalanobis distances at a coefficient.
  ///
  /// M² = m₀ + 2r vᵀΣ*⁻¹(h − μ) + r² vᵀΣ*⁻¹v, with the known states' mean μ and shrunk covariance Σ*.
  ///
  /// - Parameter coefficient: r, finite.
  /// - Returns: One number a state, at least 0.
  public func squaredMahalanobisDistances(at coefficient: Double) -> [Double] {
    mahalanobis.values(at: coefficient)
  }

  /// ‖h + r v‖ / ‖h‖ at a coefficient.
  ///
  /// - Parameter coefficient: r, finite.
  /// - Returns: One number a state; `nil` for a state of zeros.
  public func lengthRatios(at coefficient: Double) -> [Double?] {
    zip(lengths.values(at: coefficient), lengths.constants).map {
      $1 > 0 ? ($0 / $1).squareRoot() : nil
    }
  }

  /// The Euclidean distance to the nearest known state at a coefficient.
  ///
  /// ‖h + r v − x‖² = ‖h − x‖² + 2r v · (h − x) + r²‖v‖², the least over x.
  ///
  /// - Parameter coefficient: r, finite.
  /// - Returns: One number a state.
  /// - Complexity: O(*m* · *n*).
  public func nearestDistances(at coefficient: Double) -> [Double] {
    let addition = coefficient * coefficient * lengths.curvature
    return projections.enumerated().map { row, projection in
      let distances = neighbours.view.row(row)
      var least = Double.infinity
      for place in neighbourProjections.indices {
        let overlap = projection - neighbourProjections[place]
        least = min(least, distances[place] + 2 * coefficient * overlap)
      }
      return max(0, least + addition).squareRoot()
    }
  }
}
