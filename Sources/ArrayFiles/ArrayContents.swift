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

  private init<Pattern: FixedWidthInteger & BitwiseCopyable>(
    _ elementType: ElementType, _ patterns: [Pattern], _ shape: [Int]
  ) throws(ArrayFileError) {
    try self.init(
      elementType: elementType, shape: shape, bytes: [UInt8](copying: patterns.span.rawBytes))
  }
}
