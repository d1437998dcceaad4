#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that is being written and has not taken its name yet; see ``AtomicFile/write(to:_:)``.
public final class AtomicFileStream {
  /// The path the file is to appear at, as it was given.
  public let path: String
  /// The number of bytes written so far.
  public private(set) var byteCount = 0

  private let target: String
  private let temporary: String
  private var descriptor: Int32

  /// Creates the unnamed file beside the target.
  init(path: String) throws(ArrayFileError) {
    guard !path.isEmpty, !path.utf8.contains(0), !path.hasSuffix("/") else {
      throw .cannotCreate(path: path, reason: "the path does not name a file")
    }
    let existing = FileSystem.status(of: path)
    if let kind = existing?.kind {
      throw .cannotCreate(path: path, reason: "it is \(kind)")
    }
    let target = existing == nil ? path : FileSystem.resolvedPath(path) ?? path
    let permissions = existing.map { $0.mode & 0o777 }
    var random = SystemRandomNumberGenerator()
    let suffix = String(random.next(), radix: 16)
    let folder = PathName.folder(of: target)
    let temporary = (folder == "/" ? "/" : folder + "/") + ".partial-\(getpid())-\(suffix)"
    guard let descriptor = FileSystem.create(temporary, mode: permissions ?? 0o666) else {
      let reason = FileSystem.lastReason()
      throw .cannotCreate(path: path, reason: "folder '\(folder)': \(reason)")
    }
    if let permissions { _ = fchmod(descriptor, mode_t(permissions)) }
    self.path = path
    self.target = target
    self.temporary = temporary
    self.descriptor = descriptor
  }

  deinit { discard() }

  /// Appends bytes.
  ///
  /// - Parameter bytes: What to append.
  /// - Throws: ``ArrayFileError/inputOutput(path:operation:reason:)``, for example when the disk is
  ///   full.
  public func write(_ bytes: RawSpan) throws(ArrayFileError) {
    precondition(descriptor >= 0, "written to after the file was finished")
    guard FileSystem.write(bytes, to: descriptor) else { throw failure("written") }
    byteCount += bytes.byteCount
  }

  /// Appends bytes.
  ///
  /// - Parameter bytes: What to append.
  /// - Throws: ``ArrayFileError/inputOutput(path:operation:reason:)``, for example when the disk is
  ///   full.
  public func write(_ bytes: [UInt8]) throws(ArrayFileError) {
    try write(bytes.span.rawBytes)
  }

  /// Replaces bytes that were written before.
  func patch(_ bytes: [UInt8], at offset: Int) throws(ArrayFileError) {
    precondition(offset >= 0 && offset + bytes.count <= byteCount, "patched beyond the end")
    guard FileSystem.write(bytes.span.rawBytes, to: descriptor, at: offset) else {
      throw failure("written")
    }
  }

  /// Flushes the file and gives it its name.
  func commit() throws(ArrayFileError) {
    guard fsync(descriptor) == 0 else { throw failure("flushed to the device") }
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0 else { throw failure("closed") }
    guard FileSystem.replace(target, by: temporary) else {
      throw .cannotCreate(path: path, reason: FileSystem.lastReason())
    }
    guard FileSystem.synchronizeFolder(PathName.folder(of: target)) else {
      throw .inputOutput(
        path: path, operation: "made durable in its folder",
        reason: FileSystem.lastReason()
          + ". It is there and whole, but a power failure may undo that")
    }
  }

  /// Removes the unnamed file; does nothing after ``commit()`` has succeeded.
  func discard() {
    if descriptor >= 0 {
      _ = close(descriptor)
      descriptor = -1
    }
    FileSystem.remove(temporary)
  }

  private func failure(_ operation: String) -> ArrayFileError {
    .inputOutput(
      path: path, operation: operation,
      reason: FileSystem.lastReason()
        + ". Nothing was left behind, and a file that was there before is unchanged")
  }
}
