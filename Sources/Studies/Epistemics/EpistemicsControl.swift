internal import Epistemics
internal import Evaluation

/// What a control of feature gaps is worth on the test answers.
struct EpistemicsControl: Sendable {
  /// The score that it belongs to.
  let score: String
  let control: String
  let measurement: Measurement

  static let random = "random-direction"
  static let permuted = "shuffled-labels"

  /// Mean, lowest and highest of random directions, and of permuted labels, by both metrics.
  static func all(of score: String, _ controls: FeatureGapsControls) -> [EpistemicsControl] {
    func range(
      _ name: String, _ outcomes: [FeatureGapsOutcome], _ metric: String,
      _ value: (FeatureGapsOutcome) -> MeasuredValue
    ) -> [EpistemicsControl] {
      guard let range = FeatureGapsControls.Range(outcomes.map(value)) else { return [] }
      let own = value(controls.method).finiteValue
      let atLeast = outcomes.count { outcome in
        guard let other = value(outcome).finiteValue, let own else { return true }
        return other >= own
      }
      // Phipson & Smyth (2010): the data themselves are one of the arrangements.
      let p = Double(1 + atLeast) / Double(1 + outcomes.count)
      return [("", range.mean), ("-lowest", range.lowest), ("-highest", range.highest)].map {
        suffix, number in
        EpistemicsControl(
          score: score, control: name + suffix,
          measurement: Measurement(
            metric: metric, value: .finite(number), pValue: suffix.isEmpty ? p : nil,
            sampleCount: range.count, groupCount: 0))
      }
    }
    return [("prr", \FeatureGapsOutcome.predictionRejectionRatio), ("auroc", \.areaUnderROC)]
      .flatMap { metric, path in
        range(random, controls.random, metric) { $0[keyPath: path] }
          + range(permuted, controls.permuted, metric) { $0[keyPath: path] }
      }
  }
}
