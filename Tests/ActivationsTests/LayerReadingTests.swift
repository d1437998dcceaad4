import Activations
import ArrayFiles
import LinearAlgebra
import TestSupport
import Testing

@Suite struct LayerReadingTests {
  /// Multiples of 1/4 below 512: exact in every type, and different at every place.
  static func value(_ place: [Axis: Int]) -> Float {
    let sample = place[.sample] ?? 0
    let layer = place[.layer] ?? 0
    let width = place[.width] ?? 0
    let variant = place[.variant] ?? 0
    return Float((sample * 31 + layer * 7 + width * 3 + variant * 101) % 509) * 0.25 - 60
  }

  static let extents: [Axis: Int] = [.sample: 37, .layer: 3, .width: 21]

  static func permutations(of axes: [Axis]) -> [[Axis]] {
    guard axes.count > 1 else { return [axes] }
    return axes.indices.flatMap { index in
      var rest = axes
      let first = rest.remove(at: index)
      return permutations(of: rest).map { [first] + $0 }
    }
  }

  static let forms: [StoredArray.Form] = permutations(of: [.sample, .layer, .width]).flatMap {
    axes in
    [ElementType.float16, .float32, .float64].flatMap { type in
      [false, true].flatMap { isFortranOrder in
        [false, true].map {
          StoredArray.Form(
            axes: axes, type: type, isFortranOrder: isFortranOrder, isBigEndian: $0)
        }
      }
    }
  }

  /// Oracle: the closed form that the file was written from.
  @Test(arguments: forms)
  func everyStoredFormGivesTheSameMatrix(_ form: StoredArray.Form) throws {
    let folder = try TemporaryFolder()
    let stored = StoredArray(extents: Self.extents, value: Self.value)
    try stored.write(form, to: folder.file("x.npy"))
    let dump = try ActivationDump.open(
      DumpArguments(files: [.activations: folder.file("x.npy")], axes: form.axes))
    #expect(dump.sampleCount == 37)
    #expect(dump.layerCount == 3)
    #expect(dump.width == 21)
    for rows in [Array(0..<37), [5], [36, 0, 7, 7], [1, 2, 3, 9, 20, 21]] {
      for layer in 0..<3 {
        let read = try dump.activations(layer: layer, rows: rows)
        let expected = Matrix<Float>(rowCount: rows.count, columnCount: 21) {
          Self.value([.sample: rows[$0], .layer: layer, .width: $1])
        }
        #expect(read.activations == expected)
        #expect(read.rows == rows)
      }
    }
  }

  /// Sizes beyond one block of rows; the oracle is the closed form.
  @Test(arguments: [false, true], permutations(of: [.sample, .layer, .width]))
  func readingInManyBlocksEqualsTheWhole(isFortranOrder: Bool, axes: [Axis]) throws {
    let folder = try TemporaryFolder()
    let stored = StoredArray(
      extents: [.sample: 700, .layer: 2, .width: 600], value: Self.value)
    try stored.write(
      .init(axes: axes, isFortranOrder: isFortranOrder), to: folder.file("x.npy"))
    let dump = try ActivationDump.open(
      DumpArguments(files: [.activations: folder.file("x.npy")], axes: axes))
    let rows = Array((0..<700).reversed())
    let read = try dump.activations(layer: 1, rows: rows).activations
    let expected = Matrix<Float>(rowCount: 700, columnCount: 600) {
      Self.value([.sample: rows[$0], .layer: 1, .width: $1])
    }
    #expect(read == expected)
  }

  @Test func oneFileALayerEqualsOneFile() throws {
    let folder = try TemporaryFolder()
    for layer in 0..<3 {
      let stored = StoredArray(extents: [.sample: 5, .width: 4]) {
        Self.value($0.merging([.layer: layer]) { first, _ in first })
      }
      try stored.write(.init(axes: [.width, .sample]), to: folder.file("layer_0\(layer).npy"))
    }
    try folder.write(
      """
      {format: "plumbline-dump", version: 1, arrays: {
        activations: {file: "layer_{layer}.npy", axes: ["width", "sample"]}}}
      """, to: "dump.json")
    let dump = try ActivationDump.open(folder.path)
    #expect(dump.layerCount == 3)
    #expect(dump.layerNames == ["0", "1", "2"])
    let expected = Matrix<Float>(rowCount: 5, columnCount: 4) {
      Self.value([.sample: $0, .layer: 2, .width: $1])
    }
    #expect(try dump.activations(layer: 2).activations == expected)
  }

  @Test func aMissingLayerFileIsNamed() throws {
    let folder = try TemporaryFolder()
    for layer in [0, 2] {
      try StoredArray(extents: [.sample: 5, .width: 4], value: Self.value)
        .write(.init(axes: [.sample, .width]), to: folder.file("layer_\(layer).npy"))
    }
    try folder.write(
      """
      {format: "plumbline-dump", version: 1, arrays: {
        activations: {file: "layer_{layer}.npy", axes: ["sample", "width"]}}}
      """, to: "dump.json")
    let error = #expect(throws: ActivationsError.self) { try ActivationDump.open(folder.path) }
    #expect(error?.description.contains("none for layer 1") == true)
  }

  @Test(arguments: [ElementType.float16, .float32, .float64], [Float.nan, .infinity, -.infinity])
  func aNonFiniteValueIsRefusedWithItsPlace(type: ElementType, bad: Float) throws {
    let folder = try TemporaryFolder()
    let stored = StoredArray(extents: [.sample: 300, .layer: 3, .width: 1500]) { place in
      place == [.sample: 31, .layer: 1, .width: 1207] ? bad : 1
    }
    try stored.write(
      .init(axes: [.sample, .layer, .width], type: type), to: folder.file("x.npy"))
    let dump = try ActivationDump.open(
      DumpArguments(files: [.activations: folder.file("x.npy")]))
    _ = try dump.activations(layer: 0)
    _ = try dump.activations(layer: 1, rows: [30, 32])
    let error = #expect(throws: ActivationsError.self) {
      try dump.activations(layer: 1, rows: Array((0..<300).reversed()))
    }
    guard case .nonFinite(let place) = error else {
      Issue.record("another error: \(String(describing: error))")
      return
    }
    #expect(place.row == 31)
    #expect(place.column == 1207)
    #expect(place.layer == 1)
    #expect(place.role == "activations")
    #expect(error?.category == .badData)
    let text = error?.description ?? ""
    #expect(text.contains(folder.file("x.npy")))
    #expect(text.contains("layer 1, row 31, column 1207"))
    #expect(text.contains("export in float32") == (type == .float16))
  }

  @Test func wordingsBecomePairsOfTheSameGroup() throws {
    let folder = try TemporaryFolder()
    let extents: [Axis: Int] = [.sample: 4, .variant: 3, .layer: 2, .width: 5]
    let stored = StoredArray(extents: extents, value: Self.value)
    let axes: [Axis] = [.variant, .layer, .sample, .width]
    for name in ["p.npy", "n.npy"] {
      try stored.write(.init(axes: axes), to: folder.file(name))
    }
    let dump = try ActivationDump.open(
      DumpArguments(
        files: [.positive: folder.file("p.npy"), .negative: folder.file("n.npy")], axes: axes))
    #expect(dump.variantCount == 3)
    let pairs = try dump.contrastPairs(layer: 1, rows: [2, 0])
    #expect(pairs.count == 6)
    #expect(pairs.rows == [2, 2, 2, 0, 0, 0])
    #expect(pairs.groups == [2, 2, 2, 0, 0, 0])
    #expect(pairs.variants == [0, 1, 2, 0, 1, 2])
    #expect(pairs.categories == [0, 1, 2, 0, 1, 2])
    for pair in 0..<6 {
      for column in 0..<5 {
        let expected = Self.value([
          .sample: pairs.rows[pair], .variant: pair % 3, .layer: 1, .width: column,
        ])
        #expect(pairs.positive[pair, column] == expected)
      }
    }
    let single = try dump.contrastPairs(layer: 1, rows: [2, 0], variants: .only(1))
    #expect(single.positive == pairs.positive.selectingRows([1, 4]))
    #expect(pairs.partnerPositions() == [Int?](repeating: nil, count: 6))
    var paired = pairs
    paired.opposites = pairs.rows.map { [2, nil, 0, nil][$0] }
    #expect(paired.partnerPositions() == [3, 4, 5, 0, 1, 2])
    // Without the other sample there is no partner; with it, in its own place.
    #expect(paired.selecting([0, 1, 2]).partnerPositions() == [nil, nil, nil])
    #expect(paired.selecting([4, 1]).partnerPositions() == [1, 0])
  }
}
