import AlignmentQuality
import Testing

/// Oracle: the closed form of the bound; one with √d in place of d is what to expect, and no bound.
@Suite struct RoundingBoundTests {
  @Test(arguments: [1, 64, 4096, 1 << 20]) func theProductMayRoundOnceACoordinate(width: Int) throws
  {
    let unit = 0x1p-24
    let product = Double(width) * unit / (1 - Double(width) * unit)
    let share = try #require(RoundingBound(width: width, of: Float.self)).share
    #expect(share >= product + 8 * unit)
    // What float64 adds is next to nothing.
    #expect(share <= product + 16 * unit + 1e-9)
  }

  @Test func noBoundHoldsWhereEveryDigitMayBeLost() {
    #expect(RoundingBound(width: 1 << 24, of: Float.self) == nil)
    #expect(RoundingBound(width: (1 << 24) - 1, of: Float.self) != nil)
    #expect(RoundingBound(width: 1 << 24, of: Double.self) != nil)
  }

  /// Pairs whose roots are equal are all candidates, or the first of them might be missed.
  @Test func aTieIsWiderThanItsSquareRoot() {
    let square = 2.0
    #expect((square * (1 + Double.ulpOfOne)).squareRoot() == square.squareRoot())
    #expect(RoundingBound.tie >= 4 * Double.ulpOfOne)
  }
}
