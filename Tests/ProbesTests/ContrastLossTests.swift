import Probes
import Testing

@Suite struct ContrastLossTests {
  private static let terms = ConfidenceTerm.allCases

  /// Closed form: with p⁺ = p⁻ = p the loss is (2p − 1)² + p².
  @Test(arguments: [(0.4, 0.2), (0.5, 0.25), (0, 1), (1, 2)])
  func aConstantProbeHasItsKnownLoss(p: Double, expected: Double) {
    let loss = ContrastLoss(confidenceTerm: .minimum)
    #expect(abs(loss.value(positive: p, negative: p) - expected) < 1e-15)
  }

  /// Theorem: 5p² − 4p + 1 has its minimum, .2, at .4, so no constant is below the baseline.
  @Test func noConstantBeatsTheBaseline() {
    let loss = ContrastLoss(confidenceTerm: .minimum)
    for step in 0...1000 {
      let p = Double(step) / 1000
      #expect(
        loss.value(positive: p, negative: p) >= ContrastLoss.constantBaseline - 1e-15)
    }
    #expect(abs(loss.value(positive: 0.4, negative: 0.4) - ContrastLoss.constantBaseline) < 1e-15)
  }

  /// Oracle: central differences of the loss in the logits, step 1e-6, at points without ties.
  @Test(arguments: terms)
  func slopesAreTheDerivatives(term: ConfidenceTerm) {
    let loss = ContrastLoss(confidenceTerm: term)
    func sigmoid(_ logit: Double) -> Double { 1 / (1 + exponential(-logit)) }
    func value(_ positive: Double, _ negative: Double) -> Double {
      loss.value(positive: sigmoid(positive), negative: sigmoid(negative))
    }
    let step = 1e-6
    for positive in stride(from: -3.05, to: 3, by: 0.7) {
      for negative in stride(from: -2.9, to: 3, by: 0.83) {
        let slopes = loss.logitSlopes(
          positive: sigmoid(positive), negative: sigmoid(negative))
        let positiveSlope =
          (value(positive + step, negative) - value(positive - step, negative)) / (2 * step)
        let negativeSlope =
          (value(positive, negative + step) - value(positive, negative - step)) / (2 * step)
        #expect(abs(slopes.positive - positiveSlope) < 1e-9)
        #expect(abs(slopes.negative - negativeSlope) < 1e-9)
      }
    }
  }

  /// PyTorch's rule for a tie of two: each side gets half of the slope.
  @Test func atATieEachSideGetsHalf() {
    let slopes = ContrastLoss(confidenceTerm: .minimum).logitSlopes(positive: 0.3, negative: 0.3)
    #expect(slopes.positive == slopes.negative)
    // 2(p⁺ + p⁻ − 1) + ½ · 2p, times p(1 − p).
    #expect(abs(slopes.positive - (-0.8 + 0.3) * 0.21) < 1e-15)
  }

  /// Identity: the loss treats the two sides alike.
  @Test(arguments: terms)
  func swappingSidesChangesNothing(term: ConfidenceTerm) {
    let loss = ContrastLoss(confidenceTerm: term)
    for (first, second) in [(0.1, 0.7), (0.9, 0.95), (0, 1)] {
      let difference =
        loss.value(positive: first, negative: second)
        - loss.value(positive: second, negative: first)
      #expect(abs(difference) < 1e-15)
    }
  }

  /// The symmetric term forgives "both are true", which the minimum punishes.
  @Test func onlyTheSymmetricTermForgivesBothTrue() {
    #expect(ContrastLoss(confidenceTerm: .minimum).value(positive: 1, negative: 1) == 2)
    #expect(ContrastLoss(confidenceTerm: .symmetricMinimum).value(positive: 1, negative: 1) == 1)
  }
}
