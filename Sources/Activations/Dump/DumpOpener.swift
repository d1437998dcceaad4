internal import ArrayFiles

/// Opens the arrays that a manifest names.
struct DumpOpener {
  let folder: DumpFolder
  let manifestPath: String

  func open(_ reference: ArrayReference, as role: ArrayRole) throws(ActivationsError) -> DumpArray {
    if reference.file.contains(ArrayReference.layerPlaceholder) {
      let found = try folder.layerFiles(reference.file, role: role, manifest: manifestPath)
      var files: [ArrayFile] = []
      for (_, file) in found {
        let path = try folder.resolve(file, role: role, manifest: manifestPath)
        files.append(try Self.openFile(path, member: reference.member, role: role))
      }
      return try DumpArray(
        role: role, axes: AxisOrder.complete(reference), files: files, isOneLayerEach: true,
        firstLayer: found.first?.layer ?? 0)
    }
    let path = try folder.resolve(reference.file, role: role, manifest: manifestPath)
    return try Self.open(reference, at: path, as: role)
  }

  /// Opens an array in one file, whose layers may be members.
  static func open(
    _ reference: ArrayReference, at path: String, as role: ArrayRole,
    axesFrom source: AxesSource = .manifest
  ) throws(ActivationsError) -> DumpArray {
    guard let member = reference.member, member.contains(ArrayReference.layerPlaceholder) else {
      let file = try openFile(path, member: reference.member, role: role)
      return try DumpArray(
        role: role, axes: reference.axes, from: source, files: [file], isOneLayerEach: false)
    }
    let names: [String]
    do throws(ArrayFileError) {
      names = try ArrayFile.members(of: path).map(\.name)
    } catch {
      throw .arrayFile(error)
    }
    let found = try LayerPattern(pattern: member)
      .matches(in: names, role: role, place: path + ":" + member)
    var files: [ArrayFile] = []
    for (_, name) in found { files.append(try openFile(path, member: name, role: role)) }
    return try DumpArray(
      role: role, axes: AxisOrder.complete(reference), from: source, files: files,
      isOneLayerEach: true,
      firstLayer: found.first?.layer ?? 0)
  }

  /// The number of axes of an array in a file.
  static func rank(
    of path: String, member: String?, as role: ArrayRole
  ) throws(ActivationsError) -> Int {
    try openFile(path, member: member, role: role).layout.shape.count
  }

  private static func openFile(
    _ path: String, member: String?, role: ArrayRole
  ) throws(ActivationsError) -> ArrayFile {
    do throws(ArrayFileError) {
      return try ArrayFile.open(path, member: member)
    } catch .missingFile {
      throw .fileNotFound(role: role.identifier, path: path)
    } catch {
      throw .arrayFile(error)
    }
  }
}
