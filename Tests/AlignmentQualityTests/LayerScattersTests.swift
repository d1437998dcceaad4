import Activations
import AlignmentQuality
import ArrayFiles
import LinearAlgebra
import TestSupport
import Testing

/// Oracle: each layer read as a matrix and measured by itself, in memory.
@Suite struct LayerScattersTests {
  static let extents: [Axis: Int] = [.sample: 70, .layer: 4, .width: 19]
  static let labels = (0..<70).map { [3, -1, 8][($0 * $0 + $0 / 5) % 3] }
  static let ingredients: Set<Ingredient> = [.scatter, .ownDistances, .centroidDistances]

  /// Differs at every place, and by another scale and offset in every layer.
  static func value(_ place: [Axis: Int]) -> Float {
    let layer = place[.layer] ?? 0
    let number = ((place[.sample] ?? 0) * 31 + (place[.width] ?? 0) * 13 + layer * 7) % 101
    return Float(number * (layer + 1)) * 0.25 - Float(10 * layer)
  }

  static func dump(
    _ form: StoredArray.Form, in folder: TemporaryFolder
  ) throws -> ActivationDump {
    try StoredArray(extents: extents, value: value).write(form, to: folder.file("x.npy"))
    return try ActivationDump.open(
      DumpArguments(files: [.activations: folder.file("x.npy")], axes: form.axes))
  }

  @Test(arguments: DumpPointsTests.orders, [ElementType.float16, .float32])
  func allLayersTogetherEqualEachByItself(axes: [Axis], type: ElementType) throws {
    let folder = try TemporaryFolder()
    let dump = try Self.dump(.init(axes: axes, type: type), in: folder)
    let rows = Array((5..<70).reversed())
    let labels = rows.map { Self.labels[$0] }
    let chosen = [2, 0, 3]
    let layers = try DumpPoints.layers(of: dump, role: .activations, layers: chosen)
    let points = try LabelledPoints(layers[0], rows: rows, labels: labels)
    let together = try ClusterMeasurer.measure(points, at: layers, Self.ingredients)
    #expect(together.count == 3)
    for (layer, measurements) in zip(chosen, together) {
      let matrix = try dump.activations(layer: layer, rows: rows).activations
      let alone = try LabelledPoints(matrix, labels: labels)
      let expected = try ClusterMeasurer.measure(alone, Self.ingredients)
      // Tiles are larger where the file stores features apart, so that rounding may differ.
      expectAgreement(measurements, expected)
      if axes.last == .width { #expect(measurements == expected) }
    }
  }

  /// Every number within rounding, of sums of some hundred terms.
  func expectAgreement(_ own: ClusterMeasurements, _ other: ClusterMeasurements) {
    #expect(own.classes == other.classes)
    #expect(own.scatter.counts == other.scatter.counts)
    #expect(own.scatter.constantClasses == other.scatter.constantClasses)
    func near(_ first: [Double]?, _ second: [Double]?) {
      #expect(first?.count == second?.count)
      for (one, two) in zip(first ?? [], second ?? []) {
        #expect(abs(one - two) <= 1e-12 * max(abs(two), 1))
      }
    }
    near(own.scatter.scatters, other.scatter.scatters)
    near(
      own.scatter.squaredCentroidDistances.elements,
      other.scatter.squaredCentroidDistances.elements)
    near(own.centroids?.elements, other.centroids?.elements)
    near(own.ownDistances, other.ownDistances)
    near(own.centroidDistances?.elements, other.centroidDistances?.elements)
  }

  @Test func oneFileALayerIsTheSame() throws {
    let folder = try TemporaryFolder()
    let whole = try Self.dump(.init(axes: [.sample, .layer, .width]), in: folder)
    for layer in 0..<4 {
      try StoredArray(extents: [.sample: 70, .width: 19]) {
        Self.value($0.merging([.layer: layer]) { first, _ in first })
      }.write(.init(axes: [.sample, .width]), to: folder.file("layer_\(layer).npy"))
    }
    try folder.write(
      """
      {format: "plumbline-dump", version: 1, arrays: {
        activations: {file: "layer_{layer}.npy", axes: ["sample", "width"]}}}
      """, to: "dump.json")
    func measurements(_ dump: ActivationDump) throws -> [ClusterMeasurements] {
      let layers = try DumpPoints.layers(of: dump, role: .activations)
      let points = try LabelledPoints(layers[0], labels: Self.labels)
      return try ClusterMeasurer.measure(points, at: layers, Self.ingredients)
    }
    #expect(try measurements(ActivationDump.open(folder.path)) == measurements(whole))
  }

  @Test func layersOfDifferentWidthsAreMeasuredOneByOne() throws {
    let narrow = Matrix<Double>(rowCount: 8, columnCount: 2) { Double(($0 * 5 + $1) % 7) }
    let wide = Matrix<Double>(rowCount: 8, columnCount: 3) { Double(($0 * 3 + $1) % 5) }
    let labels = [0, 1, 0, 1, 0, 1, 1, 0]
    let layers = [try MatrixPoints(narrow), try MatrixPoints(wide)]
    let points = try LabelledPoints(layers[1], labels: labels)
    let together = try ClusterMeasurer.measure(points, at: layers, Self.ingredients)
    for (matrix, measurements) in zip([narrow, wide], together) {
      let alone = try LabelledPoints(matrix, labels: labels)
      #expect(try ClusterMeasurer.measure(alone, Self.ingredients) == measurements)
    }
  }

  /// What needs pairs of points is measured of each layer's own points.
  @Test func pairsAreMeasuredOfEachLayer() throws {
    let matrices = [3, 5].map { factor in
      Matrix<Double>(rowCount: 12, columnCount: 4) { Double(($0 * factor + $1 * $1) % 11) }
    }
    let labels = (0..<12).map { $0 % 2 }
    let layers = try matrices.map { try MatrixPoints($0) }
    let points = try LabelledPoints(layers[0], labels: labels)
    let ingredients: Set<Ingredient> = [.pairExtremes, .pairSums, .ownDistances]
    let together = try ClusterMeasurer.measure(points, at: layers, ingredients)
    for (matrix, measurements) in zip(matrices, together) {
      let alone = try LabelledPoints(matrix, labels: labels)
      #expect(try ClusterMeasurer.measure(alone, ingredients) == measurements)
    }
  }

  @Test func aLayerOfOtherRowsIsRefused() throws {
    let points = try LabelledPoints(ScatterTests.six, labels: [0, 0, 0, 1, 1, 1])
    let other = try MatrixPoints(Matrix<Double>(rowCount: 5, columnCount: 2, repeating: 1))
    #expect(
      throws: AlignmentQualityError.countMismatch(what: "rows of a layer", count: 5, points: 6)
    ) { try ClusterMeasurer.measure(points, at: [other], [.scatter]) }
    let none: [MatrixPoints<Double>] = []
    #expect(try ClusterMeasurer.measure(points, at: none, [.scatter]).isEmpty)
  }

  @Test func aNonFiniteCoordinateNamesItsLayer() throws {
    let folder = try TemporaryFolder()
    let stored = StoredArray(extents: Self.extents) { place in
      place == [.sample: 41, .layer: 2, .width: 5] ? .infinity : 1
    }
    try stored.write(.init(axes: [.sample, .layer, .width]), to: folder.file("x.npy"))
    let dump = try ActivationDump.open(
      DumpArguments(files: [.activations: folder.file("x.npy")]))
    let layers = try DumpPoints.layers(of: dump, role: .activations)
    let points = try LabelledPoints(layers[0], labels: Self.labels)
    let error = #expect(throws: AlignmentQualityError.self) {
      try ClusterMeasurer.measure(points, at: layers, [.scatter])
    }
    guard case .activations(.nonFinite(let place)) = error else {
      Issue.record("another error: \(String(describing: error))")
      return
    }
    #expect(place.layer == 2)
    #expect(place.row == 41)
    #expect(place.column == 5)
  }
}

/// Several labellings in one pass; the oracle is each measured by itself.
@Suite struct SeveralLabellingsTests {
  static let ingredients: Set<Ingredient> = [.scatter, .ownDistances, .centroidDistances]

  static func matrix(_ seed: Int) -> Matrix<Double> {
    Matrix(rowCount: 90, columnCount: 6) { row, column in
      Double((row * 37 + column * 11 + row * row * seed) % 53) / 4
    }
  }

  /// All rows, some of them in another order, another labelling, and rows that count several times.
  static func labellings(_ source: MatrixPoints<Double>) throws -> [LabelledPoints] {
    let all = try LabelledPoints(source, labels: (0..<90).map { $0 % 3 })
    let some = Array(stride(from: 88, through: 2, by: -3))
    return [
      all, try all.selecting((0..<90).filter { $0 / 10 % 2 == 0 }),
      try LabelledPoints(source, rows: some, labels: some.map { $0 % 4 == 0 ? 7 : -7 }),
      try LabelledPoints(
        source, labels: (0..<90).map { $0 / 45 }, weights: (0..<90).map { $0 % 4 }),
      try LabelledPoints(source, rows: [5, 5, 9, 5], labels: [0, 1, 1, 0]),
    ]
  }

  @Test func togetherEqualOneAfterTheOther() throws {
    let layers = try [1, 2].map { try MatrixPoints(Self.matrix($0)) }
    let labellings = try Self.labellings(layers[0])
    let together = try ClusterMeasurer.measure(labellings, at: layers, Self.ingredients)
    #expect(together.count == labellings.count)
    for (points, measurements) in zip(labellings, together) {
      let alone = try ClusterMeasurer.measure(points, at: layers, Self.ingredients)
      #expect(measurements.count == 2)
      for (own, other) in zip(measurements, alone) {
        LayerScattersTests().expectAgreement(own, other)
        #expect(own.ownDistances?.count == points.count)
      }
    }
  }

  /// One labelling is the same bytes as by the plain call.
  @Test func oneLabellingIsThePlainMeasurement() throws {
    let source = try MatrixPoints(Self.matrix(3))
    for points in try Self.labellings(source) {
      let plain = try ClusterMeasurer.measure(points, Self.ingredients)
      let listed = try ClusterMeasurer.measure([points], at: [source], Self.ingredients)
      #expect(listed == [[plain]])
    }
  }

  /// A class of two cells is constant only if both are the same point.
  @Test func aClassOfSeveralCellsIsConstantOnlyIfAllItsPointsAreEqual() throws {
    let equal = try MatrixPoints(Matrix<Double>(rowCount: 6, columnCount: 2, repeating: 0.1))
    let different = try MatrixPoints(
      Matrix<Double>(rowCount: 6, columnCount: 2) { row, _ in row < 3 ? 0.1 : 0.2 })
    let labellings = [
      try LabelledPoints(equal, labels: [0, 0, 0, 0, 0, 0]),
      try LabelledPoints(equal, labels: [0, 0, 0, 1, 1, 1]),
    ]
    let results = try ClusterMeasurer.measure(labellings, at: [equal, different], [.scatter])
    #expect(results[0][0].scatter.constantClasses == [true])
    #expect(results[0][1].scatter.constantClasses == [false])
    #expect(results[1][1].scatter.constantClasses == [true, true])
    #expect(results[1][1].scatter.isWithinZero)
  }
}
