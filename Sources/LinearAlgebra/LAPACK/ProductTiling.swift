/// How a product's result is cut into tiles: by its shape, never by the number of threads.
struct ProductTiling {
  let rowCount: Int
  let columnCount: Int
  private let tileHeight: Int
  private let tileWidth: Int

  init(_ shape: ProductShape) {
    rowCount = shape.rowCount
    columnCount = shape.columnCount
    // Below this many multiplications a second thread costs more than it brings.
    let isSmall = shape.rowCount * shape.columnCount * max(1, shape.innerCount) < 1 << 20
    tileHeight = isSmall ? max(1, shape.rowCount) : 512
    tileWidth = isSmall ? max(1, shape.columnCount) : 1024
  }

  init(squareTilesOf shape: ProductShape) {
    rowCount = shape.rowCount
    columnCount = shape.columnCount
    tileHeight = 512
    tileWidth = 512
  }

  private var tilesAcross: Int { (columnCount + tileWidth - 1) / tileWidth }
  private var tilesDown: Int { (rowCount + tileHeight - 1) / tileHeight }

  var tileCount: Int { tilesAcross * tilesDown }

  func tile(_ index: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    let firstRow = index / tilesAcross * tileHeight
    let firstColumn = index % tilesAcross * tileWidth
    return (
      firstRow..<min(firstRow + tileHeight, rowCount),
      firstColumn..<min(firstColumn + tileWidth, columnCount)
    )
  }
}
