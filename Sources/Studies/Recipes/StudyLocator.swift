internal import Foundation

/// Finds the ready studies that ship with Plumbline.
public enum StudyLocator {
  private static let folderName = "probes"

  /// Finds a study's folder.
  ///
  /// Looks in the given folder; or else in `probes` here, in each parent folder, and beside the
  /// executable or in `share/plumbline` of the prefix it was installed under.
  ///
  /// - Parameters:
  ///   - name: The study's name.
  ///   - folder: The folder of studies, if the user gave one.
  /// - Returns: The study's folder.
  /// - Throws: ``StudyError/notFound(_:)``, listing where it was looked for.
  public static func find(_ name: String, in folder: String? = nil) throws(StudyError) -> String {
    let candidates = folder.map { [$0] } ?? defaultFolders()
    for candidate in candidates {
      let study = (candidate as NSString).appendingPathComponent(name)
      let recipe = (study as NSString).appendingPathComponent(Study.fileName)
      if FileManager.default.isReadableFile(atPath: recipe) { return study }
    }
    throw .notFound(
      "the study \"\(name)\" was not found in \(candidates.joined(separator: ", ")); "
        + "run from a checkout of Plumbline, or name its probes folder by --studies")
  }

  private static func defaultFolders() -> [String] {
    var folders = [folderName]
    var parent = URL(filePath: FileManager.default.currentDirectoryPath)
    while parent.pathComponents.count > 1 {
      parent.deleteLastPathComponent()
      folders.append(parent.appending(path: folderName).path)
    }
    if let executable = Bundle.main.executableURL?.resolvingSymlinksInPath() {
      let beside = executable.deletingLastPathComponent()
      folders.append(beside.appending(path: folderName).path)
      folders.append(
        beside.deletingLastPathComponent().appending(path: "share/plumbline/probes").path)
    }
    return folders
  }
}
