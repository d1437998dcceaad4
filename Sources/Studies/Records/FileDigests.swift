internal import ArrayFiles
internal import Synchronization

/// SHA-256 digests of files, each file read once however often it is asked for.
public final class FileDigests: Sendable {
  private let known = Mutex<[String: String?]>([:])

  /// Creates a store that knows no file.
  public init() {}

  /// The digest of a file as it was when first asked for.
  ///
  /// - Parameter path: A file.
  /// - Returns: 64 hexadecimal digits, or `nil` if the file cannot be read.
  /// - Complexity: O(bytes), the first time.
  public func sha256(of path: String) -> String? {
    known.withLock { known in
      if let digest = known[path] { return digest }
      let digest = FileDigest.sha256(of: path)
      known[path] = .some(digest)
      return digest
    }
  }
}
