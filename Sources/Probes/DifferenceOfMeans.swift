public import Activations
public import Evaluation
internal import LinearAlgebra

/// The direction from the mean of label 0 to the mean of label 1: the simplest supervised probe.
///
/// On contrast pairs it works on the difference of the normalised sides, x⁺ − x⁻; on rows, on the rows.
/// The score is the projection on μ₁ − μ₀ and the threshold is the middle of the projected means. No
/// covariance enters, so it is the mean-difference baseline that a probe without labels should be held
/// against, not the best linear classifier.
///
/// Marks & Tegmark (2024), section 5, call its unbiased form the mass-mean probe.
public struct DifferenceOfMeans: Probe, Equatable {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "difference-of-means"
  /// One line of help.
  public static let summary = "supervised direction from the mean of label 0 to that of label 1"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Marks & Tegmark", year: 2024,
    title: "The Geometry of Truth: Emergent Linear Structure in LLM Representations",
    link: "https://arxiv.org/abs/2310.06824", locator: "section 5")
  /// The kinds of data that the probe reads.
  public static let accepts: Set<ProbeInput> = [.contrastPairs, .rows]
  /// Whether the probe sees labels.
  public static let supervision = Supervision.labels

  /// How activations are normalised; by default each side loses its training mean.
  public var normalization = Normalization()

  /// Creates the method with its published defaults.
  public init() {}

  /// Fits the probe, as ``Probe/fit(_:seed:layer:)`` says.
  ///
  /// - Parameters:
  ///   - data: The raw training activations.
  ///   - seed: The seed of the run.
  ///   - layer: The layer's number.
  /// - Returns: The fitted probe.
  /// - Throws: ``ProbeError`` if the data cannot be fitted.
  public func fit(_ data: consuming ProbeData, seed: UInt64, layer: Int) throws(ProbeError)
    -> FittedLinearProbe
  {
    try Self.check(data, minimumCount: 2)
    let labels = try Self.binaryLabels(of: data)
    let (features, fitted) = try LinearFeatures.fit(data, normalization: normalization)
    let classes: [ColumnMoments]
    do throws(LinearAlgebraError) {
      classes = try ClassMoments(of: features.view, labels: labels, classCount: 2).classes
    } catch {
      throw .linearAlgebra(error)
    }
    let (lower, upper) = (classes[0].means, classes[1].means)
    let direction = zip(upper, lower).map { $0 - $1 }
    guard direction.contains(where: { $0 != 0 }) else {
      throw .noDirection(
        method: Self.identifier,
        reason: "the two classes have the same mean in every feature, as in a constant layer")
    }
    let middle = direction.indices.reduce(0.0) {
      $0 + direction[$1] * (lower[$1] + upper[$1]) / 2
    }
    return FittedLinearProbe(
      direction: direction, threshold: middle, isOriented: true, normalization: fitted,
      flags: fitted.flags)
  }
}
