import AlignmentQuality
import Evaluation
import LinearAlgebra
import Testing

/// What the index can be asked for.
@Suite struct AlignmentQualitySettingsTests {
  /// Every formula has a name, that of the defaults too, and the name leads back to the formula.
  @Test func everyFormulaIsAVariant() throws {
    #expect(try Settings.variant(of: AlignmentQualityIndex()) == "paper-linear")
    #expect(AlignmentQualityIndex.variants.map(\.name).contains("paper-linear"))
    for variant in AlignmentQualityIndex.variants {
      let index = try Settings.decode(AlignmentQualityIndex.self, overrides: variant.overrides)
      #expect(try Settings.variant(of: index) == variant.name)
      #expect(variant.name.hasPrefix(index.formula.rawValue))
      #expect(variant.name.hasSuffix("-released") == (index.compatibility == .aqiEval))
    }
    for formula in AlignmentQualityFormula.allCases {
      var index = AlignmentQualityIndex()
      index.formula = formula
      index.weight = 0.75
      #expect(try Settings.variant(of: index) == formula.rawValue)
    }
  }

  @Test(arguments: [-0.01, 1.01, .nan, .infinity])
  func weightsOutsideZeroToOneAreRefused(weight: Double) throws {
    var index = AlignmentQualityIndex()
    index.weight = weight
    let error = #expect(throws: AlignmentQualityError.self) {
      try index.value(of: planted(20, seed: 1))
    }
    let text = "\(try #require(error))"
    #expect(text.contains("alignment-quality-index.weight is \(weight)"))
    #expect(text.contains("from 0 to 1"))
  }

  @Test(arguments: [0, -3, .nan, .infinity])
  func referencesThatDivideNothingAreRefused(reference: Double) throws {
    var index = AlignmentQualityIndex()
    index.referenceCalinskiHarabasz = reference
    let error = #expect(throws: AlignmentQualityError.self) {
      try index.value(of: planted(20, seed: 1))
    }
    #expect("\(try #require(error))".contains("referenceCalinskiHarabasz is \(reference)"))
  }

  /// The released code's conventions are those of its own formulas, and of nobody else.
  @Test func onlyReleasedFormulasHaveReleasedConventions() throws {
    let measurements = try ClusterMeasurer.measure(
      planted(20, seed: 1), [.scatter, .ownDistances, .pairExtremes, .pairSums])
    let released = Set(
      AlignmentQualityIndex.variants.filter { $0.name.hasSuffix("-released") }
        .map { String($0.name.dropLast("-released".count)) })
    #expect(released == ["code-min-max-sigmoid", "db-dunn", "silhouette-ch", "silhouette-xb"])
    for formula in AlignmentQualityFormula.allCases {
      var index = AlignmentQualityIndex()
      index.formula = formula
      index.compatibility = .sklearn
      #expect(throws: AlignmentQualityError.self) { try index.value(of: measurements) }
      index.compatibility = .aqiEval
      if released.contains(formula.rawValue) {
        #expect(throws: Never.self) { try index.value(of: measurements) }
      } else {
        let error = #expect(throws: AlignmentQualityError.self) {
          try index.value(of: measurements)
        }
        #expect("\(try #require(error))".contains("alignment-quality-index/\(formula.rawValue)"))
      }
    }
  }

  /// The released code scales one set by itself to the middle of both scales, and scikit-learn gives a
  /// Caliński–Harabasz of 1 where classes have no scatter; both are flagged.
  @Test func releasedConventionsReproduceAndSaySo() throws {
    var index = AlignmentQualityIndex()
    index.formula = .codeMinMaxSigmoid
    index.compatibility = .aqiEval
    let alone = try index.value(of: planted(30, seed: 1))
    #expect(alone.value == .finite(50))
    #expect(alone.flags.map(\.name).contains("degenerate-peer-value"))
    index.formula = .silhouetteCalinskiHarabasz
    index.weight = 0
    let perfect = try index.value(
      of: LabelledPoints(
        Matrix<Double>(rows: [[0, 1], [0, 1], [2, 3], [2, 3]]), labels: [0, 0, 1, 1]))
    #expect(perfect.value == .finite(0.5))
    #expect(perfect.flags.map(\.name).contains("degenerate-peer-value"))
    // Where nothing is degenerate the two agree, and nothing is said.
    let plain = try index.value(of: planted(30, seed: 1))
    index.compatibility = .strict
    #expect(try index.value(of: planted(30, seed: 1)) == plain)
  }

  /// Only what the formula needs is measured.
  @Test func ingredientsFollowTheFormula() {
    var index = AlignmentQualityIndex()
    #expect(index.ingredients == [.scatter])
    index.formula = .daviesBouldinDunn
    #expect(index.ingredients == [.scatter, .ownDistances, .pairExtremes])
    index.formula = .silhouetteXieBeni
    #expect(index.ingredients == [.scatter, .pairSums])
  }
}
