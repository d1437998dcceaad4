/// The types of metadata in a GGUF file, by the numbers that stand for them there.
///
/// Source: the GGUF specification of ggml, version 3.
public enum GGUFValueType: UInt32, Sendable, CaseIterable {
  /// An unsigned integer of 8 bits.
  case uint8 = 0
  /// A signed integer of 8 bits.
  case int8 = 1
  /// An unsigned integer of 16 bits.
  case uint16 = 2
  /// A signed integer of 16 bits.
  case int16 = 3
  /// An unsigned integer of 32 bits.
  case uint32 = 4
  /// A signed integer of 32 bits.
  case int32 = 5
  /// IEEE 754 binary32.
  case float32 = 6
  /// One byte, 0 or 1.
  case bool = 7
  /// UTF-8 text with its length before it.
  case string = 8
  /// Values of one type with their type and count before them.
  case array = 9
  /// An unsigned integer of 64 bits.
  case uint64 = 10
  /// A signed integer of 64 bits.
  case int64 = 11
  /// IEEE 754 binary64.
  case float64 = 12

  /// The size of a value in bytes; `nil` for text and arrays, which have none.
  var byteCount: Int? {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    case .string, .array: nil
    }
  }
}

/// A value of metadata in a GGUF file, of the type that the file says.
public enum GGUFValue: Sendable, Equatable {
  /// An unsigned integer of 8 bits.
  case uint8(UInt8)
  /// A signed integer of 8 bits.
  case int8(Int8)
  /// An unsigned integer of 16 bits.
  case uint16(UInt16)
  /// A signed integer of 16 bits.
  case int16(Int16)
  /// An unsigned integer of 32 bits.
  case uint32(UInt32)
  /// A signed integer of 32 bits.
  case int32(Int32)
  /// An unsigned integer of 64 bits.
  case uint64(UInt64)
  /// A signed integer of 64 bits.
  case int64(Int64)
  /// IEEE 754 binary32.
  case float32(Float)
  /// IEEE 754 binary64.
  case float64(Double)
  /// True or false.
  case bool(Bool)
  /// Text.
  case string(String)
  /// Values of one type.
  case array(GGUFArray)

  /// The type.
  public var type: GGUFValueType {
    switch self {
    case .uint8: .uint8
    case .int8: .int8
    case .uint16: .uint16
    case .int16: .int16
    case .uint32: .uint32
    case .int32: .int32
    case .uint64: .uint64
    case .int64: .int64
    case .float32: .float32
    case .float64: .float64
    case .bool: .bool
    case .string: .string
    case .array: .array
    }
  }

  /// The text, if it is text.
  public var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The whole number, if it is an integer of any width that `Int` can hold.
  public var integer: Int? {
    switch self {
    case .uint8(let value): Int(value)
    case .int8(let value): Int(value)
    case .uint16(let value): Int(value)
    case .int16(let value): Int(value)
    case .uint32(let value): Int(value)
    case .int32(let value): Int(value)
    case .uint64(let value): Int(exactly: value)
    case .int64(let value): Int(exactly: value)
    case .float32, .float64, .bool, .string, .array: nil
    }
  }

  /// The value of a bit pattern; `nil` for a bool that is neither 0 nor 1, for text and for arrays.
  init?(pattern: UInt64, as type: GGUFValueType) {
    switch type {
    case .uint8: self = .uint8(UInt8(truncatingIfNeeded: pattern))
    case .int8: self = .int8(Int8(truncatingIfNeeded: pattern))
    case .uint16: self = .uint16(UInt16(truncatingIfNeeded: pattern))
    case .int16: self = .int16(Int16(truncatingIfNeeded: pattern))
    case .uint32: self = .uint32(UInt32(truncatingIfNeeded: pattern))
    case .int32: self = .int32(Int32(truncatingIfNeeded: pattern))
    case .uint64: self = .uint64(pattern)
    case .int64: self = .int64(Int64(truncatingIfNeeded: pattern))
    case .float32: self = .float32(Float(bitPattern: UInt32(truncatingIfNeeded: pattern)))
    case .float64: self = .float64(Double(bitPattern: pattern))
    case .bool:
      guard pattern <= 1 else { return nil }
      self = .bool(pattern == 1)
    case .string, .array: return nil
    }
  }

  /// Appends the value as it stands in a file, without its type.
  func append(to bytes: inout [UInt8]) {
    switch self {
    case .uint8(let value): bytes.append(value)
    case .int8(let value): bytes.append(littleEndian: value)
    case .uint16(let value): bytes.append(littleEndian: value)
    case .int16(let value): bytes.append(littleEndian: value)
    case .uint32(let value): bytes.append(littleEndian: value)
    case .int32(let value): bytes.append(littleEndian: value)
    case .uint64(let value): bytes.append(littleEndian: value)
    case .int64(let value): bytes.append(littleEndian: value)
    case .float32(let value): bytes.append(littleEndian: value.bitPattern)
    case .float64(let value): bytes.append(littleEndian: value.bitPattern)
    case .bool(let value): bytes.append(value ? 1 : 0)
    case .string(let text): bytes.append(gguf: text)
    case .array(let array): array.append(to: &bytes)
    }
  }
}

extension [UInt8] {
  /// Appends text as GGUF has it, with the number of its bytes before it.
  mutating func append(gguf text: String) {
    append(littleEndian: UInt64(text.utf8.count))
    append(contentsOf: text.utf8)
  }
}
