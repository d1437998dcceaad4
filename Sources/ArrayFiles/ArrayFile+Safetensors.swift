extension ArrayFile {
  /// Opens a tensor of a safetensors file.
  static func decodeSafetensors(_ storage: ArrayBytes, path: String, member: String?)
    throws(ArrayFileError) -> ArrayFile
  {
    let header = try storage.withSpan { bytes throws(ArrayFileError) in
      try SafetensorsHeader(bytes, path: path)
    }
    return try header.tensors.open(member, in: storage, path: path)
  }

  /// The text entries in a safetensors file's `__metadata__`; empty for other formats.
  ///
  /// - Parameter path: The file.
  /// - Returns: The entries.
  /// - Throws: ``ArrayFileError`` if the file as a whole cannot be read.
  public static func metadata(of path: String) throws(ArrayFileError) -> [String: String] {
    let storage = ArrayBytes.mapped(try MappedFile(path: path))
    guard try ArrayFormat.detect(storage, path: path) == .safetensors else { return [:] }
    return try storage.withSpan { bytes throws(ArrayFileError) in
      try SafetensorsHeader(bytes, path: path).metadata
    }
  }
}
