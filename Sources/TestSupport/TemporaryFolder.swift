internal import FoundationEssentials

/// A folder for one test, removed with all that is in it when the value goes.
public final class TemporaryFolder: Sendable {
  /// The folder's path, without a slash at the end.
  public let path: String

  /// Makes an empty folder with a name of its own.
  ///
  /// - Throws: what the file system reports.
  public init() throws {
    let base = FileManager.default.temporaryDirectory.path
    path = (base.hasSuffix("/") ? base : base + "/") + "plumbline-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  ///
  /// - Parameter name: the file's name, which may hold folders.
  /// - Returns: the path.
  public func file(_ name: String) -> String { path + "/" + name }

  /// Writes a text file.
  ///
  /// - Parameters:
  ///   - text: what it holds.
  ///   - name: its name in the folder.
  /// - Throws: what the file system reports.
  public func write(_ text: String, to name: String) throws {
    let place = file(name)
    if let slash = place.lastIndex(of: "/") {
      try FileManager.default.createDirectory(
        atPath: String(place[..<slash]), withIntermediateDirectories: true)
    }
    try Data(text.utf8).write(to: URL(filePath: place))
  }
}
