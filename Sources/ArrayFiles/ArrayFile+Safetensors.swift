extension ArrayFile {
  /// Opens a tensor of a safetensors file.
  static func decodeSafetensors(_ storage: ArrayBytes, path: String, member: String?)
    throws(ArrayFileError) -> ArrayFile
  {
    let header = try storage.withSpan { bytes throws(ArrayFileError) in
      try SafetensorsHeader(bytes, path: path)
    }
    let available = header.tensors.map(\.name)
    let tensor: SafetensorsHeader.Tensor
    if let member {
      guard let match = header.tensors.first(where: { $0.name == member }) else {
        throw .missingMember(ArrayLocation(path: path, member: member), available: available)
      }
      tensor = match
    } else {
      guard header.tensors.count == 1 else {
        throw .memberNeeded(path: path, available: available)
      }
      tensor = header.tensors[0]
    }
    return ArrayFile(
      path: path, member: tensor.name, layout: try tensor.content.get(), storage: storage,
      payload: tensor.payload)
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
