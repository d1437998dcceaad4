/// The formats that are read, told by their content.
enum ArrayFormat {
  case npy

  /// Looks at the first bytes.
  static func detect(_ storage: ArrayBytes, path: String) throws(ArrayFileError) -> ArrayFormat {
    try storage.withSpan { bytes throws(ArrayFileError) in
      if bytes.hasBytes(NPYHeader.magic) { return .npy }
      throw .unknownFormat(path: path, found: "its first bytes belong to no known format")
    }
  }
}
