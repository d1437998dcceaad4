internal import CDigest

/// Fingerprints of files, by which a result says exactly what it was computed from.
public enum FileDigest {
  /// The SHA-256 digest of a file, read in pieces so that its size does not matter.
  ///
  /// - Parameter path: A file that can be read.
  /// - Returns: 64 hexadecimal digits, or `nil` if the file cannot be read.
  /// - Complexity: O(bytes), one pass.
  public static func sha256(of path: String) -> String? {
    var digits = [CChar](repeating: 0, count: 65)
    var span = digits.mutableSpan
    // The routine writes 65 characters into a buffer of 65 and keeps no pointer.
    let status = unsafe span.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return Int32(-1) }
      return unsafe digest_sha256_file(path, start)
    }
    guard status == 0 else { return nil }
    return String(decoding: digits.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
