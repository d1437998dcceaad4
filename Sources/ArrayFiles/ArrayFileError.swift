/// Why an array could not be read or written.
///
/// Each case holds the facts; ``description`` says what is wrong, where, and what to do about it.
public enum ArrayFileError: Error, Equatable, Sendable {
  /// There is no such file.
  case missingFile(path: String)
  /// The file is there but cannot be opened.
  case unreadableFile(path: String, reason: String)
  /// The path names a folder, a pipe, a device or a socket.
  case notAFile(path: String, kind: String)
  /// The file has no bytes.
  case emptyFile(path: String)
  /// The file is none of the formats read; `found` says what it looks like.
  case unknownFormat(path: String, found: String)
  /// The archive does not hold the member; `available` lists those it holds, in order.
  case missingMember(ArrayLocation, available: [String])
  /// The file holds several arrays and none was named.
  case memberNeeded(path: String, available: [String])
  /// A member was named, but the file is a single array.
  case noMembers(ArrayLocation)
  /// The bytes break the rules of their format.
  case malformed(ArrayLocation, problem: String)
  /// The payload is shorter than the header says.
  case truncated(ArrayLocation, expected: Int, actual: Int)
  /// Bytes follow the payload that the header describes.
  case trailingBytes(ArrayLocation, expected: Int, actual: Int)
  /// The elements are of a type that has no numeric meaning here; `conversion` is one line of
  /// Python.
  case unsupportedType(ArrayLocation, type: String, conversion: String)
  /// Reading the file would run code stored in it; `conversion` is one line of Python.
  case pickled(ArrayLocation, kind: String, conversion: String)
  /// An archive member uses a feature that is not read; `remedy` is what to do.
  case unsupportedCompression(ArrayLocation, feature: String)
  /// A compressed member would take more memory than the limit.
  case inflationLimitExceeded(ArrayLocation, byteCount: Int, limit: Int)
  /// The CRC-32 of the bytes is not the one stored with them.
  case checksumMismatch(ArrayLocation, expected: UInt32, actual: UInt32)
  /// An element has no exact counterpart in the requested type.
  case notRepresentable(ArrayLocation, index: [Int], value: String, type: String)
  /// The file was changed by someone else while it was open.
  case changedWhileOpen(path: String)
  /// The shape and the bytes of an array do not fit each other, or its name cannot be stored.
  case invalidArray(String)
  /// A file cannot be created at the path.
  case cannotCreate(path: String, reason: String)
  /// The operating system failed to read or write.
  case inputOutput(path: String, operation: String, reason: String)

  /// What kind of trouble an error is, for exit codes.
  public enum Category: Sendable {
    /// Something named on input is not there or cannot be opened (sysexits 66).
    case missingInput
    /// The input is there but is wrong (sysexits 65).
    case badData
    /// The output cannot be created (sysexits 73).
    case cannotCreate
    /// Reading or writing failed (sysexits 74).
    case inputOutput
  }

  /// The kind of trouble.
  public var category: Category {
    switch self {
    case .missingFile, .unreadableFile, .notAFile, .missingMember, .memberNeeded, .noMembers:
      .missingInput
    case .emptyFile, .unknownFormat, .malformed, .truncated, .trailingBytes, .unsupportedType,
      .pickled, .unsupportedCompression, .inflationLimitExceeded, .checksumMismatch,
      .notRepresentable, .invalidArray:
      .badData
    case .cannotCreate: .cannotCreate
    case .changedWhileOpen, .inputOutput: .inputOutput
    }
  }
}
