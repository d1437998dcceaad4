import Plumbline

/// Answers of questions in groups, with uncertainties whose worth is planted.
///
/// An answer's latent merit is normal, with a share of its variance common to its group. It is right if the merit is
/// above 0; its graded quality is the merit's normal quantile in steps of a tenth. A score is the negated merit with
/// noise, of which a part is common to the group, too. Groups hold one, two and three answers in turn.
struct PlantedAnswers {
  /// How the answers are judged and scored.
  enum Design: String, CaseIterable {
    /// Right or wrong, scores without ties.
    case binary
    /// Right or wrong, scores in steps of a half.
    case tied
    /// In steps of a tenth, scores without ties.
    case graded
    /// Right or wrong, scores that are probabilities too near to 0 and 1.
    case overconfident
    /// Right or wrong, scores that are the true probabilities.
    case calibrated

    /// The metrics that are measured.
    var metrics: [any UncertaintyMetric] {
      UncertaintyMetricCatalog.all.filter { type in
        switch self {
        case .binary, .tied: !type.needsProbabilities
        case .graded: type.quality == .real
        case .overconfident, .calibrated: type.needsProbabilities
        }
      }.map { $0.init() }
    }
  }

  let scores: [UncertaintyScore]
  let quality: [Double]
  let groups: Grouping

  private static let sharedVariance = 0.4
  /// The standard deviation of the noise of the better and of the worse score.
  private static let noises = [0.8, 1.6]

  init(_ design: Design, groupCount: Int, using generator: inout SeededGenerator) {
    var identifiers: [Int] = []
    var quality: [Double] = []
    var scores = Self.noises.map { _ in [Double]() }
    for group in 0..<groupCount {
      let shared = generator.nextNormal() * Self.sharedVariance.squareRoot()
      let sharedNoises = Self.noises.map {
        generator.nextNormal() * $0 * Self.sharedVariance.squareRoot()
      }
      for _ in 0...(group % 3) {
        let own = (1 - Self.sharedVariance).squareRoot()
        let merit = shared + generator.nextNormal() * own
        identifiers.append(group)
        quality.append(
          design == .graded
            ? (NormalDistribution.cumulative(merit) * 10).rounded() / 10 : merit > 0 ? 1 : 0)
        for (place, noise) in Self.noises.enumerated() {
          let reading = merit + sharedNoises[place] + generator.nextNormal() * noise * own
          scores[place].append(Self.score(reading, noise, design))
        }
      }
    }
    self.quality = quality
    self.scores = [UncertaintyScore("better", scores[0]), UncertaintyScore("worse", scores[1])]
    groups = Grouping(identifiers)
  }

  private static func score(_ reading: Double, _ noise: Double, _ design: Design) -> Double {
    // Of a reading with noise σ the merit is normal with mean r/(1 + σ²) and variance σ²/(1 + σ²).
    let slope = 1 / (noise * (1 + noise * noise).squareRoot())
    switch design {
    case .binary, .graded: return -reading
    case .tied: return -(2 * reading).rounded() / 2
    case .overconfident: return -NormalDistribution.cumulative(2 * slope * reading)
    case .calibrated: return -NormalDistribution.cumulative(slope * reading)
    }
  }
}
