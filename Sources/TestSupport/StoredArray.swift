public import Activations
public import ArrayFiles

/// The same numbers stored in every way that a dump may store them.
public struct StoredArray {
  /// How to write: the axes in stored order, the type, column-major or not, the byte order.
  public struct Form: Sendable, CustomStringConvertible {
    /// The axes in stored order.
    public var axes: [Axis]
    /// The type of the elements: float16, float32, float64 or int32.
    public var type: ElementType
    /// Whether the first axis varies fastest.
    public var isFortranOrder: Bool
    /// Whether the first byte of an element is the highest.
    public var isBigEndian: Bool

    /// Describes a form.
    ///
    /// - Parameters:
    ///   - axes: the axes in stored order.
    ///   - type: the type of the elements.
    ///   - isFortranOrder: whether the first axis varies fastest.
    ///   - isBigEndian: whether the first byte of an element is the highest.
    public init(
      axes: [Axis], type: ElementType = .float32, isFortranOrder: Bool = false,
      isBigEndian: Bool = false
    ) {
      self.axes = axes
      self.type = type
      self.isFortranOrder = isFortranOrder
      self.isBigEndian = isBigEndian
    }

    /// The form in words.
    public var description: String {
      "\(axes.map(\.rawValue).joined(separator: ",")) \(type.rawValue) "
        + (isFortranOrder ? "Fortran" : "C") + (isBigEndian ? " big-endian" : "")
    }
  }

  /// The extent of each axis.
  let extents: [Axis: Int]
  /// The value at a place.
  let value: ([Axis: Int]) -> Float

  /// Says what is stored.
  ///
  /// - Parameters:
  ///   - extents: the extent of each axis.
  ///   - value: the value at a place.
  public init(extents: [Axis: Int], value: @escaping ([Axis: Int]) -> Float) {
    self.extents = extents
    self.value = value
  }

  /// Writes a `.npy` file byte by byte, so that nothing of the library under test is trusted.
  ///
  /// - Parameters:
  ///   - form: how to write.
  ///   - path: where to write.
  /// - Throws: ``ArrayFileError`` if it cannot be written.
  public func write(_ form: Form, to path: String) throws {
    let shape = form.axes.map { extents[$0] ?? 1 }
    let count = shape.reduce(1, *)
    var bytes: [UInt8] = []
    let order = form.isFortranOrder ? Array(shape.indices) : shape.indices.reversed()
    for element in 0..<count {
      var rest = element
      var place: [Axis: Int] = [:]
      for position in order {
        place[form.axes[position]] = rest % shape[position]
        rest /= shape[position]
      }
      bytes += Self.bytes(of: value(place), as: form.type, isBigEndian: form.isBigEndian)
    }
    let code =
      switch form.type {
      case .float16: "f2"
      case .float64: "f8"
      case .int32: "i4"
      default: "f4"
      }
    let list = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header =
      "{'descr': '\(form.isBigEndian ? ">" : "<")\(code)', "
      + "'fortran_order': \(form.isFortranOrder ? "True" : "False"), 'shape': (\(list)), }"
    while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    let length = UInt16(header.utf8.count)
    let start: [UInt8] =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
    try AtomicFile.write(start + Array(header.utf8) + bytes, to: path)
  }

  private static func bytes(of value: Float, as type: ElementType, isBigEndian: Bool) -> [UInt8] {
    let little: [UInt8] =
      switch type {
      case .float16: bytes(of: halfPattern(value))
      case .float64: bytes(of: Double(value).bitPattern)
      case .int32: bytes(of: UInt32(bitPattern: Int32(value)))
      default: bytes(of: value.bitPattern)
      }
    return isBigEndian ? little.reversed() : little
  }

  private static func bytes<Pattern: FixedWidthInteger>(of pattern: Pattern) -> [UInt8] {
    (0..<Pattern.bitWidth / 8).map { UInt8(truncatingIfNeeded: pattern >> Pattern(8 * $0)) }
  }

  /// The binary16 of a number that has one exactly, in its normal range, or is not finite.
  static func halfPattern(_ value: Float) -> UInt16 {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    if value.isNaN { return 0x7E00 }
    if value.isInfinite { return sign | 0x7C00 }
    if value == 0 { return sign }
    return sign | UInt16(Int(value.exponent) + 15) << 10
      | UInt16(value.significandBitPattern >> 13)
  }
}
