import LinearAlgebra
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Oracle: the sums written out in float64.
@Suite struct SoftmaxSumsTests {
  private func drawn(_ count: Int, scale: Float, seed: UInt64) -> [Float] {
    var generator = TestGenerator(seed: seed)
    return (0..<count).map { _ in Float.random(in: -scale...scale, using: &generator) }
  }

  @Test(arguments: [1, 15, 16, 17, 127, 128, 129, 300, 1024], [(0, false), (0, true), (3, true)])
  func sumsAreThoseOfEveryToken(count: Int, form: (cap: Int, hasOffset: Bool)) {
    let base = drawn(count, scale: 8, seed: 1)
    let slope = drawn(count, scale: 2, seed: 2)
    let offset = form.hasOffset ? drawn(count, scale: 1, seed: 3) : []
    let reference = drawn(count, scale: 4, seed: 4)
    let weights = drawn(count, scale: 1, seed: 5)
    let (coefficient, scale, cap): (Float, Float, Float) = (1.5, 0.75, Float(form.cap))
    let expected = (0..<count).map { place -> Double in
      let z =
        Double(scale) * (Double(base[place]) + Double(coefficient) * Double(slope[place]))
        + (offset.isEmpty ? 0 : Double(offset[place]))
      return cap > 0 ? Double(cap) * tanh(z / Double(cap)) : z
    }
    let total = expected.reduce(0) { $0 + exp($1) }
    let gain = zip(expected, reference).reduce(0) { $0 + exp($1.0) * ($1.0 - Double($1.1)) } / total
    let loss = (0..<count).reduce(0) {
      $0 + Double(weights[$1]) * (expected[$1] - Double(reference[$1]))
    }
    for kernel in [KernelForm.automatic, .portable] {
      var logits = [Float](repeating: 0, count: count)
      var target = logits.mutableSpan
      let moving = MovingLogits(
        base: base.span, slope: slope.span, offset: offset.span, cap: cap)
      let found = moving.sums(
        coefficient: coefficient, scale: scale, reference: reference.span, weights: weights.span,
        logits: &target, form: kernel)
      #expect(abs(found.sums.logarithm - log(total)) < 3e-6)
      #expect(abs(found.sums.meanGain - gain) < 2e-5)
      #expect(abs(found.loss - loss) < 4e-6 * Double(count) + 1e-5)
      for (actual, value) in zip(logits, expected) { #expect(abs(Double(actual) - value) < 4e-6) }
    }
  }

  @Test func chunksMergeIntoTheWhole() {
    let base = drawn(700, scale: 60, seed: 6)
    let zeros = [Float](repeating: 0, count: 700)
    func sums(_ range: Range<Int>) -> SoftmaxSums {
      let part = Array(base[range])
      let none = Array(zeros[range])
      var logits = none
      var target = logits.mutableSpan
      let moving = MovingLogits(base: part.span, slope: none.span, offset: [Float]().span, cap: 0)
      return moving.sums(
        coefficient: 0, scale: 1, reference: none.span, weights: none.span, logits: &target
      ).sums
    }
    let whole = sums(0..<700)
    for cuts in [[0, 100, 700], [0, 1, 2, 699, 700], [0, 350, 351, 700]] {
      var merged = SoftmaxSums()
      for (first, end) in zip(cuts, cuts.dropFirst()) { merged.merge(sums(first..<end)) }
      merged.merge(SoftmaxSums())
      #expect(abs(merged.logarithm - whole.logarithm) < 1e-7)
      #expect(abs(merged.meanGain - whole.meanGain) < 1e-5)
    }
    #expect(SoftmaxSums().logarithm == -.infinity)
  }
}
