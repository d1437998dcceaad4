import AlignmentQuality
import TestSupport
import Testing

/// The scales that sets of points make for each other.
@Suite struct KeyedNormalizationTests {
  let golden: AlignmentQualityGolden

  init() throws { golden = try AlignmentQualityGolden() }

  private func minMaxSigmoid(_ separations: [Double], _ compactnesses: [Double], _ weight: Double)
    -> [Double]
  {
    KeyedNormalization.minMaxSigmoid(calinskiHarabasz: separations, xieBeni: compactnesses)
      .map { $0.combined(weight: weight) }
  }

  /// Oracle: NumPy, to the rounding of a scale from 0 to 100; the case of equal XB divides by 1e-9.
  @Test func scalesFollowNumPy() {
    for keyed in golden.keyed {
      let sigmoid = minMaxSigmoid(keyed.calinskiHarabasz, keyed.xieBeni, keyed.weight)
      #expect(Tolerance.largestDifference(sigmoid, keyed.minMaxSigmoid) < 1e-12)
      let percentiles = KeyedNormalization.percentiles(
        calinskiHarabasz: keyed.calinskiHarabasz, xieBeni: keyed.xieBeni)
      #expect((percentiles == nil) == (keyed.percentiles == nil))
      if let percentiles, let expected = keyed.percentiles {
        let values = percentiles.map { $0.combined(weight: keyed.weight) }
        #expect(Tolerance.largestDifference(values, expected) < 1e-12)
      }
    }
  }

  /// Oracle: a third party's published run of the released code, whose inputs are rounded to four decimals:
  /// .0135 of 100 is the largest difference that this makes; and NumPy on the same inputs.
  @Test func publishedTablesAreReproduced() {
    for model in golden.published.models {
      let values = minMaxSigmoid(model.calinskiHarabasz, model.xieBeni, 0.5)
      #expect(Tolerance.largestDifference(values, model.published) < 0.0136, "\(model.model)")
      #expect(Tolerance.largestDifference(values, model.recomputed) < 1e-12, "\(model.model)")
    }
  }

  /// Oracle: by hand.
  ///
  /// "overall" is an outlier in XB in all runs, so the floor holds: 5 and 55 exactly.
  @Test func theFloorHoldsTheOutlier() throws {
    let overall = golden.published.models.map {
      minMaxSigmoid($0.calinskiHarabasz, $0.xieBeni, 0.5).last
    }
    #expect(overall[0] == 5)
    #expect(overall[1] == 55)
  }

  /// Theorem: with γ = ½, the value lies in [(0 + 10)/2, (100 + 100)/2], whatever the components.
  @Test func halfTheWeightGivesFiveToOneHundred() {
    var generator = TestGenerator(seed: 3)
    for _ in 0..<200 {
      let count = Int.random(in: 2...9, using: &generator)
      func draw() -> [Double] {
        (0..<count).map { _ in
          // From 2⁻³⁰ to 2³⁰.
          let exponent = Int.random(in: -30...30, using: &generator)
          return Double(
            sign: .plus, exponent: exponent,
            significand: Double.random(in: 1...2, using: &generator))
        }
      }
      for value in minMaxSigmoid(draw(), draw(), 0.5) { #expect((5...100).contains(value)) }
    }
  }

  /// Oracle: by hand.
  ///
  /// Ends of the scale, the middle of the sigmoid, and places beyond the percentiles.
  @Test func placesByHand() throws {
    let sigmoid = KeyedNormalization.minMaxSigmoid(
      calinskiHarabasz: [2, 4, 6], xieBeni: [1, 2, 3])
    #expect(sigmoid.map(\.calinskiHarabasz) == [0, 50, 100])
    #expect(sigmoid[1].xieBeni == 50)
    // z = ±1 to 1e-9: 100/(1 + e).
    #expect(abs(sigmoid[2].xieBeni - 26.894142136999512) < 1e-7)
    #expect(abs(sigmoid[0].xieBeni - 73.10585786300049) < 1e-7)
    let values = (0...20).map(Double.init)
    let places = try #require(
      KeyedNormalization.percentiles(calinskiHarabasz: values, xieBeni: values.reversed()))
    // The percentiles are the second value and the last but one.
    #expect(places.map(\.calinskiHarabasz).prefix(3) == [0, 0, 100.0 / 18])
    #expect(places.map(\.calinskiHarabasz).suffix(2) == [100, 100])
    #expect(places.allSatisfy { abs($0.calinskiHarabasz - $0.xieBeni) < 1e-12 })
    #expect(KeyedNormalization.minMaxSigmoid(calinskiHarabasz: [], xieBeni: []).isEmpty)
    #expect(KeyedNormalization.percentiles(calinskiHarabasz: [], xieBeni: []) == nil)
  }
}
