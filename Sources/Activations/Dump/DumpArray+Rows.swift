internal import ArrayFiles
public import LinearAlgebra

extension DumpArray {
  /// About how many bytes of rows a thread takes at once.
  private static let rowBlockByteCount = 1 << 20

  /// Computes a value from each row of elements as they are stored, on several threads, and in order.
  ///
  /// For passes over arrays that are larger than memory and need not be widened first. Mapped pages are released
  /// as it goes. Rows whose elements adjoin, in the machine's byte order, are lent as they lie in the file; others
  /// are gathered, and widened to float32, which is slow where `columns` is not the axis stored last.
  ///
  /// - Parameters:
  ///   - rowAxis: What the rows count.
  ///   - rows: Which of them, in the order wanted; all of them if not given.
  ///   - columns: What the elements of a row count.
  ///   - body: Computes a value from the place of a row in `rows`, its bytes, and what they hold.
  /// - Returns: A value for each of `rows`.
  /// - Throws: The error of the first row that failed.
  /// - Precondition: The array has these two axes and no others, and the rows asked for.
  public func mapRows<Value: Sendable, Failure: Error>(
    of rowAxis: Axis, at rows: [Int]? = nil, columns: Axis,
    _ body: @Sendable (Int, RawSpan, Widening.Element) throws(Failure) -> Value
  ) throws(Failure) -> [Value] {
    guard let rowPosition = axes.firstIndex(of: rowAxis), axes.count == 2,
      let columnPosition = axes.lastIndex(of: columns), rowPosition != columnPosition
    else { preconditionFailure("\(role) has no rows of \(rowAxis) and columns of \(columns)") }
    let rows = rows ?? Array(0..<shape[rowPosition])
    for row in rows {
      precondition(row >= 0 && row < shape[rowPosition], "\(role) has no row \(row)")
    }
    let layout = files[0].layout
    let reader = RowReader(
      file: files[0], offsets: rows.map { $0 * layout.strides[rowPosition] },
      columnCount: shape[columnPosition], columnStride: layout.strides[columnPosition],
      rowStride: layout.strides[rowPosition])
    defer { reader.file.releasePages() }
    let rowByteCount = Swift.max(1, reader.columnCount * elementType.byteCount)
    let blockSize = Swift.max(1, Self.rowBlockByteCount / rowByteCount)
    let blockCount = (rows.count + blockSize - 1) / blockSize
    let blocks = try Parallel.map(blockCount) { (block) throws(Failure) -> [Value] in
      let block = block * blockSize..<Swift.min((block + 1) * blockSize, rows.count)
      var values: [Value] = []
      values.reserveCapacity(block.count)
      for place in block {
        values.append(
          try reader.lend(place) { (bytes, element) throws(Failure) in
            try body(place, bytes, element)
          })
      }
      let touched = reader.touchedByteCount(block)
      if reader.isReleaseDue(after: block, touched: touched, limit: Self.releaseByteCount) {
        reader.file.releasePages()
      }
      return values
    }
    return blocks.flatMap { $0 }
  }
}

extension RowReader {
  /// Lends the bytes of a row, from the file itself where they can be read as they are.
  fileprivate func lend<Value, Failure: Error>(
    _ row: Int, _ body: (RawSpan, Widening.Element) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let widening = ElementWidening(file.layout)
    guard columnStride == 1, !widening.isByteSwapped else {
      var values = [Float](repeating: 0, count: columnCount)
      var target = values.mutableSpan
      read(row..<row + 1, into: &target)
      return try body(values.span.elementBytes, .float32)
    }
    let size = file.layout.elementType.byteCount
    let start = offsets[row] * size
    return try file.withBytes { (bytes) throws(Failure) in
      try body(bytes.extracting(start..<start + columnCount * size), widening.element)
    }
  }
}
