import AlignmentQuality
import Evaluation
import Foundation
import LinearAlgebra
import Testing

/// Laws that every index of the catalogue keeps, and every variant that follows no peer.
///
/// Unless said otherwise a law is exact in real numbers, and the tolerance is for sums of at most 41 · 5
/// roundings of numbers below 10, with distances that lose no more than a digit to cancellation.
@Suite struct ClusterIndexLaws {
  static let tolerance = 1e-11

  /// The powers of the scale that a value grows with; 0 for all others.
  static let scaleExponents: [String: Double] = [
    "trimmed-separation": 2, "trimmed-separation/untrimmed": 2,
  ]

  private func expectSame(
    _ law: LawIndex, _ original: LawPoints, _ changed: LawPoints, tolerance: Double = tolerance,
    factor: Double = 1, _ comment: Comment? = nil
  ) throws {
    let values = try law.values(try original.sets())
    for (value, other) in zip(values, try law.values(try changed.sets())) {
      expectSame(value, other, tolerance: tolerance, factor: factor, comment)
    }
  }

  private func expectSame(
    _ value: IndexValue, _ other: IndexValue, tolerance: Double = tolerance, factor: Double = 1,
    _ comment: Comment? = nil
  ) {
    switch (value.value, other.value) {
    case (.finite(let number), .finite(let changed)):
      #expect(abs(changed - number * factor) <= tolerance * max(1, abs(changed)), comment)
    default: #expect(value.value == other.value, comment)
    }
    #expect(value.details.map(\.metric) == other.details.map(\.metric))
  }

  @Test func thereAreIndices() {
    #expect(LawIndex.strict.count >= 8)
    #expect(LawIndex.measured.count > LawIndex.strict.count)
  }

  @Test func identifiersAreUniqueAndFound() throws {
    #expect(Set(ClusterIndexCatalog.identifiers).count == ClusterIndexCatalog.all.count)
    for identifier in ClusterIndexCatalog.identifiers {
      #expect(try ClusterIndexCatalog.index(named: identifier).identifier == identifier)
    }
    let error = #expect(throws: AlignmentQualityError.self) {
      try ClusterIndexCatalog.index(named: "davis-bouldin")
    }
    #expect(error?.description.contains("davies-bouldin") == true)
  }

  @Test(arguments: ClusterIndexCatalog.all)
  func settingsAreListedAndDefaultsSurvive(type: any ClusterIndex.Type) throws {
    func check<Index: ClusterIndex>(_ type: Index.Type) throws {
      #expect(try Settings.decode(type) == Index())
      #expect(!Index.summary.isEmpty)
      #expect(Index.range.lowerBound < Index.range.upperBound)
      #expect(Set(Index.variants.map(\.name)).count == Index.variants.count)
    }
    try check(type)
  }

  @Test(arguments: LawIndex.measured) func encodingKeepsTheValue(law: LawIndex) throws {
    func check<Index: ClusterIndex>(_ index: Index) throws {
      let decoded = try JSONDecoder().decode(Index.self, from: JSONEncoder().encode(index))
      #expect(decoded == index)
      let sets = try LawPoints(seed: 1).sets()
      let copy = try LawIndex(law.name, decoded)
      #expect(try copy.values(sets) == law.values(sets))
    }
    try check(law.index)
  }

  @Test(arguments: LawIndex.measured) func valuesStayInRange(law: LawIndex) throws {
    let range = type(of: law.index).range
    for seed in 0..<20 as Range<UInt64> {
      let points = LawPoints(
        seed: seed, count: 9 + 3 * Int(seed), width: 1 + Int(seed) % 7,
        classCount: 2 + Int(seed) % 3)
      for value in try law.values(try points.sets()) {
        if let number = value.value.finiteValue { #expect(range.contains(number)) }
      }
    }
  }

  /// Random points of two classes are in no way degenerate.
  @Test(arguments: LawIndex.strict.filter { $0.name.variant == nil })
  func ordinaryPointsHaveAValue(law: LawIndex) throws {
    let value = try law.values(try LawPoints(seed: 2, classCount: 2).sets())[0]
    #expect(value.value.finiteValue != nil)
  }

  @Test(arguments: LawIndex.strict) func rowOrderDoesNotMatter(law: LawIndex) throws {
    let points = LawPoints(seed: 3)
    try expectSame(law, points, points.permuted(seed: 4))
  }

  @Test(arguments: LawIndex.strict) func namesOfLabelsDoNotMatter(law: LawIndex) throws {
    let points = LawPoints(seed: 4)
    try expectSame(law, points, points.relabelled { [5, -3, 40][$0] })
  }

  @Test(arguments: LawIndex.strict) func rotationDoesNotMatter(law: LawIndex) throws {
    let points = LawPoints(seed: 5)
    try expectSame(law, points, points.rotated(seed: 6))
  }

  /// An offset of 100 costs two digits of the coordinates.
  @Test(arguments: LawIndex.strict) func translationDoesNotMatter(law: LawIndex) throws {
    let points = LawPoints(seed: 6)
    let moved = points.mapped { row in row.indices.map { row[$0] + 100 - 60 * Double($0) } }
    try expectSame(law, points, moved, tolerance: 100 * Self.tolerance)
  }

  /// Down to scales at which scikit-learn calls everything equal.
  @Test(arguments: LawIndex.strict) func uniformScaleHasItsExponent(law: LawIndex) throws {
    let points = LawPoints(seed: 7)
    let exponent = Self.scaleExponents[law.description] ?? 0
    for scale in [1e-12, 1e-8, 0.3, 1e7] {
      let scaled = points.mapped { $0.map { $0 * scale } }
      try expectSame(law, points, scaled, factor: pow(scale, exponent), "scale \(scale)")
    }
  }

  /// A frequency weight is the point so many times, and one of 0 leaves it out.
  @Test(arguments: LawIndex.strict) func weightsAreRepetitions(law: LawIndex) throws {
    let points = LawPoints(seed: 8)
    for weights in [
      points.rows.map { _ in 2 }, points.rows.indices.map { [1, 3, 2, 0][$0 % 4] },
    ] {
      let weighted = try law.values(try points.sets(weights: weights))
      let repeated = try law.values(try points.repeated(weights).sets())
      for (value, other) in zip(weighted, repeated) { expectSame(value, other) }
    }
  }

  /// The coordinates are float32 numbers, so both inputs are the same points.
  @Test(arguments: LawIndex.strict) func precisionOfTheInputDoesNotMatter(law: LawIndex) throws {
    let points = LawPoints(seed: 9)
    let doubles = Matrix(rows: points.rows)
    let value = try law.index.value(of: LabelledPoints(doubles, labels: points.labels))
    let floats = try LabelledPoints(Matrix<Float>(doubles), labels: points.labels)
    expectSame(value, try law.index.value(of: floats))
  }

  /// The law of F for every index that has one: at the measured ratio stands the measured value.
  ///
  /// All but the debiased separation, which estimates F itself.
  @Test(arguments: LawIndex.strict) func theMapFromFHitsTheValue(law: LawIndex) throws {
    guard !(law.index is DebiasedSeparationIndex) else { return }
    let points = LawPoints(seed: 10, classCount: 2)
    let measurements = try ClusterMeasurer.measure(
      try points.sets()[0], law.index.ingredients.union([.scatter]))
    let ratio = measurements.scatter.between / measurements.scatter.within
    guard let mapped = law.index.value(atTraceRatio: ratio, of: measurements) else { return }
    let value = try law.index.value(of: measurements).doubleValue
    #expect(abs(mapped - value) <= Self.tolerance * abs(value))
  }
}
