public import Evaluation
internal import LinearAlgebra
internal import RealModule

/// The intrinsic dimension by two nearest neighbours: (N − 1)/Σ log(r₂/r₁).
///
/// r₁ and r₂ are the distances of a point to its nearest and second nearest other point. N counts the points
/// with r₁ > 0; points that have a duplicate are left out, and a flag counts them. With that divisor the
/// estimate is unbiased where the density is constant over two neighbours. The variant `fit` is the
/// line through the origin of the publication, without the tenth of the points with the largest ratios.
/// Noise makes the dimension larger, few points in many dimensions smaller: it hardly exceeds a few tens.
///
/// Facco, d'Errico, Rodriguez & Laio (2017), doi:10.1038/s41598-017-11873-y.
public struct TwoNearestNeighbours: GeometryMeasure {
  /// How the dimension is estimated from the ratios r₂/r₁.
  public enum Estimator: String, Sendable, Codable, CaseIterable {
    /// The maximum of the likelihood, without its bias.
    case maximumLikelihood = "maximum-likelihood"
    /// The slope of −log(1 − F) over log(r₂/r₁) through the origin, without the largest tenth.
    case fit
  }

  /// The name in recipes, on the command line and in records.
  public static let identifier = "two-nearest-neighbours"
  /// One line of help.
  public static let summary = "intrinsic dimension from the ratios of two nearest distances"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Facco, d'Errico, Rodriguez & Laio", year: 2017,
    title: "Estimating the intrinsic dimension of datasets by a minimal neighborhood information",
    link: "doi:10.1038/s41598-017-11873-y", locator: "eq. 2 to 4")
  /// It only describes.
  public static let betterWhen: Preference? = nil
  /// It is of all points together.
  public static let needsClasses = false
  /// The published fit.
  public static let variants = [
    MethodVariant(
      "fit", summary: "a line through the origin, without the largest tenth of the ratios",
      overrides: ["estimator": "fit"])
  ]

  /// How the dimension is estimated from the ratios.
  public var estimator = Estimator.maximumLikelihood

  /// Creates the measure by maximum likelihood.
  public init() {}

  /// The dimension.
  ///
  /// - Parameter points: At least three.
  /// - Returns: The dimension; +∞ where every point's two nearest are equally far.
  /// - Throws: ``AlignmentQualityError`` if the points cannot be read.
  /// - Complexity: O(*n*² · *d*), and memory for tiles.
  public func value(of points: LabelledPoints) throws(AlignmentQualityError) -> IndexValue {
    let cloud = try PointCloud(points)
    if let reason = cloud.undefinedReason { return .undefined(reason) }
    guard cloud.count > 2 else { return .undefined("there are two points, and three are needed") }
    let squares = try DistanceTiles(cloud).nearest(2)
    let (places, flags) = NeighbourDistances.usable(squares)
    guard places.count > 1 else {
      return .undefined("fewer than two points have no duplicate", flags: flags)
    }
    // log(r₂/r₁) from the squares, whose ratio is rounded once.
    let logarithms = places.map { Double.log(squares[$0, 1] / squares[$0, 0]) / 2 }
    guard logarithms.contains(where: { $0 > 0 }) else {
      return .positiveInfinity("the two nearest of every point are equally far", flags: flags)
    }
    switch estimator {
    case .maximumLikelihood:
      return .finite(
        Double(logarithms.count - 1) / logarithms.reduce(0, +), flags: flags)
    case .fit: return fit(logarithms.sorted(), flags: flags)
    }
  }

  /// Σxy/Σx² with x the logarithm of rank i and y = −log(1 − i/N), without the largest tenth.
  private func fit(_ sorted: [Double], flags: [Flag]) -> IndexValue {
    // In whole numbers: 0.9 · N may round below a whole number. The last has F = 1 in any case.
    let kept = min(sorted.count * 9 / 10, sorted.count - 1)
    var (products, squares) = (0.0, 0.0)
    for place in 0..<kept {
      products -= sorted[place] * Double.log(1 - Double(place + 1) / Double(sorted.count))
      squares += sorted[place] * sorted[place]
    }
    guard squares > 0 else {
      return .positiveInfinity(
        "nine tenths of the points have two nearest that are equally far", flags: flags)
    }
    return .finite(products / squares, flags: flags)
  }
}

/// Distances to nearest neighbours, as dimensions are estimated from them.
enum NeighbourDistances {
  /// The points whose nearest neighbour is no duplicate, and a flag that counts the others.
  static func usable(_ squares: Matrix<Double>) -> (places: [Int], flags: [Flag]) {
    let places = (0..<squares.rowCount).filter { squares[$0, 0] > 0 }
    let left = squares.rowCount - places.count
    guard left > 0 else { return (places, []) }
    return (
      places,
      [Flag("duplicate-points", detail: "\(left) points equal another one and were left out")]
    )
  }
}
