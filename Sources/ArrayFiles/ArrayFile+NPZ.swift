extension ArrayFile {
  /// Opens a member of an `.npz` archive.
  static func decodeNPZ(
    _ storage: ArrayBytes, path: String, member: String?, inflationLimit: Int
  ) throws(ArrayFileError) -> ArrayFile {
    let directory = try zipDirectory(storage, path: path)
    let entry = try select(member, from: directory, path: path)
    let location = ArrayLocation(path: path, member: entry.memberName)
    let header = try npyHeader(of: entry, in: storage, at: location)
    guard entry.isDeflated else {
      let start = entry.content.lowerBound + header.payloadOffset
      return ArrayFile(
        path: path, member: entry.memberName, layout: header.layout, storage: storage,
        payload: start..<start + header.layout.byteCount, stored: (entry.checksum, entry.content))
    }
    guard entry.byteCount <= inflationLimit else {
      throw .inflationLimitExceeded(
        location, byteCount: entry.byteCount, limit: inflationLimit)
    }
    let inflated = try storage.withSpan { bytes throws(ArrayFileError) in
      try inflate(
        bytes.extracting(entry.content), byteCount: entry.byteCount, isPrefix: false, at: location)
    }
    let checksum = Inflate.checksum(inflated.span.rawBytes)
    guard checksum == entry.checksum else {
      throw .checksumMismatch(location, expected: entry.checksum, actual: checksum)
    }
    return ArrayFile(
      path: path, member: entry.memberName, layout: header.layout, storage: .memory(inflated),
      payload: header.payloadOffset..<inflated.count)
  }

  /// Reads the archive's directory, and refuses PyTorch's archives of pickles.
  static func zipDirectory(_ storage: ArrayBytes, path: String) throws(ArrayFileError)
    -> ZipDirectory
  {
    let directory = try storage.withSpan { bytes throws(ArrayFileError) in
      try ZipDirectory(bytes, path: path)
    }
    let isPyTorch = directory.entries.contains { entry in
      entry.name == "data.pkl" || entry.name.hasSuffix("/data.pkl")
    }
    if isPyTorch { throw ArrayFormat.pyTorchRefusal(path: path) }
    if !directory.entries.isEmpty, !directory.entries.contains(where: \.isArray) {
      throw .unknownFormat(path: path, found: "a zip archive without a single .npy member")
    }
    return directory
  }

  private static func select(_ member: String?, from directory: ZipDirectory, path: String)
    throws(ArrayFileError) -> ZipEntry
  {
    let arrays = directory.entries.filter(\.isArray)
    let available = arrays.map(\.memberName)
    guard let member else {
      guard arrays.count == 1 else { throw .memberNeeded(path: path, available: available) }
      return arrays[0]
    }
    let match =
      arrays.first { $0.memberName == member } ?? arrays.first { $0.name == member }
    guard let match else {
      throw .missingMember(ArrayLocation(path: path, member: member), available: available)
    }
    return match
  }

  /// Parses a member's header and checks it against the member's size, inflating no more than the
  /// header.
  static func npyHeader(of entry: ZipEntry, in storage: ArrayBytes, at location: ArrayLocation)
    throws(ArrayFileError) -> NPYHeader
  {
    try storage.withSpan { bytes throws(ArrayFileError) in
      let content = bytes.extracting(entry.content)
      let header: NPYHeader
      if entry.isDeflated {
        guard entry.byteCount <= Inflate.maximumByteCount(from: content.count) else {
          throw .malformed(
            location,
            problem: "it is said to inflate from \(content.count) to \(entry.byteCount) bytes, "
              + "more than the format can")
        }
        var prefix = try inflate(
          content, byteCount: min(entry.byteCount, 1024), isPrefix: true, at: location)
        let needed = try NPYHeader.payloadOffset(in: prefix.span, at: location)
        if needed > prefix.count, entry.byteCount > prefix.count {
          prefix = try inflate(
            content, byteCount: min(entry.byteCount, needed), isPrefix: true, at: location)
        }
        header = try NPYHeader.parse(prefix.span, at: location)
      } else {
        header = try NPYHeader.parse(content, at: location)
      }
      try header.validate(fileByteCount: entry.byteCount, at: location)
      return header
    }
  }

  private static func inflate(
    _ content: Span<UInt8>, byteCount: Int, isPrefix: Bool, at location: ArrayLocation
  ) throws(ArrayFileError) -> [UInt8] {
    guard byteCount > 0 else { throw .malformed(location, problem: "it has no bytes") }
    do {
      return try Inflate.inflate(content, byteCount: byteCount, isPrefix: isPrefix)
    } catch {
      throw .malformed(location, problem: problem(error, expected: byteCount))
    }
  }

  private static func problem(_ failure: Inflate.Failure, expected: Int) -> String {
    switch failure {
    case .damaged: "its compressed bytes are not a deflate stream"
    case .short(let actual): "it inflates to \(actual) bytes, expected \(expected)"
    case .long: "it inflates to more than the \(expected) bytes expected"
    case .trailing(let rest): "\(rest) bytes follow the end of its deflate stream"
    case .unavailable: "it could not be inflated for want of memory"
    }
  }
}
