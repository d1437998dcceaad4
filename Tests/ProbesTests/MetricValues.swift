import Evaluation
import Probes

extension ProbeMetric {
  /// The number that the values make; `nil` if there is none.
  var number: Double? {
    switch values {
    case .perSample(let values): Self.mean(values)
    case .perPair(let values, _, .mean): Self.mean(values)
    case .perPair(let values, _, .median): try? Median.value(of: values)
    case .share(let correct, let isFolded):
      isFolded ? Accuracy.folded(Self.share(correct)) : Self.share(correct)
    case .single(let value), .training(let value, _): value
    case .undefined: nil
    }
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  private static func share(_ values: [Bool]) -> Double {
    Double(values.count { $0 }) / Double(values.count)
  }
}

extension [ProbeMetric] {
  /// The metric of a name.
  subscript(_ name: String) -> ProbeMetric? { first { $0.metric == name } }

  /// The number of the metric of a name; NaN, which no comparison holds for, if there is none.
  func number(_ name: String) -> Double { self[name]?.number ?? .nan }
}
