/// Checks that the metrics and intervals share.
enum Inputs {
  static func check(
    _ count: Int, _ what: String, _ groups: Grouping, metric: String
  ) throws(EvaluationError) {
    guard count > 0 else { throw .noSamples(metric: metric) }
    try check(count, what, groups.sampleCount, "samples with a group")
  }

  static func check(
    _ count: Int, _ what: String, _ expected: Int, _ expectedFrom: String
  ) throws(EvaluationError) {
    guard count == expected else {
      throw .countMismatch(
        what: what, count: count, expectedFrom: expectedFrom, expected: expected)
    }
  }

  static func checkFinite(_ values: [Double], _ what: String) throws(EvaluationError) {
    if let position = values.firstIndex(where: { !$0.isFinite }) {
      throw .nonFinite(what: what, position: position)
    }
  }
}
