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
}
