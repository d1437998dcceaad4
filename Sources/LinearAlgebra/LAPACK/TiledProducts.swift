/// Computes every tile of op(A) · op(B), over ``Parallel``'s threads, and adds it to what the result held
/// times a factor.
func fillTiles<Scalar: LAPACKScalar>(
  of result: inout Matrix<Scalar>, tiling: ProductTiling, left: MatrixView<Scalar>,
  _ leftTransposed: Bool, right: MatrixView<Scalar>, _ rightTransposed: Bool,
  destinationScale: Scalar = 0
) {
  forEachTile(of: &result, tiling: tiling) { rows, columns, rowStride, tile in
    Scalar.accumulateProduct(
      of: leftTransposed ? left.columns(rows) : left.rows(rows), transposed: leftTransposed,
      and: rightTransposed ? right.rows(columns) : right.columns(columns),
      transposed: rightTransposed, scale: 1, into: &tile, rowStride: rowStride,
      destinationScale: destinationScale)
  }
}

/// Computes the upper triangle of A·Aᵀ or AᵀA, over ``Parallel``'s threads.
///
/// Tiles below the diagonal are left out; those on it are computed by the symmetric routine.
func fillUpperTiles<Scalar: LAPACKScalar>(
  of result: inout Matrix<Scalar>, tiling: ProductTiling, matrix: MatrixView<Scalar>,
  transposed: Bool
) {
  forEachTile(of: &result, tiling: tiling) { rows, columns, rowStride, tile in
    guard columns.lowerBound >= rows.lowerBound else { return }
    let left = transposed ? matrix.columns(rows) : matrix.rows(rows)
    if rows == columns {
      Scalar.upperSymmetricProduct(
        of: left, transposed: transposed, into: &tile, rowStride: rowStride)
    } else {
      Scalar.accumulateProduct(
        of: left, transposed: transposed,
        and: transposed ? matrix.columns(columns) : matrix.rows(columns),
        transposed: !transposed, scale: 1, into: &tile, rowStride: rowStride, destinationScale: 0)
    }
  }
}

/// Hands out the tiles of a matrix, each as the elements from its first to its last.
private func forEachTile<Scalar: LAPACKScalar>(
  of result: inout Matrix<Scalar>, tiling: ProductTiling,
  _ body:
    @Sendable (
      _ rows: Range<Int>, _ columns: Range<Int>, _ rowStride: Int,
      _ tile: inout MutableSpan<Scalar>
    ) -> Void
) {
  let width = result.columnCount
  guard tiling.tileCount > 0 else { return }
  var elements = result.mutableSpan
  // Tiles share no element, though their spans interleave where they stand side by side; a body writes
  // within its tile only. All are done before the buffer's scope ends.
  unsafe elements.withUnsafeMutableBufferPointer { buffer in
    nonisolated(unsafe) let elements = unsafe buffer
    Parallel.forEach(tiling.tileCount) { index in
      let (rows, columns) = tiling.tile(index)
      let first = rows.lowerBound * width + columns.lowerBound
      let end = (rows.upperBound - 1) * width + columns.upperBound
      var tile = unsafe MutableSpan(_unsafeElements: elements.extracting(first..<end))
      body(rows, columns, width, &tile)
    }
  }
}
