public import Activations
internal import ArrayFiles

/// What tells a dump wherever it lies: the contents of its files of activations.
///
/// A path says little about a dump: folders are moved, copied and exported anew.
public struct DumpFingerprint: Sendable, Codable, Equatable {
  /// One file of activations.
  struct File: Sendable, Codable, Equatable {
    /// The member of an archive.
    let member: String?
    /// The size of the elements, which tells most other files without reading them.
    let byteCount: Int
    /// The digest of the whole file.
    let sha256: String
  }

  /// For each array that probes can read, its files: one, or one a layer.
  let arrays: [String: [File]]

  private static let roles: [ArrayRole] = [.positive, .negative, .activations]

  /// Reads the files of a dump.
  ///
  /// `nil` if it has no activations, or a file cannot be read.
  ///
  /// - Parameters:
  ///   - dump: The dump.
  ///   - digests: Digests of files that have been read before.
  public init?(of dump: ActivationDump, digests: FileDigests) {
    var arrays: [String: [File]] = [:]
    for role in Self.roles {
      guard let array = dump.arrays[role] else { continue }
      var files: [File] = []
      for file in array.files {
        guard let digest = digests.sha256(of: file.path) else { return nil }
        files.append(
          File(member: file.member, byteCount: file.layout.byteCount, sha256: digest))
      }
      arrays[role.identifier] = files
    }
    guard !arrays.isEmpty else { return nil }
    self.arrays = arrays
  }

  /// Whether a dump holds one of the arrays, whatever its role, so that it has the same samples.
  ///
  /// - Parameters:
  ///   - dump: The dump.
  ///   - digests: Digests of files that have been read before.
  /// - Returns: `false` if all arrays are others.
  /// - Complexity: O(bytes) of those arrays that have the right size, else O(1).
  public func isShared(with dump: ActivationDump, digests: FileDigests) -> Bool {
    Self.roles.compactMap { dump.arrays[$0]?.files }.contains { files in
      arrays.values.contains { Self.areSame($0, files, digests: digests) }
    }
  }

  private static func areSame(_ known: [File], _ files: [ArrayFile], digests: FileDigests) -> Bool {
    known.count == files.count
      && zip(known, files).allSatisfy {
        $0.byteCount == $1.layout.byteCount && $0.member == $1.member
      }
      && zip(known, files).allSatisfy { $0.sha256 == digests.sha256(of: $1.path) }
  }
}
