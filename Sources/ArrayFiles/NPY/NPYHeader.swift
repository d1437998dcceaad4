/// The header of a `.npy` file, versions 1.0, 2.0 and 3.0.
struct NPYHeader: Equatable {
  let layout: ArrayLayout
  /// Where the elements start, counted from the first byte of the magic.
  let payloadOffset: Int

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// NumPy's headers are 128 bytes; structured types, which are refused anyway, make longer ones.
  static let maximumByteCount = 1 << 20

  /// The number of bytes up to the payload, from the first 12 bytes of the file.
  static func payloadOffset(in bytes: Span<UInt8>, at location: ArrayLocation)
    throws(ArrayFileError) -> Int
  {
    guard bytes.hasBytes(magic) else {
      throw .malformed(location, problem: "it does not start with NumPy's magic bytes")
    }
    guard bytes.count >= 8 else {
      throw .malformed(location, problem: "it ends after \(bytes.count) bytes, inside the header")
    }
    let version = (major: bytes[6], minor: bytes[7])
    guard (1...3).contains(version.major), version.minor == 0 else {
      throw .malformed(
        location,
        problem: "its format version is \(version.major).\(version.minor); "
          + "1.0, 2.0 and 3.0 are known")
    }
    let fieldByteCount = version.major == 1 ? 2 : 4
    guard let length = bytes.littleEndian(at: 8, byteCount: fieldByteCount) else {
      throw .malformed(location, problem: "it ends after \(bytes.count) bytes, inside the header")
    }
    guard length <= UInt64(maximumByteCount) else {
      throw .malformed(
        location,
        problem: "its header is said to be \(length) bytes long; at most \(maximumByteCount) are "
          + "expected")
    }
    return 8 + fieldByteCount + Int(length)
  }

  /// Parses the header at the start of `bytes`.
  static func parse(_ bytes: Span<UInt8>, at location: ArrayLocation) throws(ArrayFileError)
    -> NPYHeader
  {
    let payloadOffset = try payloadOffset(in: bytes, at: location)
    guard payloadOffset <= bytes.count else {
      throw .malformed(
        location,
        problem: "its header ends at byte \(payloadOffset), but the file at byte \(bytes.count)")
    }
    let textOffset = bytes[6] == 1 ? 10 : 12
    let text = bytes.copy(textOffset..<payloadOffset)
    let literal: PythonLiteral
    do {
      literal = try PythonLiteralParser.parse(text)
    } catch {
      throw .malformed(location, problem: error.problem)
    }
    return NPYHeader(
      layout: try layout(from: literal, at: location), payloadOffset: payloadOffset)
  }

  private static func layout(from literal: PythonLiteral, at location: ArrayLocation)
    throws(ArrayFileError) -> ArrayLayout
  {
    guard case .dictionary(let entries) = literal else {
      throw .malformed(location, problem: "its header is not a dictionary")
    }
    let expectedKeys = ["descr", "fortran_order", "shape"]
    let keys = entries.map(\.key).sorted()
    guard keys == expectedKeys else {
      throw .malformed(
        location,
        problem: "its header has the keys \(keys), expected exactly \(expectedKeys)")
    }
    // The keys were compared above, so each of the three is found.
    var values: [String: PythonLiteral] = [:]
    for entry in entries { values[entry.key] = entry.value }
    guard case .boolean(let isFortranOrder) = values["fortran_order"] else {
      throw malformed(values["fortran_order"], key: "fortran_order", "True or False", location)
    }
    guard case .tuple(let items) = values["shape"] else {
      throw malformed(values["shape"], key: "shape", "a tuple of whole numbers", location)
    }
    var shape: [Int] = []
    for item in items {
      guard case .integer(let extent) = item, extent >= 0 else {
        throw malformed(
          values["shape"], key: "shape", "a tuple of whole numbers from 0 up that fit in 64 bits",
          location)
      }
      shape.append(extent)
    }
    let (elementType, byteOrder) = try NPYElementType.parse(
      values["descr"] ?? .none, at: location)
    do {
      return try ArrayLayout(
        elementType: elementType, byteOrder: byteOrder, shape: shape,
        isFortranOrder: isFortranOrder)
    } catch {
      guard case .invalidArray(let problem) = error else { throw error }
      throw .malformed(location, problem: "it " + problem)
    }
  }

  private static func malformed(
    _ value: PythonLiteral?, key: String, _ expected: String, _ location: ArrayLocation
  ) -> ArrayFileError {
    .malformed(
      location,
      problem: "its header says '\(key)': \((value ?? .none).description), expected \(expected)")
  }

  /// Checks that the payload has exactly the bytes that the header describes.
  func validate(fileByteCount: Int, at location: ArrayLocation) throws(ArrayFileError) {
    let actual = fileByteCount - payloadOffset
    if actual < layout.byteCount {
      throw .truncated(location, expected: layout.byteCount, actual: actual)
    }
    if actual > layout.byteCount {
      throw .trailingBytes(location, expected: layout.byteCount, actual: actual)
    }
  }

  /// A version 1.0 header for an array in C order and little-endian bytes, padded as NumPy does so
  /// that the payload starts at a multiple of 64.
  static func bytes(elementType: ElementType, shape: [Int]) throws(ArrayFileError) -> [UInt8] {
    let extents = shape.map(String.init)
    let tuple = shape.count == 1 ? "(\(extents[0]),)" : "(" + extents.joined(separator: ", ") + ")"
    let type = try NPYElementType.description(of: elementType)
    var text = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': \(tuple), }".utf8)
    let unpadded = 10 + text.count + 1
    text += [UInt8](repeating: UInt8(ascii: " "), count: (64 - unpadded % 64) % 64)
    text.append(UInt8(ascii: "\n"))
    // At most 64 axes of 19 digits each: the length always fits in 16 bits.
    return magic + [1, 0, UInt8(text.count & 0xFF), UInt8(text.count >> 8)] + text
  }
}
