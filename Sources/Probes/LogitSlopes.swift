internal import RealModule

/// The contrast-consistent loss of one pair as a function of its two logits, in double precision.
///
/// ``ContrastLoss/logitSlopes(positive:negative:)`` starts from probabilities, as PyTorch does. Those round
/// to one at a logit of 17 in single precision and of 37 in double; from there on the loss has no slope
/// for it. Here every probability has its complement beside it, and differences are formed of whichever
/// are small, so that value and slopes keep their digits up to logits of ±700.
package struct LogitSlopes: Sendable {
  /// The loss.
  package let value: Double
  /// The derivative in the positive side's logit.
  package let positive: Double
  /// The derivative in the negative side's logit.
  package let negative: Double
  /// The sizes of the parts that `positive` is the sum of: consistency, confidence, penalty.
  ///
  /// The parts may cancel, as they do at p⁺ = p⁻ = .4.
  package let positiveScale: Double
  /// The sizes of the parts that `negative` is the sum of.
  package let negativeScale: Double

  /// Evaluates the loss, and a penalty on large logits.
  ///
  /// - Parameters:
  ///   - term: The form of the confidence term.
  ///   - positiveLogit: The positive side's logit z⁺.
  ///   - negativeLogit: The negative side's, z⁻.
  ///   - penalty: κ of the penalty ½ κ (z⁺² + z⁻²).
  package init(
    _ term: ConfidenceTerm, positiveLogit: Double, negativeLogit: Double, penalty: Double = 0
  ) {
    let first = SplitSigmoid(positiveLogit)
    let second = SplitSigmoid(negativeLogit)
    // p⁺ + p⁻ − 1, from the two small numbers where p⁺ is near one and p⁻ near zero.
    let inconsistency =
      positiveLogit > 0 && negativeLogit < 0
      ? second.probability - first.complement : first.probability - second.complement
    let confidence =
      switch term {
      case .minimum: Confidence(first, second)
      case .symmetricMinimum: Confidence(symmetric: first, second)
      }
    value =
      inconsistency * inconsistency + confidence.least * confidence.least
      + 0.5 * penalty * (positiveLogit * positiveLogit + negativeLogit * negativeLogit)
    let consistency = 2 * inconsistency
    let positiveConfidence = 2 * confidence.least * confidence.positiveShare
    let negativeConfidence = 2 * confidence.least * confidence.negativeShare
    positive = (consistency + positiveConfidence) * first.slope + penalty * positiveLogit
    negative = (consistency + negativeConfidence) * second.slope + penalty * negativeLogit
    positiveScale =
      (abs(consistency) + abs(positiveConfidence)) * first.slope + penalty * abs(positiveLogit)
    negativeScale =
      (abs(consistency) + abs(negativeConfidence)) * second.slope + penalty * abs(negativeLogit)
  }

  /// σ(z) with σ(−z) and the product of the two, its derivative, each to full precision.
  private struct SplitSigmoid {
    let probability: Double
    let complement: Double
    let slope: Double

    init(_ logit: Double) {
      let tail = Double.exp(-abs(logit))
      let large = 1 / (1 + tail)
      let small = tail * large
      probability = logit >= 0 ? large : small
      complement = logit >= 0 ? small : large
      slope = small * large
    }
  }

  /// The least of several numbers, and its derivative in each side's probability.
  ///
  /// Where several are the least, they share the derivative equally: PyTorch's rule for two.
  private struct Confidence {
    let least: Double
    let positiveShare: Double
    let negativeShare: Double

    init(_ first: SplitSigmoid, _ second: SplitSigmoid) {
      least = min(first.probability, second.probability)
      let share = first.probability == second.probability ? 0.5 : 1
      positiveShare = first.probability == least ? share : 0
      negativeShare = second.probability == least ? share : 0
    }

    init(symmetric first: SplitSigmoid, _ second: SplitSigmoid) {
      let numbers = (
        first.probability, first.complement, second.probability, second.complement
      )
      let least = min(min(numbers.0, numbers.1), min(numbers.2, numbers.3))
      func hit(_ number: Double) -> Double { number == least ? 1 : 0 }
      let count = hit(numbers.0) + hit(numbers.1) + hit(numbers.2) + hit(numbers.3)
      self.least = least
      positiveShare = (hit(numbers.0) - hit(numbers.1)) / count
      negativeShare = (hit(numbers.2) - hit(numbers.3)) / count
    }
  }
}
