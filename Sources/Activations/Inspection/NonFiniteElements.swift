internal import ArrayFiles
internal import LinearAlgebra

/// The elements of an array that are NaN or infinite as float32.
struct NonFiniteElements {
  /// How many elements are widened at once.
  private static let tileCount = 1 << 18

  /// How many there are.
  private(set) var count = 0
  /// Where the first of them is, in stored order of the axes.
  private(set) var first: [Int]?

  /// Reads an array from end to end, a tile at a time.
  init(in array: DumpArray) {
    var tile = [Float](repeating: 0, count: Swift.min(Self.tileCount, array.shape.reduce(1, *)))
    for (number, file) in array.files.enumerated() {
      let layout = file.layout
      let widening = ElementWidening(layout)
      for start in stride(from: 0, to: layout.elementCount, by: tile.count) {
        let end = Swift.min(start + tile.count, layout.elementCount)
        file.withBytes { bytes in
          var all = tile.mutableSpan
          var target = all._mutatingExtracting(0..<end - start)
          let size = layout.elementType.byteCount
          widening.widen(bytes.extracting(start * size..<end * size), stride: 1, into: &target)
        }
        file.releasePages()
        guard let place = firstNonFinite(in: tile.span.extracting(0..<end - start)) else {
          continue
        }
        count += tile[place..<end - start].count { !$0.isFinite }
        first =
          first
          ?? Self.position(
            start + place, in: layout, layer: array.isOneLayerEach ? number : nil)
      }
    }
  }

  /// The place of an element on each axis, from its place in the file.
  private static func position(_ element: Int, in layout: ArrayLayout, layer: Int?) -> [Int] {
    (layer.map { [$0] } ?? [])
      + zip(layout.strides, layout.shape).map { stride, extent in element / stride % extent }
  }
}
