/// The header of a safetensors file: for each tensor its type, shape and place.
struct SafetensorsHeader {
  /// In the order in which the elements are stored.
  let tensors: [StoredTensor]
  let metadata: [String: String]

  /// The reference implementation's own bound.
  static let maximumByteCount = 100_000_000

  static let typeNames: [(name: String, type: ElementType)] = [
    ("BOOL", .bool), ("I8", .int8), ("U8", .uint8), ("I16", .int16), ("U16", .uint16),
    ("I32", .int32), ("U32", .uint32), ("I64", .int64), ("U64", .uint64), ("F16", .float16),
    ("BF16", .bfloat16), ("F32", .float32), ("F64", .float64),
  ]

  /// Whether the first nine bytes are a header length that fits in the file, and the start of an
  /// object.
  static func isLikely(_ bytes: Span<UInt8>) -> Bool {
    guard let length = bytes.littleEndian(at: 0, byteCount: 8), bytes.count > 8 else {
      return false
    }
    return bytes[8] == UInt8(ascii: "{") && length < 1 << 40
  }

  /// Parses and checks the header of a whole file.
  init(_ bytes: Span<UInt8>, path: String) throws(ArrayFileError) {
    let location = ArrayLocation(path: path)
    guard let length = bytes.littleEndian(at: 0, byteCount: 8) else {
      throw .malformed(location, problem: "it ends after \(bytes.count) bytes, inside the header")
    }
    guard length <= UInt64(Self.maximumByteCount) else {
      throw .malformed(
        location,
        problem: "its header is said to be \(length) bytes long; at most "
          + "\(Self.maximumByteCount) are allowed")
    }
    guard Int(length) <= bytes.count - 8 else {
      throw .malformed(
        location,
        problem: "its header is said to be \(length) bytes long, but only \(bytes.count - 8) bytes "
          + "follow")
    }
    let payloadStart = 8 + Int(length)
    let parsed: JSONValue
    do {
      parsed = try StrictJSONParser.parse(bytes.copy(8..<payloadStart))
    } catch {
      throw .malformed(location, problem: error.problem)
    }
    guard case .object(let entries) = parsed else {
      throw .malformed(location, problem: "its header is not a JSON object")
    }
    var metadata: [String: String] = [:]
    var tensors: [StoredTensor] = []
    for (name, value) in entries {
      if name == "__metadata__" {
        metadata = try Self.metadata(value, at: location)
      } else {
        tensors.append(
          try Self.tensor(
            name, value, payloadStart: payloadStart, payloadByteCount: bytes.count - payloadStart,
            path: path))
      }
    }
    tensors.sort {
      ($0.payload.lowerBound, $0.payload.upperBound)
        < ($1.payload.lowerBound, $1.payload.upperBound)
    }
    try Self.checkCoverage(tensors, of: payloadStart..<bytes.count, path: path)
    self.tensors = tensors
    self.metadata = metadata
  }

  private static func metadata(_ value: JSONValue, at location: ArrayLocation)
    throws(ArrayFileError) -> [String: String]
  {
    guard case .object(let entries) = value else {
      throw .malformed(location, problem: "its __metadata__ is not an object")
    }
    var metadata: [String: String] = [:]
    for (key, value) in entries {
      guard case .string(let text) = value else {
        throw .malformed(location, problem: "its __metadata__ has a '\(key)' that is not a string")
      }
      metadata[key] = text
    }
    return metadata
  }

  private static func tensor(
    _ name: String, _ value: JSONValue, payloadStart: Int, payloadByteCount: Int, path: String
  ) throws(ArrayFileError) -> StoredTensor {
    let location = ArrayLocation(path: path, member: name)
    guard case .object(let entries) = value else {
      throw .malformed(location, problem: "its entry in the header is not an object")
    }
    let keys = entries.map(\.key).sorted()
    guard keys == ["data_offsets", "dtype", "shape"] else {
      throw .malformed(
        location,
        problem: "its entry in the header has the keys \(keys), expected exactly "
          + "[\"data_offsets\", \"dtype\", \"shape\"]")
    }
    var fields: [String: JSONValue] = [:]
    for entry in entries { fields[entry.key] = entry.value }
    guard case .string(let typeName) = fields["dtype"] else {
      throw .malformed(location, problem: "its dtype is not a string")
    }
    let shape = try integers(fields["shape"], "shape", at: location)
    let offsets = try integers(fields["data_offsets"], "data_offsets", at: location)
    guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= payloadByteCount else {
      throw .malformed(
        location,
        problem: "its data_offsets \(offsets) are not a start and an end inside the "
          + "\(payloadByteCount) bytes of elements")
    }
    let payload = payloadStart + offsets[0]..<payloadStart + offsets[1]
    guard let type = typeNames.first(where: { $0.name == typeName })?.type else {
      return StoredTensor(
        name: name, content: .failure(unsupported(typeName, at: location)), payload: payload)
    }
    let layout: ArrayLayout
    do {
      layout = try ArrayLayout(elementType: type, byteOrder: .little, shape: shape)
    } catch {
      guard case .invalidArray(let problem) = error else { throw error }
      throw .malformed(location, problem: "it " + problem)
    }
    guard layout.byteCount == payload.count else {
      throw .malformed(
        location,
        problem: "its shape \(shape) of \(typeName) needs \(layout.byteCount) bytes, but its "
          + "data_offsets \(offsets) span \(payload.count)")
    }
    return StoredTensor(name: name, content: .success(layout), payload: payload)
  }

  private static func integers(_ value: JSONValue?, _ key: String, at location: ArrayLocation)
    throws(ArrayFileError) -> [Int]
  {
    guard case .array(let items) = value else {
      throw .malformed(location, problem: "its \(key) is not an array")
    }
    var integers: [Int] = []
    for item in items {
      guard case .integer(let integer) = item else {
        throw .malformed(location, problem: "its \(key) has an item that is not a whole number")
      }
      integers.append(integer)
    }
    return integers
  }

  private static func unsupported(_ typeName: String, at location: ArrayLocation) -> ArrayFileError
  {
    let name = location.member ?? ""
    return .unsupportedType(
      location, type: "elements of type \(typeName)",
      conversion: "np.save('\(name)-converted.npy', safetensors.torch.load_file("
        + "'\(location.path)')['\(name)']\(typeName.hasPrefix("C") ? ".real" : "").float().numpy())"
    )
  }

  /// Tensors must fill the payload without gaps and without overlaps, as the format demands.
  private static func checkCoverage(_ tensors: [StoredTensor], of payload: Range<Int>, path: String)
    throws(ArrayFileError)
  {
    var end = payload.lowerBound
    for tensor in tensors {
      let start = tensor.payload.lowerBound
      if start != end {
        throw .malformed(
          ArrayLocation(path: path, member: tensor.name),
          problem: start < end
            ? "its elements overlap those of another tensor by \(end - start) bytes"
            : "\(start - end) bytes before its elements belong to no tensor")
      }
      end = tensor.payload.upperBound
    }
    guard end == payload.upperBound else {
      throw .trailingBytes(
        ArrayLocation(path: path), expected: end - payload.lowerBound, actual: payload.count)
    }
  }
}
