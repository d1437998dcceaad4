public import Evaluation
internal import LinearAlgebra
internal import Optimization

/// The squared maximum mean discrepancy of two classes: mean k(x, x′) + mean k(y, y′) − 2 mean k(x, y).
///
/// 0 in expectation for classes of one distribution; above 0 otherwise, and up to 2 with the Gaussian kernel
/// k = exp(−‖x − y‖²/(2σ²)). σ is the median distance of two different points, of both classes together,
/// unless one is given. Of more than ``medianSampleCount`` points it is that of a sample of so many, always
/// the same, and a flag says so. The linear kernel x·y sees the means alone, and its biased form is
/// ‖c₀ − c₁‖². The kernel is isotropic and σ one number, so in many dimensions all distances are alike and
/// values small; compare them with their permutation distribution, not with each other.
public struct MaximumMeanDiscrepancy: GeometryMeasure {
  /// What two points have in common.
  public enum Kernel: String, Sendable, Codable, CaseIterable {
    /// exp(−‖x − y‖²/(2σ²)).
    case radialBasis = "radial-basis"
    /// x·y.
    case linear
  }

  /// The name in recipes, on the command line and in records.
  public static let identifier = "maximum-mean-discrepancy"
  /// One line of help.
  public static let summary = "squared distance of two classes' mean embeddings by a kernel"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Gretton, Borgwardt, Rasch, Schölkopf & Smola", year: 2012,
    title: "A kernel two-sample test", link: "https://jmlr.org/papers/v13/gretton12a.html",
    locator: "eq. 3")
  /// Higher is better.
  public static let betterWhen: Preference? = .higher
  /// It compares two classes.
  public static let needsClasses = true
  /// Other kernels and estimators.
  public static let variants = [
    MethodVariant(
      "linear", summary: "by the kernel x·y: the squared distance of the means",
      overrides: ["kernel": "linear"]),
    MethodVariant(
      "biased", summary: "means over all pairs, each point with itself too",
      overrides: ["estimator": "biased"]),
  ]

  /// The most points whose distances the median is taken of.
  public static let medianSampleCount = 2048

  /// What two points have in common.
  public var kernel = Kernel.radialBasis
  /// How the means over pairs are taken.
  public var estimator = TwoSampleEstimator.unbiased
  /// σ, above 0; the median distance if not given.
  public var bandwidth: Double?

  /// Creates the unbiased measure with a Gaussian kernel.
  public init() {}

  /// The squared discrepancy.
  ///
  /// - Parameter points: Two classes, of at least two points each for the unbiased form.
  /// - Returns: The discrepancy, with the bandwidth; undefined where the median distance is 0.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for a bandwidth that is
  ///   not above 0, or what reading throws.
  /// - Complexity: O(*n*² · *d*) and tiles; with the linear kernel O(*n* · *d*).
  public func value(of points: LabelledPoints) throws(AlignmentQualityError) -> IndexValue {
    if let bandwidth, !(bandwidth > 0 && bandwidth.isFinite) {
      throw Self.refusal(of: "bandwidth", bandwidth, expected: "a number above 0")
    }
    let cloud = try PointCloud(points)
    if let reason = cloud.twoClassReason { return .undefined(reason) }
    if estimator == .unbiased, cloud.scatter.counts.contains(1) {
      return .undefined("a class has one point, and pairs of different points are needed")
    }
    switch kernel {
    case .linear: return linear(cloud.scatter)
    case .radialBasis: return try radialBasis(cloud)
    }
  }

  /// ‖c₀ − c₁‖², less what the scatter of the classes adds to it in expectation for the unbiased form.
  private func linear(_ scatter: ClassScatter) -> IndexValue {
    var value = scatter.squaredCentroidDistances[0, 1]
    if estimator == .unbiased {
      for (count, squares) in zip(scatter.counts, scatter.scatters) {
        value -= squares / (Double(count) * Double(count - 1))
      }
    }
    return .finite(value, flags: scatter.indistinguishableFlags)
  }

  private func radialBasis(_ cloud: PointCloud) throws(AlignmentQualityError) -> IndexValue {
    let (width, flags) = try usedBandwidth(cloud)
    guard width > 0 else {
      return .undefined(
        "at least half of all pairs are equal points, so the median distance is 0; set a bandwidth",
        flags: flags)
    }
    let factor = -1 / (2 * width * width)
    let sums = try DistanceTiles(cloud).sums { sumOfExponentials($0, factor: factor) }
    return IndexValue(
      .finite(estimator.contrast(of: sums, counts: cloud.scatter.counts, atZero: 1)),
      flags: flags, details: [.init("bandwidth", .finite(width))])
  }

  /// The bandwidth that is set, or the median distance of two different points.
  private func usedBandwidth(
    _ cloud: PointCloud
  ) throws(AlignmentQualityError) -> (Double, [Flag]) {
    if let bandwidth { return (bandwidth, []) }
    var measured = cloud
    var flags: [Flag] = []
    if cloud.count > Self.medianSampleCount {
      var generator = SeededGenerator(seed: 0)
      let chosen = generator.permutation(count: cloud.count).prefix(Self.medianSampleCount)
      measured = try PointCloud(try cloud.points.selecting(chosen.sorted()))
      flags = [
        Flag("median-of-sample", detail: "the bandwidth is that of \(chosen.count) points")
      ]
    }
    let squares = try DistanceTiles(measured).all()
    let middle = try decomposing { () throws(LinearAlgebraError) in
      try median(of: squares.map { $0.squareRoot() })
    }
    return (middle, flags)
  }
}

extension TwoSampleEstimator {
  /// mean over class 0 + mean over class 1 − 2 · mean between them.
  ///
  /// - Parameters:
  ///   - sums: (2, 2), sums over ordered pairs of different points.
  ///   - counts: The points of the classes.
  ///   - value: What a point has with itself.
  /// - Returns: The contrast of the means.
  func contrast(of sums: Matrix<Double>, counts: [Int], atZero value: Double) -> Double {
    let between = sums[0, 1] / (Double(counts[0]) * Double(counts[1]))
    let within = (0..<2).map { number in
      let count = Double(counts[number])
      return switch self {
      case .unbiased: sums[number, number] / (count * (count - 1))
      case .biased: (sums[number, number] + count * value) / (count * count)
      }
    }
    return within[0] + within[1] - 2 * between
  }
}
