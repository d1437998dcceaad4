import AlignmentQuality
import Testing

/// The formulas as functions of numbers.
@Suite struct AlignmentQualityFormulaTests {
  typealias Formula = AlignmentQualityFormula
  let golden: AlignmentQualityGolden

  init() throws { golden = try AlignmentQualityGolden() }

  /// Oracle: the formulas in NumPy.
  ///
  /// Each is a handful of operations; exp and log lose a few units more.
  @Test func formulasFollowNumPy() throws {
    for (name, set) in golden.sets {
      for weight in [nil, golden.weight] {
        let expected = weight == nil ? set.published : set.weighted
        #expect(expected.count == 6)
        for (rawValue, number) in expected {
          let formula = try #require(Formula(rawValue: rawValue))
          let value = try value(formula, set.components, weight ?? formula.publishedWeight)
          #expect(agrees(value, number, within: 1e-14), "\(name) \(rawValue)")
        }
      }
    }
  }

  private func value(
    _ formula: Formula, _ components: [String: Double], _ weight: Double
  ) throws -> Double {
    func component(_ name: String) throws -> Double { try #require(components[name]) }
    let (separation, compactness) = (
      try component("calinski-harabasz"), try component("xie-beni")
    )
    let silhouette = try component("silhouette")
    switch formula {
    case .paperLinear:
      return Formula.paperLinear(
        calinskiHarabasz: separation, xieBeni: compactness, weight: weight)
    case .paperGeometric:
      return Formula.paperGeometric(
        calinskiHarabasz: separation, xieBeni: compactness, weight: weight,
        reference: golden.reference)
    case .daviesBouldinDunn:
      return Formula.daviesBouldinDunn(
        daviesBouldin: try component("davies-bouldin"), dunn: try component("dunn"),
        weight: weight)
    case .silhouetteCalinskiHarabasz:
      return Formula.silhouetteCalinskiHarabasz(
        silhouette: silhouette, calinskiHarabasz: separation, weight: weight)
    case .silhouetteXieBeni:
      return Formula.silhouetteXieBeni(
        silhouette: silhouette, xieBeni: compactness, weight: weight)
    case .linearLog:
      return Formula.linearLog(calinskiHarabasz: separation, xieBeni: compactness, weight: weight)
    default:
      Issue.record("\(formula) is no formula of one set")
      return .nan
    }
  }

  /// Oracle: by hand.
  ///
  /// The weight belongs to the first term of each formula.
  @Test func theWeightBelongsToTheFirstTerm() {
    func linear(_ weight: Double) -> Double {
      Formula.paperLinear(calinskiHarabasz: 12, xieBeni: 0.25, weight: weight)
    }
    #expect([linear(1), linear(0.75), linear(0)] == [4, 6, 12])
    #expect(Formula.daviesBouldinDunn(daviesBouldin: 3, dunn: 1, weight: 1) == 0.25)
    #expect(Formula.daviesBouldinDunn(daviesBouldin: 3, dunn: 1, weight: 0) == 0.5)
    #expect(
      Formula.silhouetteCalinskiHarabasz(silhouette: 0.5, calinskiHarabasz: 1, weight: 1) == 0.75)
    #expect(
      Formula.silhouetteCalinskiHarabasz(silhouette: 0.5, calinskiHarabasz: 1, weight: 0) == 0.5)
    #expect(Formula.silhouetteXieBeni(silhouette: 0.5, xieBeni: 3, weight: 0) == 0.25)
    #expect(
      Formula.paperGeometric(calinskiHarabasz: 2, xieBeni: 9, weight: 1, reference: 8) == 0.25)
    #expect(Formula.paperGeometric(calinskiHarabasz: 2, xieBeni: 0, weight: 0, reference: 8) == 1)
  }

  /// Oracle: limits.
  ///
  /// CH = +∞ goes with XB = 0 and XB = +∞ with CH = 0, and a term of weight 0 is not there.
  @Test(arguments: [0, 0.5, 1])
  func limitsAreLimits(weight: Double) {
    let perfect = (separation: Double.infinity, compactness: 0.0)
    #expect(
      Formula.paperLinear(
        calinskiHarabasz: perfect.separation, xieBeni: perfect.compactness, weight: weight)
        == .infinity)
    #expect(
      Formula.linearLog(
        calinskiHarabasz: perfect.separation, xieBeni: perfect.compactness, weight: weight)
        == .infinity)
    #expect(
      Formula.paperGeometric(
        calinskiHarabasz: perfect.separation, xieBeni: 0, weight: weight, reference: 1)
        == (weight == 0 ? 1 : .infinity))
    #expect(
      Formula.silhouetteCalinskiHarabasz(
        silhouette: 1, calinskiHarabasz: perfect.separation, weight: weight) == 1)
    #expect(Formula.daviesBouldinDunn(daviesBouldin: 0, dunn: .infinity, weight: weight) == 1)
    let none = (separation: 0.0, compactness: Double.infinity)
    #expect(
      Formula.paperLinear(
        calinskiHarabasz: none.separation, xieBeni: none.compactness, weight: weight) == 0)
    #expect(
      Formula.paperGeometric(
        calinskiHarabasz: none.separation, xieBeni: none.compactness, weight: weight, reference: 1)
        == 0)
    #expect(
      Formula.silhouetteXieBeni(silhouette: -1, xieBeni: none.compactness, weight: weight) == 0)
  }

  /// Oracle: table 14 of the paper.
  ///
  /// Its four AQI follow from its CHI and XBI by the geometric formula with
  /// one CH_max to within .0036, which is within rounding for CH_max from 38.53 to 38.87, and are far from
  /// what the linear formula gives.
  @Test func table14IsGeometricAndNotLinear() {
    for row in golden.table14.rows {
      let geometric = Formula.paperGeometric(
        calinskiHarabasz: row[1], xieBeni: row[2], weight: 0.5, reference: golden.reference)
      #expect(abs(geometric - row[3]) < 0.0037)
      let linear = Formula.paperLinear(calinskiHarabasz: row[1], xieBeni: row[2], weight: 0.5)
      #expect(linear > 14)
    }
  }

  /// Oracle: the identity of two classes.
  ///
  /// The third party's pairs keep it to the rounding of four decimals;
  /// those of table 14 miss it by far, by any reading of its batch sizes.
  @Test func theIdentityTellsWhichPublishedPairsCanBe() throws {
    for model in golden.published.models {
      let rows = zip(zip(model.calinskiHarabasz, model.xieBeni), model.sizes)
      for ((separation, compactness), size) in rows {
        let residual = try #require(
          IdentityCheck.residual(
            calinskiHarabasz: separation, xieBeni: compactness, counts: [size, size]))
        let rounding = 0.5e-4 / separation + 0.5e-4 / compactness
        #expect(abs(residual) <= rounding, "\(model.model)")
      }
    }
    for row in golden.table14.rows {
      for size in [Int(row[0]) / 2, Int(row[0])] {
        let residual = try #require(
          IdentityCheck.residual(
            calinskiHarabasz: row[1], xieBeni: row[2], counts: [size, size]))
        #expect(residual < -0.35)
      }
    }
  }

  /// Oracle: by hand, and what the identity does not speak of.
  @Test func theIdentityIsForTwoClasses() {
    let six = IdentityCheck.residual(calinskiHarabasz: 229 / 6, xieBeni: 6 / 229, counts: [3, 3])
    #expect(abs(six ?? 1) < 1e-15)
    // (n − 2) n₀n₁/n² = 8 · 3 · 7/100.
    let uneven = IdentityCheck.residual(calinskiHarabasz: 2, xieBeni: 1.68, counts: [3, 7])
    #expect(abs((uneven ?? 0) - 1) < 1e-15)
    for counts in [[3], [3, 3, 3], [1, 1], [0, 5]] {
      #expect(IdentityCheck.residual(calinskiHarabasz: 1, xieBeni: 1, counts: counts) == nil)
    }
  }
}
