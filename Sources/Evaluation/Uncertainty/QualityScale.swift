/// How quality is moved and scaled to lie between 0 and 1, as released packages do before they compute areas.
///
/// (a − min)/(max − min) over the answers that count. Where NumPy's `isclose` takes the two ends for equal, they
/// are moved apart by 1 each, so that equal values become ½.
struct QualityScale: Sendable {
  /// Whether all answers that count have the same quality.
  let isConstant: Bool
  private let least: Double
  private let unit: Double
  private let offset: Double

  /// - Parameters:
  ///   - quality: The quality of the answers.
  ///   - weights: How often each answer counts.
  init(_ quality: PreparedQuality, _ weights: SampleWeights) {
    let (least, greatest) = quality.extremes(weights)
    self.least = least
    isConstant = least == greatest
    let width = (greatest - least) * quality.range
    let top =
      quality.oracle.samples.first { weights.counts[$0] > 0 }.map { quality.values[$0] } ?? 0
    if width <= 1e-8 + 1e-5 * abs(top) {
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
