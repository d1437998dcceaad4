public import Activations

/// What is known about the dump that saved things were learned from.
public struct SavedOrigin: Sendable, Codable {
  /// The version of Plumbline that learned them.
  public let plumbline: String
  /// The path of the dump.
  public let dump: String
  /// What the dump holds, by which it is known at any path.
  public let fingerprint: DumpFingerprint?
  /// The model whose activations they read.
  public let model: DumpManifest.Model
  /// Where the activations were read.
  public let site: String?
  /// At which tokens the activations were read.
  public let token: String?

  /// Describes a dump.
  ///
  /// Reads the files of activations once, for their digests.
  ///
  /// - Parameters:
  ///   - dump: The dump.
  ///   - digests: Digests of files that have been read before.
  init(_ dump: ActivationDump, digests: FileDigests) {
    plumbline = plumblineVersion
    self.dump = dump.path
    fingerprint = DumpFingerprint(of: dump, digests: digests)
    model = dump.manifest.model
    site = dump.manifest.site
    token = dump.manifest.token
  }

  /// Why what was learned should not be applied to a dump, if there is a reason.
  ///
  /// - Parameter other: The dump.
  /// - Returns: A sentence, or `nil`.
  public func mismatch(with other: ActivationDump) -> String? {
    var own = DumpManifest(model: model, arrays: [:])
    own.site = site
    own.token = token
    return DumpIdentity.mismatch(of: other.manifest, with: own)
  }
}
