extension DumpManifest {
  private static let keys = [
    "format", "version", "model", "site", "token", "finalLayer", "layers", "provenance", "arrays",
  ]

  /// Reads a manifest.
  ///
  /// JSON5 is accepted: comments, trailing commas, keys without quotes. Keys that the format does
  /// not know are refused, so that a misspelt one cannot be silently without effect.
  ///
  /// - Parameters:
  ///   - text: the manifest.
  ///   - path: where it came from, for messages.
  /// - Throws: ``ActivationsError/invalidManifest(path:keyPath:problem:)``.
  public init(parsing text: String, path: String = fileName) throws(ActivationsError) {
    let value: ManifestValue
    do throws(ManifestReader.Failure) {
      value = try ManifestReader.read(text)
    } catch {
      throw .invalidManifest(
        path: path, keyPath: "",
        problem: "line \(error.line), column \(error.column): \(error.problem)")
    }
    let root = try ManifestCursor(path: path, keyPath: "", value: value)
      .object(allowing: Self.keys)
    let format = try root.required("format").text()
    guard format == Self.format else {
      throw try root.required("format").failure(
        "is \"\(format)\", expected \"\(Self.format)\"; this is not the manifest of a dump")
    }
    let version = try root.required("version").integer()
    guard version == Self.version else {
      throw try root.required("version").failure(
        "is \(version), expected \(Self.version); "
          + (version > Self.version
            ? "a newer Plumbline wrote this dump: update" : "export the dump again"))
    }
    var model = Model()
    if let object = try root.optional("model")?.object(
      allowing: ["name", "revision", "fingerprint"])
    {
      model.name = try object.optional("name")?.text()
      model.revision = try object.optional("revision")?.text()
      model.fingerprint = try object.optional("fingerprint")?.text()
    }
    let finalLayer = try root.optional("finalLayer")?.choice(
      FinalLayer.allCases.map(\.rawValue))
    let layers = try root.optional("layers")?.list { (name) throws(ActivationsError) in
      try name.text()
    }
    if let layers {
      let cursor = try root.required("layers")
      guard !layers.isEmpty else { throw cursor.failure("names no layer") }
      guard Set(layers).count == layers.count else {
        throw cursor.failure("gives two layers the same name")
      }
    }
    var provenance: [String: String] = [:]
    if let cursor = root.optional("provenance") {
      for member in try cursor.members() {
        provenance[member.keyPath(in: cursor)] = try member.anyText()
      }
    }
    let arrays = try ManifestArrays.read(try root.required("arrays"))
    guard !arrays.isEmpty else {
      throw try root.required("arrays").failure("names no array")
    }
    self.init(
      model: model, site: try root.optional("site")?.text(),
      token: try root.optional("token")?.text(),
      finalLayer: finalLayer.flatMap(FinalLayer.init(rawValue:)), layers: layers,
      provenance: provenance, arrays: arrays)
  }
}
