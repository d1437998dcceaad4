/// An array in memory, ready to be written: little-endian elements in C order.
public struct ArrayContents: Sendable, Equatable {
  /// The type of every element.
  public let elementType: ElementType
  /// The extent of each axis.
  public let shape: [Int]
  /// The elements, little-endian, last axis fastest.
  public let bytes: [UInt8]

  /// Takes bytes as they are.
  ///
  /// - Parameters:
  ///   - elementType: The type of every element.
  ///   - shape: The extent of each axis; empty for a single number.
  ///   - bytes: Little-endian elements in C order.
  /// - Throws: ``ArrayFileError/invalidArray(_:)`` if the shape and the bytes do not fit.
  public init(elementType: ElementType, shape: [Int], bytes: [UInt8]) throws(ArrayFileError) {
    let layout = try ArrayLayout(elementType: elementType, byteOrder: .little, shape: shape)
    guard layout.byteCount == bytes.count else {
      throw .invalidArray(
        "of type \(elementType.rawValue) and shape \(shape) needs \(layout.byteCount) bytes, "
          + "got \(bytes.count)")
    }
    self.elementType = elementType
    self.shape = shape
    self.bytes = bytes
  }

  /// Makes an array of float32.
  public init(_ values: [Float], shape: [Int]) throws(ArrayFileError) {
    try self.init(.float32, values.map(\.bitPattern.littleEndian), shape)
  }

  /// Makes an array of float64.
  public init(_ values: [Double], shape: [Int]) throws(ArrayFileError) {
    try self.init(.float64, values.map(\.bitPattern.littleEndian), shape)
  }

  /// Makes an array of int64.
  public init(_ values: [Int64], shape: [Int]) throws(ArrayFileError) {
    try self.init(.int64, values.map(\.littleEndian), shape)
  }

  /// Makes an array of int32.
  public init(_ values: [Int32], shape: [Int]) throws(ArrayFileError) {
    try self.init(.int32, values.map(\.littleEndian), shape)
  }

  /// Makes an array of uint8.
  public init(_ values: [UInt8], shape: [Int]) throws(ArrayFileError) {
    try self.init(.uint8, values, shape)
  }

  /// Makes an array of bool.
  public init(_ values: [Bool], shape: [Int]) throws(ArrayFileError) {
    try self.init(.bool, values.map { $0 ? 1 as UInt8 : 0 }, shape)
  }

  /// Makes an array of float16 from IEEE 754 binary16 bit patterns.
  public init(float16BitPatterns values: [UInt16], shape: [Int]) throws(ArrayFileError) {
    try self.init(.float16, values.map(\.littleEndian), shape)
  }

  /// Makes an array of bfloat16 from bit patterns, each the upper half of a float32's.
  public init(bfloat16BitPatterns values: [UInt16], shape: [Int]) throws(ArrayFileError) {
    try self.init(.bfloat16, values.map(\.littleEndian), shape)
  }

  /// Makes an array of a floating-point type, each number rounded to the nearest that the type has.
  ///
  /// - Parameters:
  ///   - values: The elements.
  ///   - elementType: ``ElementType/float16``, ``ElementType/float32`` or ``ElementType/float64``.
  ///   - shape: The extent of each axis.
  /// - Throws: ``ArrayFileError/invalidArray(_:)`` for a number that is not finite or that the type cannot
  ///   hold, and for other types.
  public init(
    _ values: [Double], as elementType: ElementType, shape: [Int]
  ) throws(ArrayFileError) {
    if let position = values.firstIndex(where: { !$0.isFinite }) {
      throw .invalidArray(
        "holds \(values[position]) at position \(position); expected finite numbers")
    }
    switch elementType {
    case .float64: try self.init(values, shape: shape)
    case .float32:
      let floats = values.map { Float($0) }
      if let position = floats.firstIndex(where: { !$0.isFinite }) {
        throw Self.overflow(values[position], position, elementType, largest: "3.4028235e38")
      }
      try self.init(floats, shape: shape)
    case .float16:
      var patterns: [UInt16] = []
      patterns.reserveCapacity(values.count)
      for (position, value) in values.enumerated() {
        guard let pattern = StoredFloat.halfPattern(value) else {
          throw Self.overflow(value, position, elementType, largest: "65504")
        }
        patterns.append(pattern)
      }
      try self.init(float16BitPatterns: patterns, shape: shape)
    default:
      throw .invalidArray(
        "cannot be rounded to \(elementType.rawValue); expected float16, float32 or float64")
    }
  }

  private static func overflow(
    _ value: Double, _ position: Int, _ type: ElementType, largest: String
  ) -> ArrayFileError {
    .invalidArray(
      "holds \(value) at position \(position), beyond \(type.rawValue), whose largest number is "
        + "\(largest); make it shorter, or write a wider type")
  }

  private init<Pattern: FixedWidthInteger & BitwiseCopyable>(
    _ elementType: ElementType, _ patterns: [Pattern], _ shape: [Int]
  ) throws(ArrayFileError) {
    try self.init(
      elementType: elementType, shape: shape, bytes: [UInt8](copying: patterns.span.rawBytes))
  }
}
