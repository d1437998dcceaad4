/// One array in a `.npy`, `.npz`, safetensors or GGUF file, opened and checked.
///
/// Opening reads and validates the header against the size of the file before anything is
/// allocated. The elements stay in the file and are mapped into memory; only members that were
/// compressed are held in memory of their own. Values may be copied and used from any thread.
public struct ArrayFile: Sendable {
  /// The path as it was given.
  public let path: String
  /// The member of an archive that this is; `nil` for a `.npy` file.
  public let member: String?
  /// The type, order and shape of the elements.
  public let layout: ArrayLayout

  let storage: ArrayBytes
  let payload: Range<Int>
  /// For a stored member of an archive, its CRC-32 and the bytes that it covers.
  let stored: (checksum: UInt32, content: Range<Int>)?

  init(
    path: String, member: String?, layout: ArrayLayout, storage: ArrayBytes, payload: Range<Int>,
    stored: (checksum: UInt32, content: Range<Int>)? = nil
  ) {
    self.path = path
    self.member = member
    self.layout = layout
    self.storage = storage
    self.payload = payload
    self.stored = stored
  }

  /// Whether the elements are read from the file as they are touched, without memory of their own.
  public var isMemoryMapped: Bool {
    if case .mapped = storage { true } else { false }
  }

  /// The largest size, in bytes, that a compressed member may inflate to unless another is given:
  /// 16 GiB.
  public static let defaultInflationLimit = 16 << 30

  /// How the elements are about to be read; a hint to the system.
  public enum AccessPattern: Sendable {
    /// No pattern in particular.
    case normal
    /// From the first element to the last: the system reads far ahead.
    case sequential
    /// A few pages here and there, such as one layer of every sample: the system does not read
    /// ahead.
    case strided
  }

  /// Opens an array.
  ///
  /// The format is told by the content, never by the extension alone.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - member: The array in an archive, with or without `.npy`. May be left out for a single
  ///     array.
  ///   - inflationLimit: The largest size in bytes that a compressed member may take in memory.
  /// - Returns: The array, checked.
  /// - Throws: ``ArrayFileError``, for every file that is not a whole and readable array.
  public static func open(
    _ path: String, member: String? = nil, inflationLimit: Int = defaultInflationLimit
  ) throws(ArrayFileError) -> ArrayFile {
    try decode(
      .mapped(try MappedFile(path: path)), path: path, member: member,
      inflationLimit: inflationLimit)
  }

  /// Opens an array in the bytes of a file that are already in memory.
  package static func decode(
    _ bytes: [UInt8], path: String, member: String? = nil,
    inflationLimit: Int = defaultInflationLimit
  ) throws(ArrayFileError) -> ArrayFile {
    guard !bytes.isEmpty else { throw .emptyFile(path: path) }
    return try decode(
      .memory(bytes), path: path, member: member, inflationLimit: inflationLimit)
  }

  private static func decode(
    _ storage: ArrayBytes, path: String, member: String?, inflationLimit: Int
  ) throws(ArrayFileError) -> ArrayFile {
    switch try ArrayFormat.detect(storage, path: path) {
    case .npy: return try decodeNPY(storage, path: path, member: member)
    case .npz:
      return try decodeNPZ(storage, path: path, member: member, inflationLimit: inflationLimit)
    case .safetensors: return try decodeSafetensors(storage, path: path, member: member)
    case .gguf:
      return try GGUFHeader.read(storage, path: path).tensors.open(
        member, in: storage, path: path)
    }
  }

  static func decodeNPY(_ storage: ArrayBytes, path: String, member: String?)
    throws(ArrayFileError) -> ArrayFile
  {
    let location = ArrayLocation(path: path)
    if let member { throw .noMembers(ArrayLocation(path: path, member: member)) }
    let header = try storage.withSpan { bytes throws(ArrayFileError) in
      let header = try NPYHeader.parse(bytes, at: location)
      try header.validate(fileByteCount: bytes.count, at: location)
      return header
    }
    return ArrayFile(
      path: path, member: nil, layout: header.layout, storage: storage,
      payload: header.payloadOffset..<header.payloadOffset + header.layout.byteCount)
  }

  /// Lends the elements' bytes, exactly ``ArrayLayout/byteCount`` of them.
  ///
  /// The span need not be aligned. If another process shortens the file during the call, touching
  /// the missing pages ends this process (SIGBUS); see ``verifyUnchanged()``.
  ///
  /// - Parameter body: Reads the bytes; they are valid only inside.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  public func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try storage.withSpan { bytes throws(Failure) in
      try body(bytes.extracting(payload).rawBytes)
    }
  }

  /// Drops the mapped pages of this array from memory, so that they no longer count as resident.
  ///
  /// They are read again when touched. Does nothing for an array that was inflated.
  public func releasePages() {
    if case .mapped(let file) = storage { file.releasePages(in: payload) }
  }

  /// Tells the system how the elements are about to be read.
  ///
  /// - Parameter pattern: The kind of pass to come.
  public func advise(_ pattern: AccessPattern) {
    if case .mapped(let file) = storage { file.advise(pattern, in: payload) }
  }

  /// Checks that nobody has changed the file since it was opened.
  ///
  /// Call it before and after a long pass. A file that was replaced as a whole is fine, as the old
  /// one stays mapped.
  ///
  /// - Throws: ``ArrayFileError/changedWhileOpen(path:)`` if its size or modification time differs.
  public func verifyUnchanged() throws(ArrayFileError) {
    if case .mapped(let file) = storage { try file.verifyUnchanged() }
  }

  /// Reads the whole array and checks it against the checksum stored with it.
  ///
  /// Compressed members are checked when they are opened. Stored ones are not, as that would read
  /// all of a large array first; this does it on request. `.npy` and safetensors have no checksum,
  /// and pass.
  ///
  /// - Throws: ``ArrayFileError/checksumMismatch(_:expected:actual:)``.
  /// - Complexity: O(*bytes*).
  public func verifyChecksum() throws(ArrayFileError) {
    guard let stored else { return }
    let actual = storage.withSpan { bytes in
      Inflate.checksum(bytes.extracting(stored.content).rawBytes)
    }
    guard actual == stored.checksum else {
      throw .checksumMismatch(
        ArrayLocation(path: path, member: member), expected: stored.checksum, actual: actual)
    }
  }
}
