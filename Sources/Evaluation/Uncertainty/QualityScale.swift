/// How quality is moved and scaled to lie between 0 and 1 before areas are computed.
///
/// (a − min)/(max − min) over the answers that count. Released packages move the two ends apart by 1 each where
/// NumPy's `isclose` takes them for equal, so that equal values become ½.
struct QualityScale: Sendable {
  /// Whether all answers that count have the same quality.
  let isConstant: Bool
  private let least: Double
  private let unit: Double
  private let offset: Double

  /// Finds the scale.
  ///
  /// - Parameters:
  ///   - quality: The quality of the answers.
  ///   - weights: How often each answer counts.
  ///   - joinsNearlyEqual: Whether ends that are close to each other count as equal.
  init(_ quality: PreparedQuality, _ weights: SampleWeights, joinsNearlyEqual: Bool) {
    let (least, greatest) = quality.extremes(weights)
    self.least = least
    isConstant = least == greatest
    let width = (greatest - least) * quality.range
    let top = quality.oracle.samples.first { weights.counts[$0] > 0 }.map { quality.values[$0] }
    let isClose = width <= 1e-8 + 1e-5 * abs(top ?? 0)
    if isConstant || (joinsNearlyEqual && isClose) {
      unit = quality.range / (width + 2)
      offset = 1 / (width + 2)
    } else {
      unit = 1 / (greatest - least)
      offset = 0
    }
  }

  /// Maps a mean of the values that ``PreparedQuality`` has normalised over all answers.
  func normalized(_ mean: Double) -> Double { (mean - least) * unit + offset }
}
