import Activations
import AlignmentQuality
import ArrayFiles
import LinearAlgebra
import TestSupport
import Testing

@Suite struct DumpPointsTests {
  /// Multiples of 1/4, exact in float16, and different at every place.
  static func value(_ place: [Axis: Int]) -> Float {
    let sample = place[.sample] ?? 0
    let layer = place[.layer] ?? 0
    let width = place[.width] ?? 0
    let variant = place[.variant] ?? 0
    return Float((sample * 31 + layer * 7 + width * 3 + variant * 101) % 509) * 0.25 - 60
  }

  static func read(_ points: DumpPoints, _ rows: [Int]) throws -> Matrix<Float> {
    var matrix = Matrix<Float>(rowCount: rows.count, columnCount: points.width)
    var elements = matrix.mutableSpan
    try points.read(rows[...], into: &elements)
    return matrix
  }

  static let orders: [[Axis]] = [
    [.sample, .layer, .width], [.layer, .sample, .width], [.layer, .width, .sample],
    [.sample, .width, .layer], [.width, .sample, .layer], [.width, .layer, .sample],
  ]

  /// Oracle: the closed form that the file was written from.
  @Test(arguments: orders, [ElementType.float16, .float32, .float64])
  func anyOrderOfAxesGivesTheRowsAskedFor(axes: [Axis], type: ElementType) throws {
    let folder = try TemporaryFolder()
    let stored = StoredArray(
      extents: [.sample: 37, .layer: 3, .width: 21], value: Self.value)
    try stored.write(.init(axes: axes, type: type), to: folder.file("x.npy"))
    let dump = try ActivationDump.open(
      DumpArguments(files: [.activations: folder.file("x.npy")], axes: axes))
    for layer in 0..<3 {
      let points = try DumpPoints(dump, role: .activations, layer: layer)
      #expect(points.rowCount == 37)
      #expect(points.width == 21)
      for rows in [Array(0..<37), [5], [], [36, 0, 7, 7, 8, 9], [1, 2, 3, 20, 21]] {
        let expected = Matrix<Float>(rowCount: rows.count, columnCount: 21) {
          Self.value([.sample: rows[$0], .layer: layer, .width: $1])
        }
        #expect(try Self.read(points, rows) == expected)
      }
    }
  }

  @Test(arguments: [ArrayRole.positive, .negative])
  func wordingsAreRowsOfTheirOwnOrOneIsChosen(role: ArrayRole) throws {
    let folder = try TemporaryFolder()
    let axes: [Axis] = [.variant, .layer, .sample, .width]
    let stored = StoredArray(
      extents: [.sample: 4, .variant: 3, .layer: 2, .width: 5], value: Self.value)
    for name in ["p.npy", "n.npy"] { try stored.write(.init(axes: axes), to: folder.file(name)) }
    let dump = try ActivationDump.open(
      DumpArguments(
        files: [.positive: folder.file("p.npy"), .negative: folder.file("n.npy")], axes: axes))
    let all = try DumpPoints(dump, role: role, layer: 1)
    #expect(all.rowCount == 12)
    let rows = [11, 0, 4, 5]
    let expected = Matrix<Float>(rowCount: 4, columnCount: 5) {
      Self.value([.sample: rows[$0] / 3, .variant: rows[$0] % 3, .layer: 1, .width: $1])
    }
    #expect(try Self.read(all, rows) == expected)
    let one = try DumpPoints(dump, role: role, layer: 1, variants: .only(2))
    #expect(one.rowCount == 4)
    #expect(try Self.read(one, [3, 1]) == Self.read(all, [11, 5]))
  }

  /// More is read than may stay mapped, by several threads; the oracle is the matrix read at once.
  @Test func manyTilesEqualTheWholeLayer() throws {
    let folder = try TemporaryFolder()
    let (samples, width) = (2400, 1024)
    let values = (0..<samples * 2 * width).map { Float(($0 * 7919) % 65_521) }
    try GoldenArrays.write(values, shape: [samples, 2, width], to: folder.file("x.npy"))
    let dump = try ActivationDump.open(
      DumpArguments(files: [.activations: folder.file("x.npy")]))
    let points = try DumpPoints(dump, role: .activations, layer: 1)
    let rows = (0..<samples).map { ($0 * 7) % samples }
    var tiled = Matrix<Float>(rowCount: samples, columnCount: width)
    try tiled.forEachRowBlock(of: 100) { (range, elements) throws(AlignmentQualityError) in
      try points.read(rows[range], into: &elements)
    }
    let whole = try dump.activations(layer: 1, rows: rows).activations
    #expect(tiled == whole)
  }

  @Test func aNonFiniteCoordinateIsNamedWithItsPlace() throws {
    let folder = try TemporaryFolder()
    let stored = StoredArray(extents: [.sample: 30, .layer: 3, .width: 7]) { place in
      place == [.sample: 21, .layer: 1, .width: 4] ? .nan : 1
    }
    try stored.write(.init(axes: [.sample, .layer, .width]), to: folder.file("x.npy"))
    let dump = try ActivationDump.open(
      DumpArguments(files: [.activations: folder.file("x.npy")]))
    _ = try Self.read(try DumpPoints(dump, role: .activations, layer: 0), Array(0..<30))
    let points = try DumpPoints(dump, role: .activations, layer: 1)
    _ = try Self.read(points, [20, 22])
    let labelled = try LabelledPoints(points, labels: (0..<30).map { $0 % 2 })
    let error = #expect(throws: AlignmentQualityError.self) {
      try CalinskiHarabaszIndex().value(of: labelled)
    }
    guard case .activations(.nonFinite(let place)) = error else {
      Issue.record("another error: \(String(describing: error))")
      return
    }
    #expect(place.row == 21)
    #expect(place.column == 4)
    #expect(place.layer == 1)
    #expect(error?.description.contains(folder.file("x.npy")) == true)
  }

  @Test func whatIsNotThereIsRefused() throws {
    let folder = try TemporaryFolder()
    let stored = StoredArray(extents: [.sample: 3, .layer: 2, .width: 2], value: Self.value)
    try stored.write(.init(axes: [.sample, .layer, .width]), to: folder.file("x.npy"))
    let dump = try ActivationDump.open(
      DumpArguments(files: [.activations: folder.file("x.npy")]))
    #expect(
      throws: AlignmentQualityError.activations(.outOfRange(what: "layer", value: 2, count: 2))
    ) { try DumpPoints(dump, role: .activations, layer: 2) }
    #expect(throws: AlignmentQualityError.self) {
      try DumpPoints(dump, role: .positive, layer: 0)
    }
    let points = try DumpPoints(dump, role: .activations, layer: 0)
    #expect(
      throws: AlignmentQualityError.activations(.outOfRange(what: "row", value: 3, count: 3))
    ) { try Self.read(points, [0, 3]) }
  }
}
