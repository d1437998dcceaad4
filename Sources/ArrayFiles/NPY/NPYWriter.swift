/// Writes `.npy` files that appear whole or not at all.
public enum NPYWriter {
  /// Writes one array.
  ///
  /// - Parameters:
  ///   - contents: The array; any type but bfloat16, which NumPy does not have.
  ///   - path: Where the file is to appear.
  /// - Throws: ``ArrayFileError``.
  public static func write(_ contents: ArrayContents, to path: String) throws(ArrayFileError) {
    try write(contents.elementType, shape: contents.shape, to: path) {
      stream throws(ArrayFileError) in
      try stream.write(contents.bytes)
    }
  }

  /// Writes one array piece by piece, so that it need not be in memory as a whole.
  ///
  /// - Parameters:
  ///   - elementType: The type of every element; any but bfloat16.
  ///   - shape: The extent of each axis.
  ///   - path: Where the file is to appear.
  ///   - body: Writes the elements, little-endian and in C order, and no fewer or more than the
  ///     shape says.
  /// - Throws: ``ArrayFileError``; ``ArrayFileError/invalidArray(_:)`` for a wrong number of bytes.
  public static func write(
    _ elementType: ElementType, shape: [Int], to path: String,
    _ body: (AtomicFileStream) throws(ArrayFileError) -> Void
  ) throws(ArrayFileError) {
    let layout = try ArrayLayout(elementType: elementType, byteOrder: .little, shape: shape)
    let header = try NPYHeader.bytes(elementType: elementType, shape: shape)
    try AtomicFile.write(to: path) { stream throws(ArrayFileError) in
      try stream.write(header)
      try body(stream)
      let written = stream.byteCount - header.count
      guard written == layout.byteCount else {
        throw .invalidArray(
          "of type \(elementType.rawValue) and shape \(shape) needs \(layout.byteCount) bytes, "
            + "got \(written)")
      }
    }
  }
}
