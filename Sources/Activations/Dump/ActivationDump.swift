/// Arrays from one model on one data set, opened and checked against each other.
///
/// Opening reads the manifest, the headers of the files and the small per-sample arrays. Activations
/// stay in their files until a layer is asked for.
public struct ActivationDump: Sendable {
  /// The folder, or what stands for it in messages where the arrays were given by flags.
  public let path: String
  /// What the manifest says; for arrays given by flags, what it would say.
  public let manifest: DumpManifest
  /// The arrays, by role.
  public let arrays: [ArrayRole: DumpArray]
  /// The number of samples; 0 if no array is about samples (contrast sets only, for example).
  public let sampleCount: Int
  /// The number of layers; 0 if the dump has no hidden states.
  public let layerCount: Int
  /// The number of features of a hidden state; 0 if the dump has none.
  public let width: Int
  /// The number of wordings of each contrast pair; 1 without a `variant` axis.
  public let variantCount: Int
  /// A name for each layer: those of the manifest, or their numbers.
  public let layerNames: [String]
  /// The class of each sample: 0 and 1, classes, or 1, 0 and −1 for correct, incorrect and not
  /// attempted.
  public let labels: [Int]?
  /// For each sample, the sample that states the reverse.
  public let opposites: [Int?]?
  /// The category of each sample.
  public let categories: [Int]?
  /// All that is known about each sample besides its class: the categories, then whatever else the
  /// dump names, sorted by name.
  public let attributes: [SampleAttribute]
  /// The part of the data that each sample belongs to, as the dump says.
  public let parts: [DumpPart]?
  /// The groups as stored; ``groups`` are those in effect.
  let storedGroups: [Int]?
  /// The group of each sample: as stored, or else one for each pair of opposites, or else one for each
  /// sample.
  public let groups: [Int]
  /// The texts, if the dump has them; read when asked for.
  public let texts: DumpTexts?

  /// Opens a dump.
  ///
  /// - Parameter path: a folder with a `dump.json`, or the manifest itself.
  /// - Returns: the dump, checked.
  /// - Throws: ``ActivationsError`` for anything that is missing, wrong or contradictory.
  public static func open(_ path: String) throws(ActivationsError) -> ActivationDump {
    let (folder, manifestPath) = try DumpFolder.find(path)
    let text = try DumpFolder.text(of: manifestPath)
    let manifest = try DumpManifest(parsing: text, path: manifestPath)
    let opener = DumpOpener(folder: folder, manifestPath: manifestPath)
    var arrays: [ArrayRole: DumpArray] = [:]
    var texts: DumpTexts?
    for role in manifest.roles {
      switch manifest.arrays[role] {
      case .array(let reference): arrays[role] = try opener.open(reference, as: role)
      case .texts(let file):
        texts = try DumpTexts(
          path: try folder.resolve(file, role: role, manifest: manifestPath))
      default: break
      }
    }
    return try ActivationDump(path: path, manifest: manifest, arrays: arrays, texts: texts)
  }

  /// Checks arrays that have been opened against each other.
  init(
    path: String, manifest: DumpManifest, arrays: [ArrayRole: DumpArray], texts: DumpTexts?
  ) throws(ActivationsError) {
    var counts = DumpCounts(manifest: manifest, arrays: arrays)
    sampleCount = try counts.sampleCount(texts: texts)
    let shape = try counts.checkShapes()
    layerCount = shape.layerCount
    width = shape.width
    variantCount = shape.variantCount
    self.path = path
    self.manifest = manifest
    self.arrays = arrays
    self.texts = texts
    layerNames = try Self.layerNames(
      manifest: manifest, path: path, layerCount: layerCount, arrays: arrays)
    let columns = SampleColumns(manifest: manifest, arrays: arrays)
    labels = try columns.labels()
    opposites = try columns.opposites()
    attributes = try columns.attributes()
    categories = attributes.first { $0.role == .categories }?.values
    parts = try columns.parts()
    storedGroups = try columns.groups()
    groups = storedGroups ?? Self.defaultGroups(opposites, sampleCount: sampleCount)
    try columns.checkTokenCounts()
    try columns.checkVocabulary(path: path)
  }

  private static func layerNames(
    manifest: DumpManifest, path: String, layerCount: Int, arrays: [ArrayRole: DumpArray]
  ) throws(ActivationsError) -> [String] {
    guard let names = manifest.layers else {
      let first = arrays.values.first { $0.isOneLayerEach }?.firstLayer ?? 0
      return (0..<layerCount).map { "\(first + $0)" }
    }
    guard names.count == layerCount else {
      throw .invalidManifest(
        path: path, keyPath: "layers",
        problem: "names \(names.count) layers, but the arrays have \(layerCount); name each one "
          + "in order, or leave the key out")
    }
    return names
  }

  private static func defaultGroups(_ opposites: [Int?]?, sampleCount: Int) -> [Int] {
    (0..<sampleCount).map { sample in
      guard let opposite = opposites?[sample] else { return sample }
      return Swift.min(sample, opposite)
    }
  }

  /// Display names of the labels, by label, where the manifest gives them.
  public var labelNames: [Int: String] {
    guard case .array(let reference) = manifest.arrays[.labels], let values = reference.values
    else { return [:] }
    return Dictionary(uniqueKeysWithValues: values.enumerated().map { ($0.offset, $0.element) })
  }

  /// The array of a role.
  ///
  /// - Parameters:
  ///   - role: the role.
  ///   - purpose: what it is needed for, for the message: "a sweep".
  /// - Returns: the array.
  /// - Throws: ``ActivationsError/missingRoles(_:purpose:present:)``.
  public func array(
    _ role: ArrayRole, for purpose: String
  ) throws(ActivationsError) -> DumpArray {
    guard let array = arrays[role] else { throw missing([role], purpose: purpose) }
    return array
  }

  /// Refuses a dump that lacks arrays which a method needs.
  ///
  /// - Parameters:
  ///   - roles: the arrays needed.
  ///   - purpose: what they are needed for, for the message.
  /// - Throws: ``ActivationsError/missingRoles(_:purpose:present:)``, naming all that are missing.
  public func require(
    _ roles: Set<ArrayRole>, for purpose: String
  ) throws(ActivationsError) {
    let absent = roles.filter { manifest.arrays[$0] == nil }
    guard absent.isEmpty else { throw missing(absent.sorted(), purpose: purpose) }
  }

  private func missing(_ roles: [ArrayRole], purpose: String) -> ActivationsError {
    .missingRoles(
      roles.map(\.identifier), purpose: purpose, present: manifest.roles.map(\.identifier))
  }
}
