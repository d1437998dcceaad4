internal import Evaluation
internal import Probes

/// What one row of the table shows: the cell of a layer, or the mean of its folds.
struct LayerSummary: Sendable {
  let cells: [ProbeCell]

  init(_ cells: [ProbeCell]) {
    self.cells = cells
  }

  var foldCount: Int { cells.count }

  /// Whether the best layer survives the correction for having looked at all of them, in every fold.
  var isSignificant: Bool {
    cells.allSatisfy { ($0.accuracy?.pValueAdjusted ?? 1) <= 0.05 }
  }

  func mean(
    _ format: (Double) -> String = { NumberText.share($0) }, _ value: (ProbeCell) -> Double?
  ) -> String {
    let values = cells.compactMap(value)
    guard !values.isEmpty, values.count == cells.count else { return "" }
    return format(values.reduce(0, +) / Double(values.count))
  }

  /// The largest value over folds: of p values a mean would be none.
  func largest(_ value: (ProbeCell) -> Double?) -> String {
    let values = cells.compactMap(value)
    guard let largest = values.max(), values.count == cells.count else { return "" }
    return NumberText.share(largest)
  }

  /// The interval of a number, where the row shows a single cell that has one.
  func interval(_ measurement: (ProbeCell) -> Measurement?) -> Interval? {
    cells.count == 1 ? measurement(cells[0])?.interval : nil
  }

  /// Whether the method measured pairs of opposites.
  var measuresOpposites: Bool {
    cells.contains { $0.measurement(ProbeMetric.contradictionIndex) != nil }
  }

  /// The majority rate of the measured samples, the chance level of empirical separation accuracy.
  var majorityRate: String {
    mean { $0.measurement(ProbeMetric.empiricalSeparationAccuracy)?.chance }
  }

  /// A number with its interval, the ends of which may have fewer decimals.
  func estimate(_ measurement: (ProbeCell) -> Measurement?, endDecimals: Int = 3) -> String {
    let text = mean { measurement($0)?.value.finiteValue }
    if text.isEmpty, cells.contains(where: { measurement($0) != nil }) { return "undefined" }
    guard let interval = interval(measurement) else { return text }
    let ends = [interval.lower, interval.upper].map { NumberText.share($0, decimals: endDecimals) }
    return "\(text) [\(ends[0]), \(ends[1])]"
  }
}
