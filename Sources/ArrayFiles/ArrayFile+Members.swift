extension ArrayFile {
  /// The arrays in a file that can be read, in the order in which they are stored.
  ///
  /// A `.npy` file has one, with an empty name. Arrays that are not read, such as those of text,
  /// are left out; ``inspect(_:)`` lists them too.
  ///
  /// - Parameter path: The file.
  /// - Returns: Names without `.npy`, and layouts.
  /// - Throws: ``ArrayFileError`` if the file as a whole cannot be read.
  public static func members(of path: String) throws(ArrayFileError) -> [(
    name: String, layout: ArrayLayout
  )] {
    var members: [(name: String, layout: ArrayLayout)] = []
    for member in try inspect(path) {
      if case .success(let layout) = member.content { members.append((member.name, layout)) }
    }
    return members
  }

  /// All arrays in a file, in the order in which they are stored, with why those that are not read
  /// are not.
  ///
  /// - Parameter path: The file.
  /// - Returns: One value an array; a `.npy` file has one, with an empty name.
  /// - Throws: ``ArrayFileError`` if the file as a whole cannot be read.
  public static func inspect(_ path: String) throws(ArrayFileError) -> [ArrayMember] {
    try inspect(.mapped(try MappedFile(path: path)), path: path)
  }

  /// Lists the arrays in the bytes of a file that are already in memory.
  package static func inspect(_ bytes: [UInt8], path: String) throws(ArrayFileError)
    -> [ArrayMember]
  {
    guard !bytes.isEmpty else { throw .emptyFile(path: path) }
    return try inspect(.memory(bytes), path: path)
  }

  private static func inspect(_ storage: ArrayBytes, path: String) throws(ArrayFileError)
    -> [ArrayMember]
  {
    switch try ArrayFormat.detect(storage, path: path) {
    case .npy:
      let array = try decodeNPY(storage, path: path, member: nil)
      return [ArrayMember(name: "", content: .success(array.layout))]
    case .npz:
      return try zipDirectory(storage, path: path).entries.filter(\.isArray).map { entry in
        let location = ArrayLocation(path: path, member: entry.memberName)
        let content = Result { () throws(ArrayFileError) in
          try npyHeader(of: entry, in: storage, at: location).layout
        }
        return ArrayMember(name: entry.memberName, content: content)
      }
    case .safetensors:
      let header = try storage.withSpan { bytes throws(ArrayFileError) in
        try SafetensorsHeader(bytes, path: path)
      }
      return header.tensors.members
    case .gguf: return try GGUFHeader.read(storage, path: path).tensors.members
    }
  }
}
