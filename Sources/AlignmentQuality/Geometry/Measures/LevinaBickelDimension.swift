public import Evaluation
internal import LinearAlgebra
internal import RealModule

/// The intrinsic dimension by the likelihood of the distances to *k* nearest neighbours.
///
/// Every point has an estimate m = [Σ_{j<k} log(T_k/T_j)/(k − 1)]⁻¹ with the distances T to its nearest
/// other points, and the value is their mean. The variant `mackay-ghahramani` inverts the mean of 1/m
/// instead, which is the likelihood of all points together; the mean of m itself is too large by
/// (k − 1)/(k − 2). Points that have a duplicate are left out, and a flag counts them. It is too small
/// where the true dimension is large for *n*, and *k* sets the scale: small *k* sees noise, large *k*
/// curvature and density.
///
/// Levina & Bickel (2004), eq. 8; MacKay & Ghahramani (2005) for the variant.
public struct LevinaBickelDimension: GeometryMeasure {
  /// How the points' estimates are put together.
  public enum Average: String, Sendable, Codable, CaseIterable {
    /// Their mean.
    case arithmetic
    /// The inverse of the mean of their inverses.
    case harmonic
  }

  /// The name in recipes, on the command line and in records.
  public static let identifier = "levina-bickel"
  /// One line of help.
  public static let summary = "intrinsic dimension from the distances to k nearest neighbours"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Levina & Bickel", year: 2004,
    title: "Maximum likelihood estimation of intrinsic dimension",
    link: "https://papers.nips.cc/paper/2577", locator: "eq. 8 and 9")
  /// It only describes.
  public static let betterWhen: Preference? = nil
  /// It is of all points together.
  public static let needsClasses = false
  /// The other average.
  public static let variants = [
    MethodVariant(
      "mackay-ghahramani", summary: "the inverse of the mean of the points' inverse estimates",
      overrides: ["average": "harmonic"])
  ]

  /// *k*, at least 2.
  public var neighbourCount = 10
  /// How the points' estimates are put together.
  public var average = Average.arithmetic

  /// Creates the measure with ten neighbours.
  public init() {}

  /// The dimension.
  ///
  /// - Parameter points: More than ``neighbourCount``.
  /// - Returns: The dimension; +∞ where neighbours of a point (of all points, in the variant) are equally far.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)``, or what reading throws.
  /// - Complexity: O(*n*² · *d*), and memory for tiles and *n* · *k* numbers.
  public func value(of points: LabelledPoints) throws(AlignmentQualityError) -> IndexValue {
    guard neighbourCount >= 2 else {
      throw Self.refusal(
        of: "neighbourCount", neighbourCount, expected: "a whole number of at least 2")
    }
    let cloud = try PointCloud(points)
    if let reason = cloud.undefinedReason { return .undefined(reason) }
    guard cloud.count > neighbourCount else {
      return .undefined("\(cloud.count) points do not have \(neighbourCount) neighbours each")
    }
    let squares = try DistanceTiles(cloud).nearest(neighbourCount)
    let (places, flags) = NeighbourDistances.usable(squares)
    guard !places.isEmpty else { return .undefined("every point has a duplicate", flags: flags) }
    let inverses = places.map { place in
      let last = squares[place, neighbourCount - 1]
      return (0..<neighbourCount - 1).reduce(0) { sum, rank in
        sum + Double.log(last / squares[place, rank]) / 2
      } / Double(neighbourCount - 1)
    }
    let count = Double(places.count)
    let value =
      average == .arithmetic
      ? inverses.reduce(0) { $0 + 1 / $1 } / count : count / inverses.reduce(0, +)
    guard value.isFinite else {
      return .positiveInfinity("all neighbours of a point are equally far", flags: flags)
    }
    return .finite(value, flags: flags)
  }
}
