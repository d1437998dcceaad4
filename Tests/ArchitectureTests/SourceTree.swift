import Foundation

/// The files of the package.
struct SourceTree: Sendable {
  let files: [SourceFile]
  /// What stands right under each folder of `Sources`.
  let contents: [String: [String]]

  init(files: [SourceFile], contents: [String: [String]] = [:]) {
    self.files = files
    self.contents = contents
  }

  /// The Swift and C files under `Sources` and `Tests` of the package that this file belongs to.
  static let package: SourceTree = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    var files: [SourceFile] = []
    for top in ["Sources", "Tests"] {
      let walk = FileManager.default.enumerator(atPath: root.appending(path: top).path)
      while let relative = walk?.nextObject() as? String {
        guard ["swift", "c", "h"].contains((relative as NSString).pathExtension) else { continue }
        let path = top + "/" + relative
        let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8)
        files.append(SourceFile(path: path, text: text ?? ""))
      }
    }
    let sources = root.appending(path: "Sources").path
    let modules = (try? FileManager.default.contentsOfDirectory(atPath: sources)) ?? []
    var contents: [String: [String]] = [:]
    for module in modules {
      contents[module] = try? FileManager.default.contentsOfDirectory(
        atPath: sources + "/" + module)
    }
    return SourceTree(files: files.sorted { $0.path < $1.path }, contents: contents)
  }()

  /// The Swift files under `Sources`.
  var sources: [SourceFile] {
    files.filter { $0.path.hasPrefix("Sources/") && $0.path.hasSuffix(".swift") }
  }
}
