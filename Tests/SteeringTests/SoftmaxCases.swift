import Foundation
import Optimization
import Steering

func logarithm(_ value: Double) -> Double { log(value) }

/// A made-up prompt whose logits are linear in the coefficient.
struct SoftmaxCase {
  let logits: LinearLogits
  let answers: AnswerTokens
  let coefficient: Double

  /// Four to twelve tokens, sharp to flat, with one to three tokens a set.
  init(_ generator: inout SeededGenerator) throws {
    let count = 4 + generator.nextIndex(below: 9)
    let sharpness = 4 * generator.nextUniform()
    let base = (0..<count).map { _ in sharpness * generator.nextNormal() }
    let slopes = (0..<count).map { _ in generator.nextNormal() }
    let order = generator.permutation(count: count)
    let aligned = 1 + generator.nextIndex(below: min(3, count - 1))
    let misaligned = 1 + generator.nextIndex(below: min(3, count - aligned))
    logits = try LinearLogits(logits: base, slopes: slopes)
    answers = try AnswerTokens(
      correct: generator.nextIndex(below: count), aligned: Array(order.prefix(aligned)),
      misaligned: Array(order.dropFirst(aligned).prefix(misaligned)))
    coefficient = 6 * generator.nextUniform() - 3
  }

  /// Probabilities by the definition, at a coefficient.
  func probabilities(at coefficient: Double) -> [Double] {
    let weights = zip(logits.base.logProbabilities, logits.slopes).map {
      exp($0 + coefficient * $1)
    }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// (P_A − P_M)/(P_A + P_M) by the definition.
  func behaviour(at coefficient: Double) -> Double {
    let values = probabilities(at: coefficient)
    let good = answers.aligned.reduce(0) { $0 + values[$1] }
    let bad = answers.misaligned.reduce(0) { $0 + values[$1] }
    return (good - bad) / (good + bad)
  }

  func helpfulness(at coefficient: Double) -> Double {
    probabilities(at: coefficient)[answers.correct ?? 0]
  }
}
