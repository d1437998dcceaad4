internal import Activations
internal import LinearAlgebra
internal import Optimization

/// What a direction is, and which one if it is drawn.
struct FeatureAxisKind: Sendable, Equatable {
  let direction: FeatureGaps.Direction
  /// The seed of a random direction; the others need none.
  let seed: UInt64
}

/// Names the independent streams of random numbers.
enum FeatureGapsStream: UInt64 {
  case direction = 301
  case permutation = 302
}

/// The directions of the contrasts of one feature at one layer.
struct ContrastDirections {
  private let feature: (name: String, place: Int)
  private let layer: Int
  /// The leading component of the contrasts less their mean, if asked for.
  private let leading: LeadingComponents?
  /// μ, the mean contrast.
  private let mean: [Double]
  /// The mean squared distance of a contrast from μ.
  private let variance: Double
  /// The mean squared length of a contrast.
  private var meanSquare: Double { variance + dotProduct(mean.span, mean.span) }

  /// Takes the differences of pairs, in float64.
  ///
  /// - Parameters:
  ///   - pairs: At least two pairs, finite.
  ///   - needsComponent: Whether the principal component will be asked for.
  ///   - feature: The feature's name, for errors, and its place, for random numbers.
  ///   - layer: The layer's number.
  /// - Throws: ``EpistemicsError/notEnough(what:count:minimum:)`` for less than 2 pairs.
  /// - Complexity: As ``LeadingComponents`` for one component; O(*n* · *d*) without.
  init(
    _ pairs: ContrastPairs, needsComponent: Bool, feature: (name: String, place: Int), layer: Int
  ) throws(EpistemicsError) {
    self.feature = feature
    self.layer = layer
    guard pairs.count >= 2 else {
      throw .notEnough(
        what: "contrasts of \"\(feature.name)\" at layer \(layer)", count: pairs.count, minimum: 2)
    }
    var differences = Self.differences(of: pairs)
    do throws(LinearAlgebraError) {
      let moments = try ColumnMoments(of: differences.view)
      mean = moments.means
      variance = moments.squaredDeviations.reduce(0, +) / Double(pairs.count)
      // Centred here, so that no pass over the differences has to.
      differences.subtractFromRows(mean)
      leading =
        needsComponent
        ? try LeadingComponents(of: [differences], centering: .none, count: 1, tolerance: 1e-10)
        : nil
    } catch {
      throw .linearAlgebra(error)
    }
  }

  private static func differences(of pairs: ContrastPairs) -> Matrix<Double> {
    var differences = Matrix<Double>(rowCount: pairs.count, columnCount: pairs.width)
    let (positive, negative) = (pairs.positive.span, pairs.negative.span)
    var target = differences.mutableSpan
    for place in target.indices {
      target[place] = Double(positive[place]) - Double(negative[place])
    }
    return differences
  }

  /// The axis of a kind.
  ///
  /// - Parameter kind: What the direction is.
  /// - Returns: The axis. A component's largest weight is positive, which is scikit-learn's sign.
  /// - Throws: ``EpistemicsError/noDirection(feature:layer:reason:)`` if all pairs differ alike, or, for the
  ///   difference of means, if the mean is 0.
  /// - Precondition: The component was asked for if it is one.
  func axis(of kind: FeatureAxisKind) throws(EpistemicsError) -> FeatureAxis {
    switch kind.direction {
    case .principalComponent: try FeatureAxis(vector: try component(), mean: mean)
    case .differenceOfMeans: try FeatureAxis(vector: try checkedMean(), mean: mean)
    case .random: try FeatureAxis(vector: randomVector(seed: kind.seed), mean: mean)
    }
  }

  private func component() throws(EpistemicsError) -> [Double] {
    guard let leading else { preconditionFailure("the component was not asked for") }
    // What centring leaves of equal rows is rounding.
    guard variance > 1e-24 * meanSquare else {
      throw noDirection(
        meanSquare == 0
          ? "both sides of every pair have the same states, as at the embeddings of the same tokens; "
            + "raise ignoredLayerCount, or check which files the sides were read from"
          : "all pairs differ by the same vector, so that nothing varies once their mean is taken away; "
            + "use the difference of means, or pairs of different answers")
    }
    let vector = leading.directions.row(0)
    var largest = 0.0
    for weight in vector where abs(weight) > abs(largest) { largest = weight }
    return largest < 0 ? vector.map { -$0 } : vector
  }

  /// The mean, unless it is zero or only the rounding of a mean that is.
  private func checkedMean() throws(EpistemicsError) -> [Double] {
    guard dotProduct(mean.span, mean.span) > 1e-24 * meanSquare else {
      throw noDirection(
        "the mean contrast is zero, so that it has no direction; use the principal component, raise "
          + "ignoredLayerCount, or check which files the sides were read from")
    }
    return mean
  }

  /// Normal numbers: the same for a seed, place of the feature and layer, whatever else is drawn.
  private func randomVector(seed: UInt64) -> [Double] {
    var generator = SeededGenerator(
      seed: seed, stream: FeatureGapsStream.direction.rawValue, UInt64(feature.place),
      UInt64(layer))
    return mean.map { _ in generator.nextNormal() }
  }

  private func noDirection(_ reason: String) -> EpistemicsError {
    .noDirection(feature: feature.name, layer: layer, reason: reason)
  }
}
