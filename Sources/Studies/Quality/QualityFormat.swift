internal import Evaluation
internal import RealModule

/// How a column of measured values is written: small ones scaled by a power of a thousand, all with as many
/// decimals.
struct QualityFormat {
  private let thousands: Int
  private let decimals: Int
  private let showsIntervals: Bool

  /// Chooses a form that shows the largest number with three digits.
  ///
  /// - Parameters:
  ///   - measurements: What the column holds.
  ///   - showsIntervals: Whether intervals stand beside the values.
  init(_ measurements: [Measurement], showsIntervals: Bool = false) {
    self.showsIntervals = showsIntervals
    let numbers = measurements.flatMap { measurement in
      [measurement.value.finiteValue]
        + (showsIntervals ? [measurement.interval?.lower, measurement.interval?.upper] : [])
    }
    let largest = numbers.compactMap { $0?.magnitude }.max() ?? 0
    guard largest > 0 else {
      (thousands, decimals) = (0, 0)
      return
    }
    let exponent = Int(Double.log10(largest).rounded(.down))
    thousands = exponent < -2 ? (2 - exponent) / 3 : 0
    decimals = max(0, 2 - (exponent + 3 * thousands))
  }

  /// A header that says how the column is scaled, and at which level its intervals are.
  func header(_ name: String, level: Double? = nil) -> String {
    let scale = thousands == 0 ? "" : "1e\(3 * thousands)·"
    return scale + name + (level.map { " [\(Int(($0 * 100).rounded()))%]" } ?? "")
  }

  /// A value, with its interval where the column shows them.
  func text(_ measurement: Measurement) -> String {
    switch measurement.value {
    case .undefined: return "undef."
    case .infinite: return "inf."
    case .finite(let value):
      guard showsIntervals, let interval = measurement.interval else { return number(value) }
      return "\(number(value)) [\(number(interval.lower)), \(number(interval.upper))]"
    }
  }

  private func number(_ value: Double) -> String {
    let scaled = value * Double.pow(10, 3 * thousands)
    guard scaled.magnitude < 1e7 else { return NumberText.significant(scaled) }
    return NumberText.share(scaled, decimals: decimals)
  }
}
