import Probes
import Testing

@Suite struct LogitSlopesTests {
  private static let terms = ConfidenceTerm.allCases

  private func sigmoid(_ logit: Double) -> Double { 1 / (1 + exponential(-logit)) }

  /// Identity: where nothing saturates, the loss and its slopes are those from probabilities.
  @Test(arguments: terms)
  func moderateLogitsGiveTheLossOfTheirProbabilities(term: ConfidenceTerm) {
    let loss = ContrastLoss(confidenceTerm: term)
    for positive in stride(from: -4.0, through: 4, by: 0.5) {
      for negative in stride(from: -3.9, through: 4, by: 0.6) {
        let slopes = LogitSlopes(term, positiveLogit: positive, negativeLogit: negative)
        let (p, q) = (sigmoid(positive), sigmoid(negative))
        let expected = loss.logitSlopes(positive: p, negative: q)
        #expect(abs(slopes.value - loss.value(positive: p, negative: q)) < 1e-14)
        #expect(abs(slopes.positive - expected.positive) < 1e-14)
        #expect(abs(slopes.negative - expected.negative) < 1e-14)
      }
    }
  }

  /// Oracle: central differences of the value, step 1e-6, at points without ties.
  @Test(arguments: terms, [0, 0.3])
  func slopesAreTheDerivatives(term: ConfidenceTerm, penalty: Double) {
    func value(_ positive: Double, _ negative: Double) -> Double {
      LogitSlopes(term, positiveLogit: positive, negativeLogit: negative, penalty: penalty).value
    }
    let step = 1e-6
    for positive in stride(from: -3.05, to: 3, by: 0.7) {
      for negative in stride(from: -2.9, to: 3, by: 0.83) {
        let slopes = LogitSlopes(
          term, positiveLogit: positive, negativeLogit: negative, penalty: penalty)
        let positiveSlope =
          (value(positive + step, negative) - value(positive - step, negative)) / (2 * step)
        let negativeSlope =
          (value(positive, negative + step) - value(positive, negative - step)) / (2 * step)
        #expect(abs(slopes.positive - positiveSlope) < 1e-8)
        #expect(abs(slopes.negative - negativeSlope) < 1e-8)
        #expect(slopes.positiveScale >= abs(slopes.positive))
        #expect(slopes.negativeScale >= abs(slopes.negative))
      }
    }
  }

  /// PyTorch's rule for a tie of two: each side gets half of the slope.
  @Test func atATieEachSideGetsHalf() {
    let slopes = LogitSlopes(.minimum, positiveLogit: -1, negativeLogit: -1)
    let p = sigmoid(-1)
    #expect(slopes.positive == slopes.negative)
    #expect(abs(slopes.positive - (2 * (2 * p - 1) + p) * p * (1 - p)) < 1e-15)
  }

  /// Closed form: with e = exp(−|z|) next to nothing, p⁺ = 1 − e₁ and p⁻ = e₂ give c = e₂ − e₁, m = e₂.
  ///
  /// From probabilities all of it would be zero from a logit of 37 on.
  @Test(arguments: [(40.0, -39.0), (300, -200), (300, -300), (200, -340)])
  func aSaturatedRightAnswerKeepsItsDigits(positive: Double, negative: Double) {
    let slopes = LogitSlopes(.minimum, positiveLogit: positive, negativeLogit: negative)
    let (first, second) = (exponential(-positive), exponential(negative))
    let inconsistency = second - first
    func isClose(_ value: Double, _ expected: Double) -> Bool {
      abs(value - expected) <= 1e-12 * abs(expected)
    }
    #expect(isClose(slopes.value, inconsistency * inconsistency + second * second))
    #expect(isClose(slopes.positive, 2 * inconsistency * first))
    #expect(isClose(slopes.negative, (2 * inconsistency + 2 * second) * second))
  }

  /// Closed form: "both are false" with certainty has a loss of 1 and slopes of −2 e.
  @Test(arguments: [50.0, 300, 700])
  func aSaturatedWrongAnswerKeepsItsSlope(size: Double) {
    let slopes = LogitSlopes(.minimum, positiveLogit: -size, negativeLogit: -size - 3)
    let tail = exponential(-size)
    #expect(slopes.value == 1)
    #expect(abs(slopes.positive / tail + 2) < 1e-12)
    #expect(slopes.negative < 0)
  }

  /// At p⁺ = p⁻ = .4 the parts of each slope cancel, and the scales say how large they were.
  @Test func cancellationShowsInTheScales() {
    let logit = -0.405_465_108_108_164_4  // ln(.4 / .6)
    let slopes = LogitSlopes(.minimum, positiveLogit: logit, negativeLogit: logit)
    #expect(abs(slopes.positive) < 1e-16)
    // |2c| + 2m/2 = .4 + .4, times .24.
    #expect(abs(slopes.positiveScale - 0.8 * 0.24) < 1e-15)
    #expect(abs(slopes.value - ContrastLoss.constantBaseline) < 1e-15)
  }
}
