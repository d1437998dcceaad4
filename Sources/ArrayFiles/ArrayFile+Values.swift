extension ArrayFile {
  /// All elements as whole numbers, in C order whatever the order in the file.
  ///
  /// Meant for labels, groups and the like: it allocates 8 bytes an element. `true` is 1.
  ///
  /// - Returns: The values, last axis fastest.
  /// - Throws: ``ArrayFileError/notRepresentable(_:index:value:type:)`` for a fraction, NaN,
  ///   infinity, or a value beyond `Int`.
  /// - Complexity: O(*elements*).
  public func integers() throws(ArrayFileError) -> [Int] {
    try values(named: "a whole number in Int's range") { pattern in
      switch layout.elementType {
      case .bool: pattern == 0 ? 0 : 1
      case .uint8, .uint16, .uint32, .uint64: Int(exactly: pattern)
      case .int8: Int(Int8(truncatingIfNeeded: pattern))
      case .int16: Int(Int16(truncatingIfNeeded: pattern))
      case .int32: Int(Int32(truncatingIfNeeded: pattern))
      case .int64: Int(exactly: Int64(truncatingIfNeeded: pattern))
      default: Int(exactly: StoredFloat.value(pattern, as: layout.elementType))
      }
    }
  }

  /// All elements as `Double`, in C order whatever the order in the file.
  ///
  /// Meant for small arrays: it allocates 8 bytes an element. NaN and infinity are passed on.
  ///
  /// - Returns: The values, last axis fastest.
  /// - Throws: ``ArrayFileError/notRepresentable(_:index:value:type:)`` for an integer beyond 2⁵³
  ///   that `Double` would round.
  /// - Complexity: O(*elements*).
  public func doubles() throws(ArrayFileError) -> [Double] {
    try values(named: "a Double") { pattern in
      switch layout.elementType {
      case .bool: pattern == 0 ? 0 : 1
      case .uint8, .uint16, .uint32, .uint64: Double(exactly: pattern)
      case .int8: Double(Int8(truncatingIfNeeded: pattern))
      case .int16: Double(Int16(truncatingIfNeeded: pattern))
      case .int32: Double(Int32(truncatingIfNeeded: pattern))
      case .int64: Double(exactly: Int64(truncatingIfNeeded: pattern))
      default: StoredFloat.value(pattern, as: layout.elementType)
      }
    }
  }

  /// A copy of the whole array, little-endian and in C order, ready to be written elsewhere.
  ///
  /// Meant for small arrays: it needs several times the array's size in memory.
  ///
  /// - Returns: The type, shape and elements, bit for bit.
  /// - Throws: ``ArrayFileError``; never for an array that could be opened.
  /// - Complexity: O(*elements*).
  public func contents() throws(ArrayFileError) -> ArrayContents {
    let patterns = try values(named: "itself") { $0 }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(layout.byteCount)
    for pattern in patterns {
      for place in 0..<layout.elementType.byteCount {
        bytes.append(UInt8(truncatingIfNeeded: pattern >> UInt64(8 * place)))
      }
    }
    return try ArrayContents(
      elementType: layout.elementType, shape: layout.shape, bytes: bytes)
  }

  private func values<Value>(named type: String, _ convert: (UInt64) -> Value?)
    throws(ArrayFileError) -> [Value]
  {
    try storage.withSpan { bytes throws(ArrayFileError) in
      let elements = bytes.extracting(payload)
      var values: [Value] = []
      values.reserveCapacity(layout.elementCount)
      var index = [Int](repeating: 0, count: layout.shape.count)
      for _ in 0..<layout.elementCount {
        let position = zip(index, layout.strides).reduce(0) { $0 + $1.0 * $1.1 }
        let pattern = elementPattern(elements, at: position)
        guard let value = convert(pattern) else {
          throw .notRepresentable(
            ArrayLocation(path: path, member: member), index: index,
            value: describe(pattern), type: type)
        }
        values.append(value)
        for axis in layout.shape.indices.reversed() {
          index[axis] += 1
          if index[axis] < layout.shape[axis] { break }
          index[axis] = 0
        }
      }
      return values
    }
  }

  /// The bits of one element, most significant first.
  private func elementPattern(_ elements: Span<UInt8>, at position: Int) -> UInt64 {
    let byteCount = layout.elementType.byteCount
    let start = position * byteCount
    var pattern: UInt64 = 0
    for offset in 0..<byteCount {
      let place = layout.byteOrder == .little ? byteCount - 1 - offset : offset
      pattern = pattern << 8 | UInt64(elements[start + place])
    }
    return pattern
  }

  private func describe(_ pattern: UInt64) -> String {
    switch layout.elementType {
    case .uint64: String(pattern)
    case .int64: String(Int64(bitPattern: pattern))
    default: String(StoredFloat.value(pattern, as: layout.elementType))
    }
  }
}
