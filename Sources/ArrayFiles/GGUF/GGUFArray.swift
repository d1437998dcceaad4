/// An array in the metadata of a GGUF file: values of one type, which may be arrays again.
///
/// Numbers are kept as the bytes of the file, so that a vocabulary's worth of them takes no more memory than
/// it takes on disk.
public struct GGUFArray: Sendable, Equatable {
  /// What the elements are kept as.
  enum Storage: Sendable, Equatable {
    case fixed([UInt8])
    case strings([String])
    case arrays([GGUFArray])
  }

  /// The type of every element.
  public let elementType: GGUFValueType
  let storage: Storage

  init(elementType: GGUFValueType, storage: Storage) {
    self.elementType = elementType
    self.storage = storage
  }

  /// Makes an array of texts.
  ///
  /// - Parameter texts: The elements.
  public init(_ texts: [String]) {
    self.init(elementType: .string, storage: .strings(texts))
  }

  /// Makes an array of float64.
  ///
  /// - Parameter numbers: The elements.
  public init(_ numbers: [Double]) {
    var bytes: [UInt8] = []
    for number in numbers { bytes.append(littleEndian: number.bitPattern) }
    self.init(elementType: .float64, storage: .fixed(bytes))
  }

  /// The number of elements.
  public var count: Int {
    switch storage {
    case .fixed(let bytes): bytes.count / (elementType.byteCount ?? 1)
    case .strings(let texts): texts.count
    case .arrays(let arrays): arrays.count
    }
  }

  /// The element at a position.
  ///
  /// - Parameter position: From 0 up to the count.
  /// - Returns: The element.
  /// - Precondition: The position is inside.
  public subscript(position: Int) -> GGUFValue {
    switch storage {
    case .strings(let texts): return .string(texts[position])
    case .arrays(let arrays): return .array(arrays[position])
    case .fixed(let bytes):
      precondition(position >= 0 && position < count, "position beyond the array")
      let width = elementType.byteCount ?? 1
      let pattern = bytes.span.littleEndian(at: position * width, byteCount: width) ?? 0
      // Bools were checked when the array was made, so that every pattern is a value.
      return GGUFValue(pattern: pattern, as: elementType) ?? .bool(true)
    }
  }

  /// The elements, if they are float64.
  public var doubles: [Double]? {
    guard elementType == .float64 else { return nil }
    return (0..<count).compactMap { position in
      if case .float64(let value) = self[position] { value } else { nil }
    }
  }

  /// Appends the type, the count and the elements as they stand in a file.
  func append(to bytes: inout [UInt8]) {
    bytes.append(littleEndian: elementType.rawValue)
    bytes.append(littleEndian: UInt64(count))
    switch storage {
    case .fixed(let elements): bytes += elements
    case .strings(let texts): for text in texts { bytes.append(gguf: text) }
    case .arrays(let arrays): for array in arrays { array.append(to: &bytes) }
    }
  }
}
