public import Evaluation
internal import LinearAlgebra

/// The debiased separation F_u: the ratio trB/trW of the populations, estimated without the part that
/// sampling error adds.
///
/// About 0 without class structure, whatever the counts and the width, and negative where classes happen to
/// lie nearer to each other than chance puts them: negative values are values. Higher is better. Unlike
/// the Caliński–Harabasz index it does not grow with *n*, and unlike trB/trW it does not grow with *d*, so
/// it can be compared between data sets.
///
/// The mean of class k misses that of its population by an error of variance v_k, and trB/n counts these
/// errors as separation: with p_k = n_k/n, trB/n = Σ p_k ‖c_k − g‖² has the expectation of the populations plus
/// Σ p_k (1 − p_k) v_k, because c_k − g holds 1 − p_k of its own error and p_l of the others. With
/// independent points v_k = SS_k/(n_k (n_k − 1)), so that
///
/// F_u = [trB − Σ (1 − p_k) SS_k/(n_k − 1)]/n / W_u, W_u = trW/(n − K).
///
/// For two classes trB = n p₀p₁d² and n_k = n p_k, so that (1 − p_0)/n = p₀p₁/n_0 and likewise for 1: the
/// bracket over n is p₀p₁[d² − Σ SS_k/(n_k (n_k − 1))], and F_u = p₀p₁d²_u/W_u.
///
/// Where groups hold several points, those are not independent: several of one class make v_k larger, and
/// pairs of opposites make the errors of two classes move together. By group, the error is therefore
/// estimated from sums over groups. With u_gk = Σ (x − c_k) over class k in group g and m_k groups that have
/// the class, e_gk = √(m_k/(m_k − 1)) u_gk/n_k and ē_g = Σ p_k e_gk, the bias of trB/n is
/// Σ_g Σ_k p_k ‖e_gk − ē_g‖², and W_u gains Σ (n_k/n) [Σ_g ‖e_gk‖² − SS_k/(n_k (n_k − 1))], which trW misses. With one
/// point a group both are exactly the forms above.
public struct DebiasedSeparationIndex: ClusterIndex {
  /// What counts as independent.
  public enum Debiasing: String, Sendable, Codable, CaseIterable {
    /// Groups of points.
    case byGroup = "by-group"
    /// Points.
    case bySample = "by-sample"
  }

  /// The name in recipes, on the command line and in records.
  public static let identifier = "debiased-separation"
  /// One line of help.
  public static let summary =
    "scatter between classes over scatter within, without what sampling error adds"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Chen & Qin", year: 2010,
    title: "A two-sample test for high-dimensional data with applications to gene-set testing",
    link: "doi:10.1214/09-AOS716")
  /// Higher is better.
  public static let betterWhen = Preference.higher
  /// Any number.
  public static let range: ClosedRange<Double> = -.infinity...(.infinity)
  /// What stands above its column.
  public static let abbreviation = "F_u"
  /// The form that needs the scatter alone.
  public static let variants = [
    MethodVariant(
      "by-sample", summary: "as if all points were independent of each other",
      overrides: ["debiasing": "by-sample"])
  ]

  /// What counts as independent.
  ///
  /// By group is right wherever groups are; by sample needs the scatter alone, and is what label
  /// permutations judge.
  public var debiasing = Debiasing.byGroup

  /// Creates the index by group.
  public init() {}

  /// Creates the index.
  ///
  /// - Parameter debiasing: What counts as independent.
  public init(debiasing: Debiasing) { self.debiasing = debiasing }

  /// The scatter, and by group what the groups contribute to it.
  public var ingredients: Set<Ingredient> {
    switch debiasing {
    case .byGroup: [.scatter, .groupMoments]
    case .bySample: [.scatter]
    }
  }

  /// The value, as ``ClusterIndex/value(of:)-(ClusterMeasurements)`` says.
  ///
  /// - Parameter measurements: Measurements with ``ingredients``.
  /// - Returns: F_u with trB/trW beside it; +∞ if only the classes' means differ; undefined where nothing
  ///   differs, or where a class has one point, or by group is in one group, for its error is not known.
  /// - Throws: Nothing.
  public func value(
    of measurements: ClusterMeasurements
  ) throws(AlignmentQualityError) -> IndexValue {
    let scatter = measurements.scatter
    if let reason = scatter.undefinedReason { return .undefined(reason) }
    switch debiasing {
    case .bySample: return value(of: scatter, totals: nil)
    case .byGroup:
      guard let moments = measurements.groupMoments else {
        return .undefined("the groups were not measured; debias by sample without them")
      }
      return value(of: scatter, totals: moments.totals)
    }
  }

  /// F itself, for F_u estimates it.
  ///
  /// - Parameters:
  ///   - ratio: F.
  ///   - measurements: Not needed.
  /// - Returns: F.
  public func value(
    atTraceRatio ratio: Double, of measurements: ClusterMeasurements
  ) -> Double? { ratio }

  /// The value from sums over groups, or without them by sample.
  func value(of scatter: ClassScatter, totals: GroupTotals?) -> IndexValue {
    if let lone = scatter.counts.firstIndex(of: 1) {
      return .undefined("class \(lone) has one point, so the error of its mean is unknown")
    }
    if let lone = totals?.groupCounts.firstIndex(of: 1) {
      return .undefined("class \(lone) is in one group, so the error of its mean is unknown")
    }
    if scatter.isWithinZero {
      return .positiveInfinity("every class is one repeated point, and the points differ")
    }
    let ratio = IndexValue.Detail("trace-ratio", .finite(scatter.between / scatter.within))
    return IndexValue(
      .finite(separation(scatter, totals: totals)), flags: scatter.indistinguishableFlags,
      details: [ratio])
  }

  /// F_u, for classes of at least two points, and groups, each.
  func separation(_ scatter: ClassScatter, totals: GroupTotals?) -> Double {
    let count = Double(scatter.pointCount)
    var between = scatter.between / count
    for (share, variance) in zip(scatter.shares, scatter.meanVariances) {
      between -= share * (1 - share) * variance
    }
    if let totals { between -= totals.excessBias(over: scatter) }
    return between / withinVariance(scatter, totals: totals)
  }

  /// W_u.
  func withinVariance(_ scatter: ClassScatter, totals: GroupTotals?) -> Double {
    scatter.within / Double(scatter.pointCount - scatter.classCount)
      + (totals?.missingScatter(beside: scatter) ?? 0)
  }
}

extension ClassScatter {
  /// SS_k/(n_k (n_k − 1)), the variance of each mean if the points are independent.
  fileprivate var meanVariances: [Double] {
    zip(counts, scatters).map { $1 / (Double($0) * Double($0 - 1)) }
  }
}

extension GroupTotals {
  /// (K, K), Σ_g ⟨e_gk, e_gl⟩: the covariance of the errors of the means between groups.
  private func covariance(_ counts: [Int]) -> Matrix<Double> {
    let scales = Self.scales(counts: counts, groupCounts: groupCounts)
    return Matrix(rowCount: counts.count, columnCount: counts.count) {
      scales[$0] * scales[$1] * products[$0, $1]
    }
  }

  /// By how much the bias of trB/n by group exceeds that by sample.
  fileprivate func excessBias(over scatter: ClassScatter) -> Double {
    let (shares, variances) = (scatter.shares, scatter.meanVariances)
    let covariance = covariance(scatter.counts)
    var excess = 0.0
    for own in shares.indices {
      excess += shares[own] * (1 - shares[own]) * (covariance[own, own] - variances[own])
      for other in shares.indices where other != own {
        excess -= shares[own] * shares[other] * covariance[own, other]
      }
    }
    return excess
  }

  /// The scatter per point around the populations' means that trW misses, because points of one group pull
  /// the mean towards themselves together.
  fileprivate func missingScatter(beside scatter: ClassScatter) -> Double {
    let (shares, variances) = (scatter.shares, scatter.meanVariances)
    let covariance = covariance(scatter.counts)
    return shares.indices.reduce(0) { sum, own in
      sum + shares[own] * (covariance[own, own] - variances[own])
    }
  }
}
