import LinearAlgebra
import Testing

@Suite struct VectorUpdatesTests {
  /// Closed form: the norm of (3, 4) is 5, in any unit; squares of the outer ones leave the range.
  @Test(arguments: [1, 1e-170, 1e-300, 0x1p-1020, 1e170, 1e300])
  func theNormSurvivesExtremeElements(unit: Double) {
    let vector = [3 * unit, 0, -4 * unit]
    #expect(abs(euclideanNorm(vector.span) / unit - 5) < 1e-14)
  }

  @Test func theNormOfNothingIsZeroAndOfNoNumberNone() {
    #expect(euclideanNorm([Double]().span) == 0)
    #expect(euclideanNorm([0.0, 0].span) == 0)
    #expect(euclideanNorm([1, -Double.infinity].span) == .infinity)
    #expect(euclideanNorm([1, Double.nan].span).isNaN)
  }

  /// Closed form, in numbers that round nowhere.
  @Test func vectorsMoveAndAdd() {
    let point = [1.0, 2, 3]
    let direction = [4.0, -8, 0.5]
    #expect(moved(point.span, along: direction.span, by: -0.5) == [-1, 6, 2.75])
    var target = point
    var span = target.mutableSpan
    addProduct(of: 2, and: direction.span, to: &span)
    #expect(target == [9, -14, 4])
  }
}
