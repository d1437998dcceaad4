// Every call into the operating system that takes a pointer is in this file; the rest of the module
// sees spans, arrays and typed errors.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A regular file mapped read-only into memory, unmapped when the last reference goes.
///
/// The file is checked to be regular and non-empty before it is mapped. If another process shortens
/// it afterwards, touching a page beyond the new end raises SIGBUS: no mapping can prevent that.
/// Therefore ``verifyUnchanged()`` compares size and modification time, and readers call it before
/// and after long passes. Files written by ``AtomicFile`` are replaced by rename and so never
/// shrink under a map.
final class MappedFile: Sendable {
  let path: String
  let byteCount: Int
  /// The address of the first byte, as an integer because pointers are not `Sendable`; the memory
  /// is read-only and lives as long as this object.
  private let address: UInt
  private let identity: FileSystem.Status

  /// Maps a file.
  init(path: String) throws(ArrayFileError) {
    let (descriptor, status) = try FileSystem.openForReading(path)
    defer { _ = close(descriptor) }
    // The result is checked before use; a null hint lets the system choose the address.
    let mapping = unsafe mmap(nil, status.byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard unsafe mapping != MAP_FAILED, let start = unsafe mapping else {
      throw .inputOutput(path: path, operation: "mapped", reason: FileSystem.lastReason())
    }
    self.path = path
    self.byteCount = status.byteCount
    self.address = UInt(bitPattern: start)
    self.identity = status
  }

  deinit {
    // The range is exactly the one mapped in init, and no span outlives the object that lends it.
    _ = unsafe munmap(UnsafeMutableRawPointer(bitPattern: address), byteCount)
  }

  /// All bytes of the file.
  var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      // The mapping covers byteCount initialised bytes and outlives the borrow of self.
      let start = unsafe UnsafePointer<UInt8>(bitPattern: address)
      let buffer = unsafe UnsafeBufferPointer(start: start, count: byteCount)
      return unsafe _overrideLifetime(Span(_unsafeElements: buffer), borrowing: self)
    }
  }

  /// Throws if the file under the path is still this one, but its size or modification time is not.
  ///
  /// A file that was replaced or removed is no trouble: the mapping keeps the old one.
  func verifyUnchanged() throws(ArrayFileError) {
    guard let now = FileSystem.status(of: path) else { return }
    if now.device == identity.device, now.node == identity.node, now != identity {
      throw .changedWhileOpen(path: path)
    }
  }

  /// Lets the system drop the resident pages of a range; they are read again when touched.
  func releasePages(in range: Range<Int>) {
    advise(MADV_DONTNEED, in: range)
  }

  /// Tells the system how a range will be read.
  func advise(_ pattern: ArrayFile.AccessPattern, in range: Range<Int>) {
    switch pattern {
    case .normal: advise(MADV_NORMAL, in: range)
    case .sequential: advise(MADV_SEQUENTIAL, in: range)
    case .strided: advise(MADV_RANDOM, in: range)
    }
  }

  private func advise(_ advice: Int32, in range: Range<Int>) {
    precondition(range.upperBound <= byteCount, "range beyond the mapped file")
    let pageByteCount = max(1, Int(sysconf(Int32(_SC_PAGESIZE))))
    let start = range.lowerBound / pageByteCount * pageByteCount
    guard range.upperBound > start else { return }
    // The range is inside the mapping and page aligned. Pages of a read-only private mapping hold
    // nothing that the file does not, so dropping them loses nothing.
    _ = unsafe madvise(
      UnsafeMutableRawPointer(bitPattern: address + UInt(start)), range.upperBound - start, advice)
  }
}

/// The operating system's files, with errors instead of codes.
enum FileSystem {
  /// What identifies a file and shows that it changed.
  struct Status: Equatable, Sendable {
    let device: UInt64
    let node: UInt64
    let byteCount: Int
    let modifiedSeconds: Int
    let modifiedNanoseconds: Int
    let mode: UInt32

    var kind: String? {
      switch mode & UInt32(S_IFMT) {
      case UInt32(S_IFREG): nil
      case UInt32(S_IFDIR): "a folder"
      case UInt32(S_IFIFO): "a pipe"
      case UInt32(S_IFCHR), UInt32(S_IFBLK): "a device"
      case UInt32(S_IFSOCK): "a socket"
      default: "a special file"
      }
    }

    fileprivate init(_ status: stat) {
      device = UInt64(truncatingIfNeeded: status.st_dev)
      node = UInt64(status.st_ino)
      byteCount = Int(status.st_size)
      #if canImport(Darwin)
        modifiedSeconds = status.st_mtimespec.tv_sec
        modifiedNanoseconds = status.st_mtimespec.tv_nsec
      #else
        modifiedSeconds = Int(status.st_mtim.tv_sec)
        modifiedNanoseconds = Int(status.st_mtim.tv_nsec)
      #endif
      mode = UInt32(status.st_mode)
    }
  }

  /// What the last failed call said.
  static func lastReason() -> String { reason(errno) }

  static func reason(_ code: Int32) -> String {
    // strerror returns a NUL-terminated string; it is copied at once.
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }

  /// Opens a regular, non-empty file; never waits, not even for a pipe without a writer.
  static func openForReading(_ path: String) throws(ArrayFileError) -> (Int32, Status) {
    guard !path.utf8.contains(0) else {
      throw .unreadableFile(path: path, reason: "the path contains a NUL character")
    }
    // The string lives as long as the call.
    let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      let code = errno
      // A socket cannot be opened at all; say what it is rather than how that failed.
      if let kind = status(of: path)?.kind { throw .notAFile(path: path, kind: kind) }
      if code == ENOENT || code == ENOTDIR { throw .missingFile(path: path) }
      throw .unreadableFile(path: path, reason: reason(code))
    }
    var information = stat()
    // information is a local that outlives the call.
    guard unsafe fstat(descriptor, &information) == 0 else {
      let reason = lastReason()
      _ = close(descriptor)
      throw .unreadableFile(path: path, reason: reason)
    }
    let status = Status(information)
    if let kind = status.kind {
      _ = close(descriptor)
      throw .notAFile(path: path, kind: kind)
    }
    guard status.byteCount > 0 else {
      _ = close(descriptor)
      throw .emptyFile(path: path)
    }
    return (descriptor, status)
  }

  /// What is at a path, following links; `nil` if there is nothing or it cannot be seen.
  static func status(of path: String) -> Status? {
    var information = stat()
    // The string and the local outlive the call.
    guard unsafe stat(path, &information) == 0 else { return nil }
    return Status(information)
  }

  /// The path with every link resolved; `nil` if there is no such file.
  static func resolvedPath(_ path: String) -> String? {
    // With a null buffer realpath allocates the result, which is copied and freed here.
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// Creates a file that must not be there yet; `nil` and `errno` on failure.
  static func create(_ path: String, mode: UInt32) -> Int32? {
    // The string lives as long as the call; swift cannot call the variadic open without it.
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(mode))
    return descriptor >= 0 ? descriptor : nil
  }

  /// Writes all bytes at the descriptor's position, or at `offset` if given; returns success.
  static func write(_ bytes: RawSpan, to descriptor: Int32, at offset: Int? = nil) -> Bool {
    // The buffer is valid inside the closure, and the pointer stays inside it: written <= count.
    unsafe bytes.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress else { return true }
      var written = 0
      while written < buffer.count {
        let remaining = min(buffer.count - written, 1 << 30)
        let result =
          if let offset {
            unsafe pwrite(descriptor, start + written, remaining, off_t(offset + written))
          } else {
            unsafe Self.systemWrite(descriptor, start + written, remaining)
          }
        if result < 0 && errno == EINTR { continue }
        guard result > 0 else { return false }
        written += result
      }
      return true
    }
  }

  private static func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer, _ count: Int)
    -> Int
  {
    #if canImport(Glibc)
      unsafe Glibc.write(descriptor, start, count)
    #elseif canImport(Musl)
      unsafe Musl.write(descriptor, start, count)
    #else
      unsafe Darwin.write(descriptor, start, count)
    #endif
  }

  /// Removes a file if it is there.
  static func remove(_ path: String) {
    // The string lives as long as the call.
    _ = unsafe unlink(path)
  }

  /// Puts a file in another's place in one step; returns success.
  static func replace(_ target: String, by source: String) -> Bool {
    // Both strings live as long as the call.
    unsafe rename(source, target) == 0
  }

  /// Makes a folder's entries durable; file systems that cannot are let be.
  static func synchronizeFolder(_ path: String) -> Bool {
    // The string lives as long as the call.
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return errno == EACCES }
    defer { _ = close(descriptor) }
    return fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP
  }
}

extension Array where Element == UInt8 {
  /// Copies the bytes of a span.
  init(copying bytes: RawSpan) {
    // The buffer is valid inside the closure and is copied there.
    self = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
  }
}

extension Span where Element: FixedWidthInteger & BitwiseCopyable {
  /// The bytes of the elements.
  var rawBytes: RawSpan {
    @_lifetime(copy self)
    // Integers have no padding, so every byte is initialised.
    get { unsafe bytes }
  }
}
