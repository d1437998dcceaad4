public import Activations
public import Evaluation
internal import LinearAlgebra
public import Optimization

/// Logistic regression on labels, its penalty chosen by cross-validation within the training samples: the
/// best linear reading of a layer, and so the ceiling for probes without labels.
///
/// On contrast pairs it works on the difference of the normalised sides, x⁺ − x⁻; on rows, on the rows. The
/// score is the logit of label 1. The estimator is `LogisticRegression` of the module Optimization.
///
/// Published probes fix the penalty (C = 0.1 or 1 in scikit-learn's form) or choose it as here. A penalty that
/// does not fit the layer's scale understates what the layer holds, so that layers cannot be compared.
public struct LogisticProbe: Probe, Equatable {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "logistic-regression"
  /// One line of help.
  public static let summary = "supervised logistic regression, its penalty chosen within training"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Alain & Bengio", year: 2017,
    title: "Understanding intermediate layers using linear classifier probes",
    link: "https://arxiv.org/abs/1610.01644")
  /// The kinds of data that the probe reads.
  public static let accepts: Set<ProbeInput> = [.contrastPairs, .rows]
  /// Whether the probe sees labels.
  public static let supervision = Supervision.labels

  /// How activations are normalised; by default each side loses its training mean.
  ///
  /// A penalty treats all features alike, so that a scale of `standard-deviation` is another method:
  /// features that hardly vary count as much as others.
  public var normalization = Normalization()
  /// The values of C among which the penalty is chosen, in scikit-learn's form ½‖w‖² + C · Σ loss; lower
  /// is stronger.
  ///
  /// A single value is used as it is.
  public var inversePenalties = LogisticPenalty.defaultGrid.map { $0.inverse(rowCount: 1) }
  /// Into how many folds the training samples are cut to choose the penalty.
  ///
  /// More leave more to learn from in each, at proportional cost. Groups, opposites and equal samples
  /// stay together.
  public var folds = 5
  /// How much the samples of each class count; `balanced` in the released code of Burns et al.
  public var classWeight = LogisticRegression.ClassWeight.none

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
    -> FittedLogisticProbe
  {
    try checkSettings()
    try Self.check(data, minimumCount: 2)
    let labels = try Self.binaryLabels(of: data)
    let folds = try InnerFolds(
      self.folds, of: data, labels: labels, isNeeded: inversePenalties.count > 1, seed: seed,
      layer: layer)
    let (features, normalization) = try LinearFeatures.fit(data, normalization: normalization)
    let choice = try fit(features, labels: labels, folds: folds)
    guard choice.fitted.weights.contains(where: { $0 != 0 }) else {
      throw .noDirection(
        method: Self.identifier,
        reason: "no feature differs between samples, as in a constant layer")
    }
    return FittedLogisticProbe(
      choice.fitted, labels: labels, classWeight: classWeight, normalization: normalization,
      flags: folds.flags + choice.flags + normalization.flags)
  }

  private func checkSettings() throws(ProbeError) {
    func refuse(_ name: String, _ value: String, expected: String) -> ProbeError {
      .invalidSetting(method: Self.identifier, name: name, value: value, expected: expected)
    }
    guard !inversePenalties.isEmpty else {
      throw refuse("inversePenalties", "empty", expected: "at least one value of C, such as 1")
    }
    // Beyond these, weights vanish in single precision, or separable classes drive them apart.
    if let wrong = inversePenalties.first(where: { !(1e-10...1e10).contains($0) }) {
      throw refuse("inversePenalties", "\(wrong)", expected: "values of C from 1e-10 to 1e10")
    }
    guard folds >= 2 else { throw refuse("folds", "\(folds)", expected: "2 or more") }
  }

  private func fit(
    _ features: Matrix<Float>, labels: [Int], folds: InnerFolds
  ) throws(ProbeError) -> (fitted: FittedLogisticRegression, flags: [Flag]) {
    let method = LogisticRegression(classWeight: classWeight)
    let penalties = inversePenalties.map { LogisticPenalty.inverse($0) }
    do throws(OptimizationError) {
      guard let foldOfSample = folds.foldOfSample else {
        let fitted = try method.fit(
          rows: features.view, labels: labels,
          penalty: .inverse(Self.nearestToOne(inversePenalties)))
        return (fitted, Self.flags(isConverged: fitted.isConverged))
      }
      let chosen = try method.crossValidate(
        rows: features.view, labels: labels, folds: foldOfSample, penalties: penalties)
      return (chosen.fitted, Self.flags(of: chosen))
    } catch {
      throw .optimization(error)
    }
  }

  /// Without folds to choose by: of one value that one, of several that which is scikit-learn's default
  /// or nearest to it.
  private static func nearestToOne(_ values: [Double]) -> Double {
    func distance(_ value: Double) -> Double { max(value, 1 / value) }
    return values.min { distance($0) < distance($1) } ?? 1
  }

  private static func flags(of chosen: CrossValidatedLogisticRegression) -> [Flag] {
    let flags = flags(isConverged: chosen.isConverged)
    guard chosen.isAtEdge else { return flags }
    return flags + [
      Flag(
        "penalty-at-edge", detail: "\(chosen.chosenPenalty) is at the end of the values compared")
    ]
  }

  private static func flags(isConverged: Bool) -> [Flag] {
    isConverged ? [] : [Flag("not-converged", detail: "the fit ended before its minimum")]
  }
}
