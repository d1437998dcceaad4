internal import TextSuggestions

/// Arrays named one by one, as flags do it, in place of a dump's folder.
public struct DumpArguments: Equatable, Sendable {
  /// For each role, a path, with `:member` for an array in an `.npz` or `.safetensors` file.
  public var files: [ArrayRole: String]
  /// The axes of the hidden states, in stored order; `nil` for `sample,layer,width`, or whatever else
  /// the number of axes leaves no choice about.
  public var axes: [Axis]?

  /// Arrays named one by one.
  ///
  /// - Parameters:
  ///   - files: for each role, a path, with `:member` where needed.
  ///   - axes: the axes of the hidden states, in stored order.
  public init(files: [ArrayRole: String], axes: [Axis]? = nil) {
    self.files = files
    self.axes = axes
  }

  /// Reads a list of axes as `--axes` takes it.
  ///
  /// - Parameter text: names with commas: `sample,layer,width`.
  /// - Returns: the axes.
  /// - Throws: ``ActivationsError/invalidManifest(path:keyPath:problem:)`` for a name that is no axis.
  public static func axes(parsing text: String) throws(ActivationsError) -> [Axis] {
    var axes: [Axis] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = String(name)
      guard let axis = Axis(rawValue: name) else {
        throw .invalidManifest(
          path: "--axes", keyPath: "",
          problem: "\"\(name)\" is no axis; "
            + Suggestion.phrase(for: name, among: Axis.allCases.map(\.rawValue)))
      }
      axes.append(axis)
    }
    return axes
  }
}

extension ActivationDump {
  /// Opens arrays named one by one.
  ///
  /// - Parameter arguments: the files.
  /// - Returns: the dump that they make, checked as one with a manifest is.
  /// - Throws: ``ActivationsError`` for anything that is missing, wrong or contradictory.
  public static func open(_ arguments: DumpArguments) throws(ActivationsError) -> ActivationDump {
    var entries: [ArrayRole: ManifestEntry] = [:]
    var arrays: [ArrayRole: DumpArray] = [:]
    var texts: DumpTexts?
    for (role, argument) in arguments.files.sorted(by: { $0.key < $1.key }) {
      let (path, member) = splitMember(argument)
      switch role.definition.content {
      case .texts:
        texts = try DumpTexts(path: path)
        entries[role] = .texts(file: path)
      case .number, .positiveNumber, .choice:
        throw .invalidManifest(
          path: "--\(role)", keyPath: "", problem: "is a setting, not an array; use a manifest")
      case .array, .integers, .integersOrList, .numbersOrList:
        let (reference, array) = try open(
          path, member: member, as: role, axes: arguments.axes)
        entries[role] = .array(reference)
        arrays[role] = array
      }
    }
    guard !arrays.isEmpty else {
      throw .dumpNotFound(path: "", problem: "no array was named")
    }
    let path = arguments.files.sorted { $0.key < $1.key }.map { role, file in
      role.attributeName.map { "--attribute \($0)=\(file)" } ?? "--\(role) \(file)"
    }.joined(separator: " ")
    return try ActivationDump(
      path: path, manifest: DumpManifest(arrays: entries), arrays: arrays, texts: texts)
  }

  /// Opens one array, with the axes asked for or those that its number of axes leaves.
  private static func open(
    _ path: String, member: String?, as role: ArrayRole, axes: [Axis]?
  ) throws(ActivationsError) -> (ArrayReference, DumpArray) {
    let permitted = role.definition.permittedAxes
    var chosen = permitted[0]
    var source = AxesSource.role
    if role.definition.isHiddenStates, let axes {
      chosen = axes
      source = .flag
      let reference = ArrayReference(file: path, member: member, axes: axes)
      if let problem = AxisOrder.problem(of: reference, for: role) {
        throw .invalidManifest(path: "--axes", keyPath: "", problem: problem)
      }
    } else {
      let rank = try DumpOpener.rank(of: path, member: member, as: role)
      chosen = permitted.first { $0.count == rank } ?? chosen
    }
    let reference = ArrayReference(file: path, member: member, axes: chosen)
    return (reference, try DumpOpener.open(reference, at: path, as: role, axesFrom: source))
  }

  /// Parts `file.npz:member` at the last colon that follows the name of an archive.
  static func splitMember(_ argument: String) -> (path: String, member: String?) {
    for colon in argument.indices.reversed() where argument[colon] == ":" {
      let path = argument[..<colon]
      if path.hasSuffix(".npz") || path.hasSuffix(".safetensors") {
        let member = argument[argument.index(after: colon)...]
        return (String(path), member.isEmpty ? nil : String(member))
      }
    }
    return (argument, nil)
  }
}
