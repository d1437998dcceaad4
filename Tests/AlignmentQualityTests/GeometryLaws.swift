import AlignmentQuality
import Evaluation
import LinearAlgebra
import Testing

/// What holds for every measure of the catalogue, and for every variant.
@Suite struct GeometryLaws {
  private func points(_ matrix: Matrix<Double>, _ labels: [Int]) throws -> LabelledPoints {
    try LabelledPoints(matrix, labels: labels)
  }

  private func reference(_ name: String) throws -> Double {
    try GeometryData.value(name, of: try points(GeometryData.twoClasses, GeometryData.labels))
      .doubleValue
  }

  /// Measures of directions or of points that are not centred.
  static let dependOnTheOrigin = [
    "anisotropy", "uniformity", "effective-rank/uncentred", "effective-rank/rank-me",
    "stable-rank/uncentred",
  ]
  /// The power of a scale that a measure has; 0 for the others.
  static let degrees = [
    "bures-wasserstein": 2, "maximum-mean-discrepancy/linear": 2, "energy-distance": 1,
    "energy-distance/unbiased": 1,
  ]

  @Test func namesAreInKebabCaseAndDiffer() {
    let names = GeometryCatalog.identifiers
    #expect(Set(names).count == names.count)
    for name in names { #expect(Flag(rawValue: name)?.detail == nil && !name.contains(":")) }
    #expect(throws: AlignmentQualityError.self) { try GeometryCatalog.measure(named: "rank") }
  }

  @Test func variantsAreFoundAgainBySettings() throws {
    func check<Measure: GeometryMeasure>(_ type: Measure.Type) throws {
      #expect(try Settings.variant(of: type.init()) == nil)
      #expect(
        try Settings.decode(type, overrides: try Settings.resolved(type.init())) == type.init())
      for variant in type.variants {
        let measure = try Settings.decode(type, overrides: variant.overrides)
        #expect(try Settings.variant(of: measure) == variant.name)
      }
    }
    for type in GeometryCatalog.all { try check(type) }
  }

  @Test(arguments: GeometryData.names)
  func rotationsChangeNothing(name: String) throws {
    let rotated = try points(
      try GeometryData.rotated(GeometryData.twoClasses), GeometryData.labels)
    #expect(
      agree(
        try GeometryData.value(name, of: rotated).doubleValue, try reference(name), within: 1e-11))
  }

  @Test(arguments: GeometryData.names)
  func theOriginMattersWhereItShould(name: String) throws {
    var moved = GeometryData.twoClasses
    moved.subtractFromRows([-3, 2, 0.5, 8])
    let value = try GeometryData.value(name, of: try points(moved, GeometryData.labels))
      .doubleValue
    let isUnchanged = agree(value, try reference(name), within: 1e-11)
    #expect(isUnchanged != Self.dependOnTheOrigin.contains(name))
  }

  @Test(arguments: GeometryData.names)
  func scalesEnterByTheirPower(name: String) throws {
    let scaled = Matrix(
      rowCount: 24, columnCount: 4, elements: GeometryData.twoClasses.elements.map { $0 * 3e-6 })
    let value = try GeometryData.value(name, of: try points(scaled, GeometryData.labels))
      .doubleValue
    let factor = (0..<Self.degrees[name, default: 0]).reduce(1.0) { scale, _ in scale * 3e-6 }
    #expect(agree(value, try reference(name) * factor, within: 1e-11))
  }

  @Test(arguments: GeometryData.names)
  func orderAndNamesOfClassesDoNotMatter(name: String) throws {
    let order = (0..<24).map { ($0 * 7 + 3) % 24 }
    let shuffled = try points(
      GeometryData.twoClasses.selectingRows(order),
      order.map { GeometryData.labels[$0] == 0 ? 9 : -4 })
    #expect(
      agree(
        try GeometryData.value(name, of: shuffled).doubleValue, try reference(name), within: 1e-12)
    )
  }

  @Test(arguments: GeometryData.names)
  func singlePrecisionOfTheSameNumbersIsTheSame(name: String) throws {
    let single = try LabelledPoints(
      Matrix<Float>(GeometryData.twoClasses), labels: GeometryData.labels)
    #expect(
      agree(
        try GeometryData.value(name, of: single).doubleValue, try reference(name), within: 1e-13))
  }

  @Test(arguments: GeometryData.names)
  func weightsAreRepeatedPoints(name: String) throws {
    let weights = (0..<24).map { $0 % 5 == 0 ? 2 : 1 }
    let rows = (0..<24).flatMap { [Int](repeating: $0, count: weights[$0]) }
    let weighted = try LabelledPoints(
      GeometryData.twoClasses, labels: GeometryData.labels, weights: weights)
    let repeated = try points(
      GeometryData.twoClasses.selectingRows(rows), rows.map { GeometryData.labels[$0] })
    #expect(
      try GeometryData.value(name, of: weighted) == GeometryData.value(name, of: repeated))
  }

  @Test(arguments: GeometryData.names)
  func classesMatterWhereTheyShould(name: String) throws {
    let identifier = MethodName(parsing: name).identifier
    let needsClasses = try GeometryCatalog.measure(named: identifier).needsClasses
    let others = (0..<24).map { $0 % 2 }
    let value = try GeometryData.value(
      name, of: try points(GeometryData.twoClasses, others)
    ).doubleValue
    #expect(agree(value, try reference(name), within: 1e-12) != needsClasses)
  }
}
