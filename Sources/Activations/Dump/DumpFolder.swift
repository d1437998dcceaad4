internal import ArrayFiles
internal import FoundationEssentials

/// The folder of a dump: finds the files that a manifest names, and refuses those outside.
struct DumpFolder {
  let path: String

  /// The folder that `path` names: itself, or the one that holds the manifest it names.
  static func find(_ path: String) throws(ActivationsError) -> (DumpFolder, manifest: String) {
    var isFolder = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .dumpNotFound(path: path, problem: "nothing has that name")
    }
    if !isFolder {
      guard path.hasSuffix(".json") || path.hasSuffix(".json5") else {
        throw .dumpNotFound(
          path: path,
          problem: "it is a file; name a folder with a \(DumpManifest.fileName), or give arrays by "
            + "flags such as --activations")
      }
      return (DumpFolder(path: parent(of: path)), path)
    }
    let manifest = path.hasSuffix("/") ? path + DumpManifest.fileName : path + "/dump.json"
    guard FileManager.default.fileExists(atPath: manifest) else {
      throw .dumpNotFound(
        path: path, problem: "the folder has no \(DumpManifest.fileName)")
    }
    return (DumpFolder(path: path), manifest)
  }

  /// The text of a file.
  static func text(of path: String) throws(ActivationsError) -> String {
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path))
    } catch {
      throw .dumpNotFound(path: path, problem: "the file cannot be read")
    }
    guard data.count <= largestManifest else {
      throw .invalidManifest(
        path: path, keyPath: "", problem: "the file has \(data.count) bytes; a manifest is small")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw .invalidManifest(path: path, keyPath: "", problem: "the file is not UTF-8 text")
    }
    return text
  }

  private static let largestManifest = 16 << 20

  /// The path of a file that the manifest names.
  ///
  /// A dump may come from anyone, so that a name may not lead out of its folder: not by an absolute
  /// path, not by `..`, and not by a symbolic link.
  func resolve(
    _ file: String, role: ArrayRole, manifest: String
  ) throws(ActivationsError) -> String {
    try checkName(file, role: role, manifest: manifest)
    let place = path + "/" + file
    guard FileManager.default.fileExists(atPath: place) else {
      throw .fileNotFound(role: role.identifier, path: place)
    }
    let root = URL(filePath: path).resolvingSymlinksInPath().path
    let target = URL(filePath: place).resolvingSymlinksInPath().path
    guard target.hasPrefix(root.hasSuffix("/") ? root : root + "/") else {
      throw .invalidManifest(
        path: manifest, keyPath: "arrays.\(role).file",
        problem: "is \"\(file)\", a link that leads out of the dump's folder; copy the file there")
    }
    return place
  }

  private func checkName(
    _ file: String, role: ArrayRole, manifest: String
  ) throws(ActivationsError) {
    let parts = file.split(separator: "/", omittingEmptySubsequences: false)
    guard !file.hasPrefix("/"), !parts.contains(".."), !file.unicodeScalars.contains("\0") else {
      throw .invalidManifest(
        path: manifest, keyPath: "arrays.\(role).file",
        problem: "is \"\(file)\"; a file must lie in the dump's folder, so absolute paths and .. "
          + "are refused")
    }
  }

  /// The files that a name with `{layer}` in it stands for, by layer number.
  func layerFiles(
    _ pattern: String, role: ArrayRole, manifest: String
  ) throws(ActivationsError) -> [(layer: Int, file: String)] {
    try checkName(pattern, role: role, manifest: manifest)
    let folder = Self.parent(of: pattern)
    guard !folder.contains(ArrayReference.layerPlaceholder) else {
      throw .invalidManifest(
        path: manifest, keyPath: "arrays.\(role).file",
        problem: "is \"\(pattern)\"; {layer} may stand in the file's name only, not in a folder's")
    }
    let prefix = pattern.contains("/") ? folder + "/" : ""
    let place = prefix.isEmpty ? path : path + "/" + folder
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
    return try LayerPattern(pattern: String(pattern.dropFirst(prefix.count)))
      .matches(in: names, role: role, place: path + "/" + pattern)
      .map { ($0.layer, prefix + $0.name) }
  }

  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
