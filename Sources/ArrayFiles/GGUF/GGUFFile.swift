/// A GGUF file of version 3, opened and checked: metadata of any type, and tensors.
///
/// Read are tensors of float16, bfloat16, float32, float64 and signed integers; quantised ones are listed with
/// the reason why they are not.
public struct GGUFFile: Sendable {
  /// The path as it was given.
  public let path: String
  /// Keys and values in the order of the file, each key once.
  public let metadata: [(key: String, value: GGUFValue)]

  private let storage: ArrayBytes
  private let stored: [StoredTensor]

  /// Opens a file.
  ///
  /// - Parameter path: The file.
  /// - Returns: The file, checked; its tensors stay on disk.
  /// - Throws: ``ArrayFileError``, for every file that is not whole.
  public static func open(_ path: String) throws(ArrayFileError) -> GGUFFile {
    try GGUFFile(.mapped(try MappedFile(path: path)), path: path)
  }

  /// Opens the bytes of a file that are already in memory.
  package static func decode(_ bytes: [UInt8], path: String) throws(ArrayFileError) -> GGUFFile {
    guard !bytes.isEmpty else { throw .emptyFile(path: path) }
    return try GGUFFile(.memory(bytes), path: path)
  }

  private init(_ storage: ArrayBytes, path: String) throws(ArrayFileError) {
    let header = try GGUFHeader.read(storage, path: path)
    self.path = path
    self.storage = storage
    metadata = header.metadata
    stored = header.tensors
  }

  /// The tensors in the order of the file, with why those that are not read are not.
  public var tensors: [ArrayMember] { stored.members }

  /// The value of a key; `nil` if the file lacks it.
  ///
  /// - Parameter key: For example `general.architecture`.
  /// - Returns: The value.
  public subscript(key: String) -> GGUFValue? {
    metadata.first { $0.key == key }?.value
  }

  /// Opens a tensor.
  ///
  /// - Parameter name: The tensor's name.
  /// - Returns: The array, its axes in C order: the last one varies fastest, which the file lists first.
  /// - Throws: ``ArrayFileError`` if it is not there or is quantised.
  public func array(named name: String) throws(ArrayFileError) -> ArrayFile {
    try stored.open(name, in: storage, path: path)
  }
}
