/// A place in the header of a GGUF file, and what is read there.
///
/// Nothing is allocated for a count before it is known that the file has as many bytes.
struct GGUFCursor: ~Escapable {
  typealias Failure = HeaderCursor.Failure

  /// Real files have arrays of numbers and texts only; the format allows arrays of arrays.
  static let maximumDepth = 8

  private let bytes: Span<UInt8>
  private(set) var position = 0

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  var remaining: Int { bytes.count - position }

  /// The next unsigned integer of so many bytes.
  mutating func integer(_ byteCount: Int, _ what: String) throws(Failure) -> UInt64 {
    guard let value = bytes.littleEndian(at: position, byteCount: byteCount) else {
      throw Failure(
        problem: "it ends after \(bytes.count) bytes, inside \(what) at byte \(position)")
    }
    position += byteCount
    return value
  }

  /// The next 64-bit count of things that take at least so many bytes each.
  mutating func count(of what: String, each byteCount: Int) throws(Failure) -> Int {
    let start = position
    let value = try integer(8, "the number of \(what)")
    guard value <= UInt64(remaining / byteCount) else {
      throw Failure(
        problem:
          "it is said at byte \(start) to have \(value) \(what), but only \(remaining) bytes "
          + "follow")
    }
    return Int(value)
  }

  /// The next text, with its length before it.
  mutating func string(_ what: String) throws(Failure) -> String {
    let byteCount = try count(of: "bytes of \(what)", each: 1)
    let start = position
    position += byteCount
    let units = bytes.copy(start..<position)
    guard let text = String(validating: units, as: UTF8.self) else {
      throw Failure(problem: "\(what) at byte \(start) is not UTF-8")
    }
    return text
  }

  /// The next type of a value.
  mutating func type(_ what: String) throws(Failure) -> GGUFValueType {
    let start = position
    let number = UInt32(truncatingIfNeeded: try integer(4, "the type of \(what)"))
    guard let type = GGUFValueType(rawValue: number) else {
      throw Failure(
        problem: "\(what) has the type \(number) at byte \(start); expected one from 0 to 12")
    }
    return type
  }

  /// The next value, of a type that is known.
  mutating func value(_ type: GGUFValueType, _ what: String) throws(Failure) -> GGUFValue {
    switch type {
    case .string: return .string(try string(what))
    case .array: return .array(try array(what, depth: 1))
    default:
      let start = position
      let pattern = try integer(type.byteCount ?? 0, what)
      guard let value = GGUFValue(pattern: pattern, as: type) else { throw badBool(what, start) }
      return value
    }
  }

  private mutating func array(_ what: String, depth: Int) throws(Failure) -> GGUFArray {
    guard depth <= Self.maximumDepth else {
      throw Failure(problem: "\(what) has more than \(Self.maximumDepth) arrays inside each other")
    }
    let elementType = try type("the elements of \(what)")
    switch elementType {
    case .string:
      let count = try count(of: "elements of \(what)", each: 8)
      var texts: [String] = []
      for _ in 0..<count { texts.append(try string("an element of \(what)")) }
      return GGUFArray(elementType: .string, storage: .strings(texts))
    case .array:
      // An array that is empty takes 12 bytes, for its type and its count.
      let count = try count(of: "elements of \(what)", each: 12)
      var arrays: [GGUFArray] = []
      for _ in 0..<count { arrays.append(try array(what, depth: depth + 1)) }
      return GGUFArray(elementType: .array, storage: .arrays(arrays))
    default:
      let width = elementType.byteCount ?? 1
      let count = try count(of: "elements of \(what)", each: width)
      let start = position
      position += count * width
      let elements = bytes.copy(start..<position)
      if elementType == .bool, let place = elements.firstIndex(where: { $0 > 1 }) {
        throw badBool(what, start + place)
      }
      return GGUFArray(elementType: elementType, storage: .fixed(elements))
    }
  }

  private func badBool(_ what: String, _ place: Int) -> Failure {
    Failure(problem: "\(what) is a bool and neither 0 nor 1 at byte \(place)")
  }
}
