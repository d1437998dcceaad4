extension Matrix where Scalar == Float {
  /// Mixes the bits of each row into one hash a row, so that equal rows have equal hashes.
  ///
  /// 64 bits: among a million different rows the chance of any two agreeing is below 3 · 10⁻⁸.
  ///
  /// - Parameter hashes: One a row; what they hold is mixed in, so that several matrices of the same
  ///   samples can be hashed one after the other. Start with zeros.
  /// - Complexity: O(*n* · *d*).
  public func mixRowHashes(into hashes: inout [UInt64]) {
    precondition(hashes.count == rowCount, "\(hashes.count) hashes for \(rowCount) rows")
    let elements = span
    for row in 0..<rowCount {
      var hash = hashes[row]
      for position in row * columnCount..<(row + 1) * columnCount {
        hash = (hash ^ UInt64(elements[position].bitPattern)) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 29
      }
      hashes[row] = hash
    }
  }

  /// Whether all rows are equal, as in a layer that does not depend on the text.
  ///
  /// - Complexity: O(*n* · *d*), but usually ends within the second row.
  public var hasEqualRows: Bool {
    let elements = span
    for position in columnCount..<max(columnCount, elements.count)
    where elements[position] != elements[position % columnCount] {
      return false
    }
    return true
  }
}
