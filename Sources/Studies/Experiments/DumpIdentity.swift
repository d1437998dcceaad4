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
  ///
  /// Names are free, so that the contents of the model decide where both dumps have their fingerprint.
  static func mismatch(of other: DumpManifest, with own: DumpManifest) -> String? {
    let places = [("site", own.site, other.site), ("token", own.token, other.token)]
    var pairs = [
      ("model", own.model.name, other.model.name),
      ("revision", own.model.revision, other.model.revision),
    ]
    if let fingerprint = own.model.fingerprint, let theirs = other.model.fingerprint {
      guard fingerprint == theirs else {
        return "the probes are fitted on \(described(own.model)), the dump is of "
          + "\(described(other.model)); weights, configuration or vocabulary differ"
      }
      pairs = []
    }
    pairs += places
    for (what, own, theirs) in pairs {
      if let own, let theirs, own != theirs {
        return "the probes are fitted on \(what) \"\(own)\", the dump has \"\(theirs)\""
      }
    }
    return nil
  }

  /// A model by its name, where it has one, and its fingerprint.
  private static func described(_ model: DumpManifest.Model) -> String {
    (model.name.map { "model \"\($0)\"" } ?? "a model")
      + " with the fingerprint \(model.fingerprint ?? "unknown")"
  }
}
