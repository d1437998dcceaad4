public import Evaluation
internal import LinearAlgebra
internal import RealModule

/// The effective rank exp(−Σ p log p), with p = σ/Σσ over the singular values of the points.
///
/// From 1, where all points lie on a line, to min(*n*, *d*). Points are centred unless the variant
/// `uncentred` is asked for; a common offset makes one singular value large and the rank small. The
/// variant `rank-me` is RankMe, of points that are not centred and with 10⁻⁷ added to every p. It is at most
/// *n* whatever the layer, so compare layers at equal *n*.
///
/// Roy & Vetterli (2007); Garrido et al. (2023), arXiv:2210.02885, eq. 1, for RankMe.
public struct EffectiveRank: GeometryMeasure {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "effective-rank"
  /// One line of help.
  public static let summary = "exponential of the entropy of the singular values"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Roy & Vetterli", year: 2007,
    title: "The effective rank: a measure of effective dimensionality",
    link: "https://www.eurasip.org/Proceedings/Eusipco/Eusipco2007/Papers/a5p-h05.pdf",
    locator: "definition 1")
  /// It only describes.
  public static let betterWhen: Preference? = nil
  /// It is of all points together.
  public static let needsClasses = false
  /// Other definitions.
  public static let variants = [
    MethodVariant(
      "uncentred", summary: "of the points as they are", overrides: ["isCentered": false]),
    MethodVariant(
      "rank-me", summary: "RankMe: of the points as they are, with 10⁻⁷ added to every share",
      overrides: ["isCentered": false, "addedShare": 1e-7]),
  ]

  /// Whether the mean of all points is subtracted first.
  public var isCentered = true
  /// What is added to every p, at least 0.
  public var addedShare = 0.0

  /// Creates the measure of centred points.
  public init() {}

  /// The effective rank.
  ///
  /// - Parameter points: At least two points that differ.
  /// - Returns: The rank.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)``, or
  ///   ``AlignmentQualityError/tooLarge(what:count:limit:)`` where both *n* and *d* are above 16,384.
  /// - Complexity: O(*n* · *d* · min(*n*, *d*)). Singular values have the precision of float64, because no
  ///   Gram matrix is formed.
  public func value(of points: LabelledPoints) throws(AlignmentQualityError) -> IndexValue {
    guard addedShare >= 0, addedShare.isFinite else {
      throw Self.refusal(of: "addedShare", addedShare, expected: "a number of at least 0")
    }
    let cloud = try PointCloud(points, isDecomposed: true)
    if let reason = cloud.undefinedReason { return .undefined(reason) }
    let singularValues = try cloud.singularValues(isCentered ? .mean : .none)
    let sum = singularValues.reduce(0, +)
    let entropy = singularValues.reduce(0) { total, value in
      let share = value / sum + addedShare
      return share > 0 ? total - share * Double.log(share) : total
    }
    return .finite(Double.exp(entropy))
  }
}
