internal import Activations
internal import Foundation

/// Whether two dumps are the same one, however their paths are written.
enum DumpIdentity {
  /// The place of a dump in the file system: absolute, with links resolved.
  static func place(of dump: ActivationDump) -> String { place(of: dump.path) }

  /// The place of a path in the file system: absolute, with links resolved.
  static func place(of path: String) -> String {
    URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path
  }

  /// Why activations of one dump should not be scored by probes fitted on another, if there is a
  /// reason: both name a model, revision, site or token, and not the same.
  static func mismatch(of other: DumpManifest, with own: DumpManifest) -> String? {
    let pairs: [(String, String?, String?)] = [
      ("model", own.model.name, other.model.name),
      ("revision", own.model.revision, other.model.revision),
      ("site", own.site, other.site), ("token", own.token, other.token),
    ]
    for (what, own, theirs) in pairs {
      if let own, let theirs, own != theirs {
        return "the probes are fitted on \(what) \"\(own)\", the dump has \"\(theirs)\""
      }
    }
    return nil
  }
}
