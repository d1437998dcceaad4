internal import ArrayFiles
internal import LinearAlgebra

/// Reads rows of an array, wherever their elements lie in the file, as float32.
///
/// Only the tile asked for is widened. Which elements are neighbours in the file decides how: a row in
/// one piece, a row gathered at a stride, or many rows at once column by column.
struct RowReader: Sendable {
  let file: ArrayFile
  /// For each row, where its first element lies, in elements.
  let offsets: [Int]
  let columnCount: Int
  let columnStride: Int
  /// The distance between neighbouring rows of the array, in elements.
  let rowStride: Int

  /// How many columns are gathered at once where rows are neighbours.
  private static let columnTile = 16
  /// How much of what is read may be left unused before rows are rather gathered one by one.
  private static let largestWaste = 8

  /// Widens the elements of some rows, row-major.
  func read(_ rows: Range<Int>, into target: inout MutableSpan<Float>) {
    guard !rows.isEmpty, columnCount > 0 else { return }
    file.withBytes { (bytes) in
      if columnStride == 1 {
        readWholeRows(rows, of: bytes, into: &target)
      } else if let window = window(of: rows) {
        readColumns(rows, in: window, of: bytes, into: &target)
      } else {
        for (place, row) in rows.enumerated() {
          var part = target._mutatingExtracting(
            place * columnCount..<(place + 1) * columnCount)
          widen(bytes, from: offsets[row], stride: columnStride, into: &part)
        }
      }
    }
  }

  /// A reader of other rows, each some steps along the row axis from one of this reader's.
  func reader(at rows: [(place: Int, step: Int)]) -> RowReader {
    RowReader(
      file: file, offsets: rows.map { offsets[$0.place] + $0.step * rowStride },
      columnCount: columnCount, columnStride: columnStride, rowStride: rowStride)
  }

  /// The bytes of the file between the first and the last element that some rows touch.
  ///
  /// What lies between rows counts: a file that is cached in large pieces is mapped in large pieces, so
  /// that it becomes resident although it is never read.
  func touchedByteCount(_ rows: Range<Int>) -> Int {
    guard let first = offsets[rows].min(), let last = offsets[rows].max() else { return 0 }
    return (last - first + (columnCount - 1) * columnStride + 1) * file.layout.elementType.byteCount
  }

  private func readWholeRows(
    _ rows: Range<Int>, of bytes: RawSpan, into target: inout MutableSpan<Float>
  ) {
    var first = rows.lowerBound
    while first < rows.upperBound {
      var end = first + 1
      while end < rows.upperBound, offsets[end] == offsets[end - 1] + columnCount { end += 1 }
      let start = (first - rows.lowerBound) * columnCount
      var part = target._mutatingExtracting(start..<start + (end - first) * columnCount)
      widen(bytes, from: offsets[first], stride: 1, into: &part)
      first = end
    }
  }

  /// The run of neighbouring rows that covers `rows`, if reading it by columns is worth while.
  private func window(of rows: Range<Int>) -> (start: Int, count: Int)? {
    guard rows.count > 1, isColumnwise, let first = offsets[rows].min(),
      let last = offsets[rows].max(), (last - first) % rowStride == 0
    else { return nil }
    let count = (last - first) / rowStride + 1
    guard count <= Self.largestWaste * rows.count,
      offsets[rows].allSatisfy({ ($0 - first) % rowStride == 0 })
    else { return nil }
    return (first, count)
  }

  private func readColumns(
    _ rows: Range<Int>, in window: (start: Int, count: Int), of bytes: RawSpan,
    into target: inout MutableSpan<Float>
  ) {
    let places = rows.map { (offsets[$0] - window.start) / rowStride }
    var scratch = [Float](repeating: 0, count: window.count * Self.columnTile)
    for firstColumn in stride(from: 0, to: columnCount, by: Self.columnTile) {
      let width = Swift.min(Self.columnTile, columnCount - firstColumn)
      var tile = scratch.mutableSpan
      for column in 0..<width {
        var part = tile._mutatingExtracting(column * window.count..<(column + 1) * window.count)
        let offset = window.start + (firstColumn + column) * columnStride
        widen(bytes, from: offset, stride: rowStride, into: &part)
      }
      for (row, place) in places.enumerated() {
        let start = row * columnCount + firstColumn
        for column in 0..<width {
          target[start + column] = tile[column * window.count + place]
        }
      }
    }
  }

  private func widen(
    _ bytes: RawSpan, from offset: Int, stride: Int, into target: inout MutableSpan<Float>
  ) {
    let size = file.layout.elementType.byteCount
    let end = offset + (target.count - 1) * stride + 1
    ElementWidening(file.layout).widen(
      bytes.extracting(offset * size..<end * size), stride: stride, into: &target)
  }
}

extension RowReader {
  /// Whether neighbouring rows lie closer together than neighbouring columns.
  var isColumnwise: Bool { rowStride < columnStride }

  /// Whether the pages that earlier blocks touched should be dropped after this block.
  ///
  /// Decided by the number of the block alone, so that threads need not agree.
  func isReleaseDue(after rows: Range<Int>, touched: Int, limit: Int) -> Bool {
    let blocks = Swift.max(1, limit / Swift.max(touched, 1))
    let number = rows.lowerBound / Swift.max(rows.count, 1)
    return number % blocks == blocks - 1
  }
}
