extension Matrix {
  /// Fills a matrix block of rows by block of rows, over ``Parallel``'s threads.
  ///
  /// - Parameters:
  ///   - blockRowCount: The number of rows of a block; choose it by shape, never by thread count.
  ///   - body: Writes a block: its rows, and their row-major elements. Called from several threads.
  /// - Throws: The error of the first block that failed.
  public mutating func forEachRowBlock<Failure: Error>(
    of blockRowCount: Int,
    _ body:
      @Sendable (_ rows: Range<Int>, _ elements: inout MutableSpan<Scalar>) throws(Failure)
      -> Void
  ) throws(Failure) {
    precondition(blockRowCount > 0, "a block of \(blockRowCount) rows")
    let (height, width) = (rowCount, columnCount)
    let blockCount = (height + blockRowCount - 1) / blockRowCount
    var elements = mutableSpan
    // Blocks share no row, and all are done before the buffer's scope ends.
    try unsafe elements.withUnsafeMutableBufferPointer { (buffer) throws(Failure) in
      nonisolated(unsafe) let buffer = unsafe buffer
      try Parallel.forEach(blockCount) { (block) throws(Failure) in
        let first = block * blockRowCount
        let rows = first..<min(first + blockRowCount, height)
        let range = (rows.lowerBound * width)..<(rows.upperBound * width)
        var span = unsafe MutableSpan(_unsafeElements: buffer.extracting(range))
        try body(rows, &span)
      }
    }
  }
}
