public import Evaluation
internal import LinearAlgebra

/// The Fisher ratio trB/trW: the scatter between classes over the scatter within them.
///
/// From 0 up; higher is better separated. It is not divided by degrees of freedom, so classes without
/// structure have about (K − 1)/(n − K), not 0. With the variant `inverse-trace` it is the criterion of
/// linear discriminant analysis, tr(S_w⁻¹ S_b), with both covariances divided by *n* and S_w shrunk by
/// Ledoit & Wolf, which also counts how the scatter within classes is oriented.
///
/// Fukunaga (1990), section 10.2, criteria J₁ and J₄.
public struct FisherRatio: GeometryMeasure {
  /// How the two scatters are compared.
  public enum Criterion: String, Sendable, Codable, CaseIterable {
    /// trB/trW.
    case traceRatio = "trace-ratio"
    /// tr(S_w⁻¹ S_b).
    case inverseTrace = "inverse-trace"
  }

  /// The name in recipes, on the command line and in records.
  public static let identifier = "fisher-ratio"
  /// One line of help.
  public static let summary = "scatter between classes over scatter within"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Fukunaga", year: 1990, title: "Introduction to statistical pattern recognition",
    locator: "section 10.2")
  /// Higher is better.
  public static let betterWhen: Preference? = .higher
  /// It compares classes.
  public static let needsClasses = true
  /// The criterion of linear discriminant analysis.
  public static let variants = [
    MethodVariant(
      "inverse-trace", summary: "tr(S_w⁻¹ S_b), with the covariance within classes shrunk",
      overrides: ["criterion": "inverse-trace"])
  ]

  /// How the two scatters are compared.
  public var criterion = Criterion.traceRatio

  /// Creates the measure of traces.
  public init() {}

  /// The ratio.
  ///
  /// - Parameter points: At least two classes.
  /// - Returns: The ratio; +∞ if only the classes' means differ, undefined if nothing does.
  /// - Throws: ``AlignmentQualityError``.
  /// - Complexity: O(*n* · *d*); with the variant as ``MahalanobisDistance``.
  public func value(of points: LabelledPoints) throws(AlignmentQualityError) -> IndexValue {
    let cloud = try PointCloud(points, isDecomposed: criterion == .inverseTrace)
    let scatter = cloud.scatter
    if let reason = scatter.undefinedReason { return .undefined(reason) }
    if scatter.isWithinZero {
      return .positiveInfinity("every class is one repeated point, and the points differ")
    }
    switch criterion {
    case .traceRatio:
      return .finite(scatter.between / scatter.within, flags: scatter.indistinguishableFlags)
    case .inverseTrace: return try inverseTrace(cloud)
    }
  }

  /// Σ p_k (c_k − g)ᵀ S_w⁻¹ (c_k − g).
  private func inverseTrace(_ cloud: PointCloud) throws(AlignmentQualityError) -> IndexValue {
    guard let covariance = try ShrunkCovariance(within: cloud, .ledoitWolf) else {
      return .undefined("the covariance within classes cannot be inverted")
    }
    var means = cloud.centroids
    means.subtractFromRows(cloud.mean.row(0))
    let forms = try decomposing { () throws(LinearAlgebraError) in
      try covariance.quadraticForms(means)
    }
    return IndexValue(
      .finite(zip(cloud.scatter.shares, forms).reduce(0) { $0 + $1.0 * $1.1 }),
      flags: cloud.scatter.indistinguishableFlags,
      details: [.init("shrinkage-intensity", .finite(covariance.intensity))])
  }
}
