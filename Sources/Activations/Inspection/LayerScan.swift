/// What is learned about the rows of a layer, one tile after another.
struct LayerScan {
  private let columnCount: Int
  private var firstRow: [Float] = []
  private var isFeatureConstant: [Bool]
  private(set) var nonFiniteCount = 0
  private(set) var firstNonFinite: [Int]?
  private(set) var zeroRowCount = 0
  private(set) var largestMagnitude: Float = 0
  private(set) var rowCount = 0

  init(columnCount: Int) {
    self.columnCount = columnCount
    isFeatureConstant = [Bool](repeating: true, count: columnCount)
  }

  var constantFeatureCount: Int { isFeatureConstant.count { $0 } }

  /// Looks at the next rows, and mixes their bits into one hash a row.
  mutating func add(_ elements: Span<Float>, hashes: inout [UInt64]) {
    for start in stride(from: 0, to: elements.count, by: columnCount) {
      let row = elements.extracting(start..<start + columnCount)
      if rowCount == 0 { firstRow = (0..<columnCount).map { row[$0] } }
      hashes[rowCount] = scan(row, hash: hashes[rowCount])
      rowCount += 1
    }
  }

  private mutating func scan(_ row: Span<Float>, hash: UInt64) -> UInt64 {
    var hash = hash
    var largest: Float = 0
    var isFinite = true
    for column in 0..<columnCount {
      let value = row[column]
      hash = (hash ^ UInt64(value.bitPattern)) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
      let magnitude = value.magnitude
      if !(magnitude <= Float.greatestFiniteMagnitude) { isFinite = false }
      largest = magnitude > largest ? magnitude : largest
    }
    for column in 0..<columnCount where row[column] != firstRow[column] {
      // NaN differs from itself, and a feature that holds one is not constant.
      isFeatureConstant[column] = false
    }
    if !isFinite { largest = countNonFinite(row) }
    if largest == 0 && isFinite { zeroRowCount += 1 }
    largestMagnitude = Swift.max(largestMagnitude, largest)
    return hash
  }

  /// Counts what is not finite in a row that holds such an element; the largest of the others.
  private mutating func countNonFinite(_ row: Span<Float>) -> Float {
    var largest: Float = 0
    for column in 0..<columnCount {
      if row[column].isFinite {
        largest = Swift.max(largest, row[column].magnitude)
      } else {
        nonFiniteCount += 1
        if firstNonFinite == nil { firstNonFinite = [rowCount, column] }
      }
    }
    return largest
  }
}
