import Epistemics
import Evaluation
import LinearAlgebra
import RealModule
import TestSupport
import Testing

/// Oracles: sums in float64 over the same stored logits; closed forms.
@Suite struct TokenDistributionTests {
  private func drawn(_ count: Int, scale: Double, seed: UInt64) -> [Float16] {
    var generator = TestGenerator(seed: seed)
    return (0..<count).map { _ in Float16(scale * Double.random(in: -3...3, using: &generator)) }
  }

  /// Sums are within 2 · 10⁻⁶ of their size, logarithms of them as much absolutely; the kurtosis loses up to two
  /// digits where the sum of squares is twice that of equal probabilities.
  @Test(arguments: [20, 4096, 9000], [0.001, 0.3, 1, 4])
  func halvesAgreeWithDoubles(count: Int, scale: Double) throws {
    let halves = drawn(count, scale: scale, seed: UInt64(count))
    let exact = try TokenDistribution(logits: halves.map(Double.init))
    let found = try TokenDistribution(stored: halves.map(\.bitPattern), .float16)
    #expect(abs(found.normalizer - exact.normalizer) < 4e-6)
    #expect(abs(found.entropy - exact.entropy) < 4e-6 * max(1, exact.entropy))
    #expect(abs(found.largestLogProbability - exact.largestLogProbability) < 4e-6)
    #expect(abs(found.secondLogProbability - exact.secondLogProbability) < 4e-6)
    #expect(abs(found.meanLogProbability - exact.meanLogProbability) < 4e-6 * 10)
    #expect(found.possibleCount == count)
    let kurtosis = try #require(exact.kurtosis?.finiteValue)
    #expect(abs((found.kurtosis?.finiteValue ?? 0) / kurtosis - 1) < 1e-3)
    let doubles = try TokenDistribution(stored: halves.map(Double.init), .float64)
    #expect(doubles == exact)
    let without = try TokenDistribution(
      stored: halves.map(\.bitPattern), .float16, includingKurtosis: false)
    #expect(without.kurtosis == nil && without.entropy == found.entropy)
  }

  @Test func equalLogitsAreUniform() throws {
    let halves = [UInt16](repeating: Float16(3).bitPattern, count: 5000)
    let found = try TokenDistribution(stored: halves, .float16)
    #expect(abs(found.entropy - .log(5000)) < 1e-12)
    #expect(abs(found.meanLogProbability + .log(5000)) < 1e-12)
    #expect(abs(found.normalizer - 3 - .log(5000)) < 1e-12)
    guard case .undefined = found.kurtosis else {
      Issue.record("equal probabilities have the kurtosis \(String(describing: found.kurtosis))")
      return
    }
  }

  /// A shift of all logits moves the normaliser alone; masked entries leave the entropy and the mean of the others.
  @Test func shiftsAndMasksDoWhatTheyShould() throws {
    let logits = drawn(300, scale: 1, seed: 1).map(Double.init)
    let plain = try TokenDistribution(logits: logits)
    let shifted = try TokenDistribution(logits: logits.map { $0 + 512 })
    #expect(abs(shifted.normalizer - plain.normalizer - 512) < 1e-10)
    #expect(abs(shifted.entropy - plain.entropy) < 1e-10)
    let masked = try TokenDistribution(
      logits: logits + [Double](repeating: -.infinity, count: 300))
    #expect(abs(masked.entropy - plain.entropy) < 1e-12 && masked.possibleCount == 300)
    #expect(abs(masked.meanLogProbability - plain.meanLogProbability) < 1e-12)
    // The kurtosis is over the whole vocabulary, so that it does move.
    #expect(masked.kurtosis != plain.kurtosis)
  }

  @Test func aCertainTokenHasNoEntropyAndNoSecond() throws {
    let logits: [Double] = [-.infinity, 7, -.infinity]
    let certain = try TokenDistribution(logits: logits)
    #expect(certain.entropy == 0 && certain.largestLogProbability == 0)
    #expect(certain.secondLogProbability == -.infinity && certain.possibleCount == 1)
    #expect(throws: LinearAlgebraError.empty(dimension: "token with a finite logit")) {
      try TokenDistribution(logits: [Double](repeating: -.infinity, count: 2))
    }
    let halves = [UInt16](repeating: 0xFC00, count: 40)
    for includingKurtosis in [false, true] {
      #expect(throws: LinearAlgebraError.empty(dimension: "token with a finite logit")) {
        try TokenDistribution(stored: halves, .float16, includingKurtosis: includingKurtosis)
      }
    }
  }
}
