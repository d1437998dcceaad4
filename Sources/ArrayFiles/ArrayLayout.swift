/// How the elements of an array lie in its bytes.
///
/// A layout can only be made if its element and byte counts fit in an `Int`, so arithmetic on it
/// does not overflow.
public struct ArrayLayout: Sendable, Equatable {
  /// The type of every element.
  public let elementType: ElementType
  /// The byte order of every element.
  public let byteOrder: ByteOrder
  /// The extent of each axis; empty for a single number, and 0 for an axis without elements.
  public let shape: [Int]
  /// Whether the first axis is the one that varies fastest (column-major) rather than the last.
  public let isFortranOrder: Bool
  /// The number of elements: the product of the shape, 1 for a 0-d array.
  public let elementCount: Int
  /// For each axis, the distance between neighbours, in elements.
  public let strides: [Int]

  /// The size of all elements in bytes.
  public var byteCount: Int { elementCount * elementType.byteCount }

  /// Describes an array, checking that its size can be counted.
  ///
  /// - Parameters:
  ///   - elementType: The type of every element.
  ///   - byteOrder: The byte order of every element.
  ///   - shape: The extent of each axis, none of them negative, at most 64 of them.
  ///   - isFortranOrder: Whether the first axis varies fastest.
  /// - Throws: ``ArrayFileError/invalidArray(_:)`` for a negative extent or a size beyond `Int.max`
  ///   bytes.
  public init(
    elementType: ElementType, byteOrder: ByteOrder = .host, shape: [Int],
    isFortranOrder: Bool = false
  ) throws(ArrayFileError) {
    guard shape.count <= Self.maximumRank else {
      throw .invalidArray("has \(shape.count) axes; at most \(Self.maximumRank) can be read")
    }
    // Axes of extent 0 count as 1 here, so that the strides of an empty array cannot overflow
    // either.
    var extentProduct = 1
    for extent in shape {
      guard extent >= 0 else {
        throw .invalidArray("has the negative extent \(extent) in its shape \(shape)")
      }
      let (product, overflow) = extentProduct.multipliedReportingOverflow(by: max(extent, 1))
      guard !overflow else { throw Self.tooLarge(shape) }
      extentProduct = product
    }
    guard !extentProduct.multipliedReportingOverflow(by: elementType.byteCount).overflow else {
      throw Self.tooLarge(shape)
    }
    var strides = [Int](repeating: 1, count: shape.count)
    var stride = 1
    let fastestFirst =
      isFortranOrder ? Array(shape.indices) : Array(shape.indices.reversed())
    for axis in fastestFirst {
      strides[axis] = stride
      stride *= max(shape[axis], 1)
    }
    self.elementType = elementType
    self.byteOrder = byteOrder
    self.shape = shape
    self.isFortranOrder = isFortranOrder
    self.elementCount = shape.contains(0) ? 0 : extentProduct
    self.strides = strides
  }

  /// NumPy 2 allows 64 axes; older versions 32.
  static let maximumRank = 64

  private static func tooLarge(_ shape: [Int]) -> ArrayFileError {
    .invalidArray("has the shape \(shape), whose size does not fit in 64 bits")
  }
}
