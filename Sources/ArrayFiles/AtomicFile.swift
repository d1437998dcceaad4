/// Files that appear whole or not at all.
///
/// The bytes go to a new file with a unique name in the target's folder, are flushed to the device,
/// and take the target's name in one step (`rename`); then the folder is flushed. On any failure
/// the new file is removed and a file that was there before is untouched. A target that is a
/// symbolic link keeps being one: the file it points to is replaced. A replaced file keeps its
/// permissions.
public enum AtomicFile {
  /// Writes a whole file.
  ///
  /// - Parameters:
  ///   - bytes: The content.
  ///   - path: Where it is to appear.
  /// - Throws: ``ArrayFileError/cannotCreate(path:reason:)`` or
  ///   ``ArrayFileError/inputOutput(path:operation:reason:)``.
  public static func write(_ bytes: [UInt8], to path: String) throws(ArrayFileError) {
    try write(to: path) { stream throws(ArrayFileError) in
      try stream.write(bytes.span.rawBytes)
    }
  }

  /// Makes sure that a file could be created, before the work whose result it is to hold.
  ///
  /// Nothing is left behind, and a file that is there already stays as it is.
  ///
  /// - Parameter path: Where the file is to appear later.
  /// - Throws: ``ArrayFileError/cannotCreate(path:reason:)``.
  public static func checkCanCreate(_ path: String) throws(ArrayFileError) {
    try AtomicFileStream(path: path).discard()
  }

  /// Writes a file piece by piece.
  ///
  /// - Parameters:
  ///   - path: Where it is to appear, once `body` has returned.
  ///   - body: Writes the content in order; if it throws, nothing appears.
  /// - Throws: ``ArrayFileError``, of its own or from `body`.
  public static func write(
    to path: String, _ body: (AtomicFileStream) throws(ArrayFileError) -> Void
  ) throws(ArrayFileError) {
    let stream = try AtomicFileStream(path: path)
    do {
      try body(stream)
      try stream.commit()
    } catch {
      stream.discard()
      throw error
    }
  }
}
