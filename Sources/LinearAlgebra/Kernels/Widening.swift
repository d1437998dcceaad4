internal import CArrayKernels

/// Conversion of stored elements to `Float` or `Double`, from bytes at any alignment.
///
/// Meant to be called tile by tile, into a buffer that is used again: the first touch of fresh memory
/// costs more than the conversion. float16 uses the F16C instructions where the processor has them.
public enum Widening {
  /// What the stored bytes hold; raw values are the names that array files use.
  public enum Element: String, CaseIterable, Sendable {
    /// One byte; anything but 0 is 1.
    case bool
    /// A signed byte.
    case int8
    /// An unsigned byte.
    case uint8
    /// Two bytes, signed.
    case int16
    /// Two bytes, unsigned.
    case uint16
    /// Four bytes, signed; rounded to nearest in `Float`.
    case int32
    /// Four bytes, unsigned; rounded to nearest in `Float`.
    case uint32
    /// Eight bytes, signed; rounded to nearest.
    case int64
    /// Eight bytes, unsigned; rounded to nearest.
    case uint64
    /// IEEE half precision.
    case float16
    /// The upper half of a float32.
    case bfloat16
    /// IEEE single precision.
    case float32
    /// IEEE double precision; rounded to nearest in `Float`.
    case float64

    /// The number of bytes of one element.
    public var byteCount: Int {
      switch self {
      case .bool, .int8, .uint8: 1
      case .int16, .uint16, .float16, .bfloat16: 2
      case .int32, .uint32, .float32: 4
      case .int64, .uint64, .float64: 8
      }
    }

    fileprivate var code: Int32 {
      switch self {
      case .bool: 0
      case .int8: 1
      case .uint8: 2
      case .int16: 3
      case .uint16: 4
      case .int32: 5
      case .uint32: 6
      case .int64: 7
      case .uint64: 8
      case .float16: 9
      case .bfloat16: 10
      case .float32: 11
      case .float64: 12
      }
    }
  }

  /// Converts elements to `Float`.
  ///
  /// NaNs stay NaNs: those of float16 become quiet and keep their payload, as the F16C instruction
  /// does, whichever form runs.
  ///
  /// - Parameters:
  ///   - source: The bytes, at any alignment, from the first element wanted.
  ///   - element: What they hold.
  ///   - elementStride: The distance between two wanted elements, in elements; 1 if they adjoin.
  ///   - byteSwapped: Whether the bytes of an element are in the other order than the machine's.
  ///   - destination: Filled completely; its count says how many elements are converted.
  /// - Returns: The place in the destination of the first finite float64 that is infinite as a
  ///   `Float`, or `nil`.
  /// - Precondition: The source reaches to the last wanted element, and the stride is positive.
  public static func convert(
    _ source: RawSpan, of element: Element, elementStride: Int = 1, byteSwapped: Bool = false,
    into destination: inout MutableSpan<Float>
  ) -> Int? {
    convert(
      source, of: element, elementStride: elementStride, byteSwapped: byteSwapped,
      into: &destination, form: .automatic)
  }

  /// Converts by a chosen form.
  package static func convert(
    _ source: RawSpan, of element: Element, elementStride: Int = 1, byteSwapped: Bool = false,
    into destination: inout MutableSpan<Float>, form: KernelForm
  ) -> Int? {
    check(source, element, elementStride, destination.count)
    // The kernel reads `count` elements `stride` apart, which was checked to lie within the source, at
    // any alignment, and writes `count` to the destination.
    let overflow = unsafe source.withUnsafeBytes { from in
      unsafe destination.withUnsafeMutableBufferPointer { to -> Int in
        guard let start = from.baseAddress, let output = to.baseAddress, to.count > 0 else {
          return -1
        }
        return unsafe array_kernels_widen(
          element.code, start, elementStride, byteSwapped ? 1 : 0, to.count, output,
          form.isPortable)
      }
    }
    return overflow < 0 ? nil : overflow
  }

  /// Converts elements to `Double`; every value but some 64-bit integers is exact.
  ///
  /// - Parameters:
  ///   - source: The bytes, at any alignment, from the first element wanted.
  ///   - element: What they hold.
  ///   - elementStride: The distance between two wanted elements, in elements; 1 if they adjoin.
  ///   - byteSwapped: Whether the bytes of an element are in the other order than the machine's.
  ///   - destination: Filled completely; its count says how many elements are converted.
  /// - Precondition: The source reaches to the last wanted element, and the stride is positive.
  public static func convert(
    _ source: RawSpan, of element: Element, elementStride: Int = 1, byteSwapped: Bool = false,
    into destination: inout MutableSpan<Double>
  ) {
    check(source, element, elementStride, destination.count)
    // As for `Float`.
    unsafe source.withUnsafeBytes { from in
      unsafe destination.withUnsafeMutableBufferPointer { to in
        guard let start = from.baseAddress, let output = to.baseAddress, to.count > 0 else {
          return
        }
        unsafe array_kernels_widen_double(
          element.code, start, elementStride, byteSwapped ? 1 : 0, to.count, output)
      }
    }
  }

  /// Converts adjoining float16 elements to `Float`.
  ///
  /// - Parameters:
  ///   - source: The bytes, at any alignment.
  ///   - byteSwapped: Whether the two bytes of an element are in the other order than the machine's.
  ///   - destination: Filled completely.
  public static func float16(
    _ source: RawSpan, byteSwapped: Bool = false, into destination: inout MutableSpan<Float>
  ) {
    _ = convert(source, of: .float16, byteSwapped: byteSwapped, into: &destination)
  }

  private static func check(
    _ source: RawSpan, _ element: Element, _ elementStride: Int, _ count: Int
  ) {
    precondition(elementStride > 0, "element stride \(elementStride) is not positive")
    let needed = count == 0 ? 0 : ((count - 1) * elementStride + 1) * element.byteCount
    precondition(
      source.byteCount >= needed,
      "\(count) \(element.rawValue) elements at stride \(elementStride) need \(needed) bytes, "
        + "got \(source.byteCount)")
  }
}
