import Foundation
import Optimization
import Steering
import Testing

/// The provable bounds, on random prompts.
@Suite struct TradeoffBoundsTests {
  /// Rounding of sums of a few exponentials.
  private let slack = 1e-12

  /// Oracle: the theorems.
  ///
  /// With a wrong factor each of them fails somewhere in the same cases, so that the
  /// cases can tell.
  @Test func everyBoundHoldsAndNoneWithAWrongFactor() throws {
    var generator = SeededGenerator(seed: 20_250_302)
    var wrong = [String: Int]()
    for _ in 0..<10_000 {
      let made = try SoftmaxCase(&generator)
      let r = made.coefficient
      let bounds = try TradeoffBounds(made.logits, at: r, answers: made.answers)
      let lower = try #require(bounds.behaviourLower)
      let upper = try #require(bounds.behaviourUpper)
      let jensen = try #require(bounds.helpfulnessUpper)
      let symmetric = try #require(bounds.symmetricHelpfulnessUpper)
      let behaviour = made.behaviour(at: r)
      let helpfulness = made.helpfulness(at: r)
      let smaller = min(helpfulness, made.helpfulness(at: -r))
      #expect(lower <= behaviour + slack && behaviour <= upper + slack)
      #expect(helpfulness <= jensen + slack && smaller <= symmetric + slack)
      // The same bounds with the ½ left out, with the sets exchanged, with the square halved twice or not at all,
      // and the symmetric bound held against one side only.
      let start = atanh(made.behaviour(at: 0))
      let gap = 2 * (atanh(lower) - start)
      if tanh(gap + start) > behaviour + slack { wrong["no half", default: 0] += 1 }
      if upper < behaviour - slack || lower > behaviour + slack { wrong["held", default: 0] += 1 }
      let expansion = try LocalExpansion(of: made.logits, answers: made.answers)
      let moments = try #require(expansion.helpfulness)
      let odds = (1 - moments.probability) / moments.probability
      let square = moments.meanSquaredRelativeSlope * r * r
      if 1 / (1 + odds * (1 + square)) < smaller - slack { wrong["no half of m₂", default: 0] += 1 }
      if 1 / (1 + odds * (1 + square / 2)) < helpfulness - slack {
        wrong["one side", default: 0] += 1
      }
      if 1 / (1 + odds * exp(-r * moments.meanRelativeSlope)) < helpfulness - slack {
        wrong["turned", default: 0] += 1
      }
      if 1 / (1 + odds * exp(r * moments.meanRelativeSlope + square / 2)) < helpfulness - slack {
        wrong["with variance", default: 0] += 1
      }
    }
    #expect(wrong["held"] == nil)
    for name in ["no half", "no half of m₂", "one side", "turned", "with variance"] {
      #expect((wrong[name] ?? 0) > 0, "\(name) was never violated")
    }
  }

  /// Oracle: the same theorems for measured logits of any shape, here bent by a square and a common shift.
  @Test func boundsHoldForMeasuredLogits() throws {
    var generator = SeededGenerator(seed: 31)
    for _ in 0..<2000 {
      let made = try SoftmaxCase(&generator)
      let base = made.logits.base.logProbabilities
      let bend = base.map { _ in 0.3 * generator.nextNormal() }
      let r = made.coefficient
      func measured(_ r: Double) throws -> TokenLogits {
        try TokenLogits(
          base.indices.map { base[$0] + r * made.logits.slopes[$0] + r * r * bend[$0] + 5 * r })
      }
      let steered = try measured(r)
      let opposite = try measured(-r)
      let bounds = try TradeoffBounds(
        base: made.logits.base, steered: steered, opposite: opposite, answers: made.answers)
      let correct = made.answers.correct ?? 0
      let values = [steered, opposite].map { $0.probability(of: correct) }
      let behaviour = steered.behaviour(of: made.answers)
      #expect(try #require(bounds.behaviourLower) <= behaviour + slack)
      #expect(try #require(bounds.behaviourUpper) >= behaviour - slack)
      #expect(try #require(bounds.helpfulnessUpper) >= values[0] - slack)
      #expect(try #require(bounds.symmetricHelpfulnessUpper) >= values.min() ?? 2 - slack)
    }
  }

  /// Oracle: measured logits that are linear give the bounds of linear logits.
  @Test func measuredAndLinearBoundsAgree() throws {
    var generator = SeededGenerator(seed: 32)
    for _ in 0..<200 {
      let made = try SoftmaxCase(&generator)
      let r = made.coefficient
      let linear = try TradeoffBounds(made.logits, at: r, answers: made.answers)
      let measured = try TradeoffBounds(
        base: made.logits.base, steered: made.logits.steered(by: r),
        opposite: made.logits.steered(by: -r), answers: made.answers)
      for value in [
        \TradeoffBounds.behaviourLower, \.behaviourUpper, \.helpfulnessUpper,
        \.symmetricHelpfulnessUpper,
      ] {
        #expect(agree(linear[keyPath: value] ?? 9, measured[keyPath: value] ?? 8, within: 1e-12))
      }
    }
  }

  /// Oracle: arithmetic; a mean of bounds is not the bound of a mean.
  @Test func boundsOfTheMeanAreMeansOfBounds() throws {
    var generator = SeededGenerator(seed: 33)
    let bounds = try (0..<3).map { _ in
      let made = try SoftmaxCase(&generator)
      return try TradeoffBounds(made.logits, at: made.coefficient, answers: made.answers)
    }
    let mean = TradeoffBounds.mean(of: bounds)
    let sum = bounds.reduce(0) { $0 + ($1.behaviourLower ?? .nan) }
    #expect(agree(mean.behaviourLower ?? .nan, sum / 3, within: 1e-15))
    let bare = try TradeoffBounds(
      base: TokenLogits([0, 1]), steered: TokenLogits([1, 1]), answers: AnswerTokens(correct: 0))
    #expect(bare.behaviourLower == nil && bare.symmetricHelpfulnessUpper == nil)
    let mixed = TradeoffBounds.mean(of: bounds + [bare])
    #expect(mixed.behaviourLower == nil && mixed.symmetricHelpfulnessUpper == nil)
    #expect(mixed.helpfulnessUpper != nil)
    #expect(TradeoffBounds.mean(of: []).helpfulnessUpper == nil)
    #expect(try decoded(from: encoded(mean)) == mean)
  }
}
