import Probes
import Testing

@Suite struct LabelTermTests {
  private func sigmoid(_ logit: Double) -> Double { 1 / (1 + exponential(-logit)) }

  /// Closed form: a belief of one half has ln 2, times the weight, whatever the label.
  @Test func aBeliefOfOneHalfCostsTheLogarithmOfTwo() {
    let term = LabelTerm(weight: 3, targets: [0, 1])
    for pair in 0..<2 {
      let value = term.value(positive: 0.7, negative: 0.7, pair: pair)
      #expect(abs(value - 3 * 0.693_147_180_559_945_3) < 1e-14)
    }
  }

  /// Identity: the other target is the same term for the sides swapped.
  @Test func theOtherTargetSwapsTheSides() {
    let term = LabelTerm(weight: 0.5, targets: [0, 1])
    for (positive, negative) in [(0.2, 0.9), (0.6, 0.6), (0.99, 0.5)] {
      let value = term.value(positive: positive, negative: negative, pair: 0)
      let swapped = term.value(positive: negative, negative: positive, pair: 1)
      #expect(abs(value - swapped) < 1e-14)
    }
  }

  /// Label 1 wants the positive side: the term falls as p⁺ rises and p⁻ falls.
  @Test func targetOneWantsThePositiveSide() {
    let term = LabelTerm(weight: 1, targets: [1])
    #expect(term.value(positive: 0.9, negative: 0.1, pair: 0) < 0.2)
    #expect(term.value(positive: 0.1, negative: 0.9, pair: 0) > 2)
    let slopes = term.logitSlopes(positive: 0.5, negative: 0.5, pair: 0)
    #expect(slopes.positive < 0 && slopes.negative > 0)
  }

  /// Oracle: central differences of the term in the logits, step 1e-6.
  ///
  /// The term goes up to 8: four roundings of that, over twice the step, are 1.8e-9.
  @Test func slopesAreTheDerivatives() {
    let term = LabelTerm(weight: 1.7, targets: [0, 1])
    let step = 1e-6
    for pair in 0..<2 {
      func value(_ positive: Double, _ negative: Double) -> Double {
        term.value(positive: sigmoid(positive), negative: sigmoid(negative), pair: pair)
      }
      for positive in stride(from: -3.05, to: 3, by: 0.7) {
        for negative in stride(from: -2.9, to: 3, by: 0.83) {
          let slopes = term.logitSlopes(
            positive: sigmoid(positive), negative: sigmoid(negative), pair: pair)
          let expected = (
            (value(positive + step, negative) - value(positive - step, negative)) / (2 * step),
            (value(positive, negative + step) - value(positive, negative - step)) / (2 * step)
          )
          #expect(abs(slopes.positive - expected.0) < 2e-9)
          #expect(abs(slopes.negative - expected.1) < 2e-9)
        }
      }
    }
  }

  /// PyTorch's limits: a certain and wrong answer costs 100, and its slope is finite.
  @Test func certaintyHasAFinitePrice() {
    let term = LabelTerm(weight: 2, targets: [1])
    #expect(term.value(positive: 0, negative: 1, pair: 0) == 200)
    #expect(term.value(positive: 1, negative: 0, pair: 0) == 0)
    let certain = term.logitSlopes(positive: Float(0), negative: 1, pair: 0)
    #expect(certain.positive == 0 && certain.negative == 0)
    let tiny = term.logitSlopes(positive: Float(1e-20), negative: 1, pair: 0)
    // −λ/2 · p⁺ over the smallest denominator.
    #expect(abs(Double(tiny.positive) + 1e-8) < 1e-13)
  }
}
