internal import ArrayFiles

/// Control vectors in the JSON of IBM's activation-steering.
///
/// Its reader takes `model_type`, `directions` and `explained_variances` and passes over what else there is, which is
/// where the rest of a control vector stands.
enum ControlVectorText {
  private static let modelKey = "model_type"
  private static let directionsKey = "directions"
  private static let variancesKey = "explained_variances"
  private static let notesKey = "plumbline"

  static func write(
    _ vector: ControlVector, to path: String, as elementType: ElementType?
  ) throws(SteeringError) {
    let format = ControlVectorFormat.svec
    guard elementType ?? .float64 == .float64 else {
      throw .notExportable(
        format: format.rawValue,
        problem: "JSON keeps every digit, and no \(elementType?.rawValue ?? ""); leave the type out"
      )
    }
    var notes = ControlVectorNotes(of: vector)
    guard let model = notes.modelHint, !model.isEmpty else {
      throw .notExportable(
        format: format.rawValue,
        problem:
          "its reader does not load a file that does not name the kind of model; give it, for "
          + "example llama: model_type in the model's config.json")
    }
    var directions: [(key: String, value: String)] = []
    var variances: [(key: String, value: String)] = []
    for direction in vector.directions {
      let key = String(try format.numbering.number(of: direction.layer))
      // The shortest digits that come back as the same bits; minus nought keeps its sign.
      let numbers = direction.values.map(\.description).joined(separator: ", ")
      directions.append((key, "[\(numbers)]"))
      if let share = direction.explainedVariance { variances.append((key, share.description)) }
    }
    notes.modelHint = nil
    notes.explainedVariances = nil
    var entries = [
      (key: modelKey, value: JSONText.quoted(model)),
      (key: directionsKey, value: JSONText.object(directions)),
      (key: variancesKey, value: JSONText.object(variances)),
    ]
    let texts = notes.texts
    if !texts.isEmpty {
      let object = JSONText.object(texts.map { ($0.key, JSONText.quoted($0.text)) })
      entries.append((notesKey, object))
    }
    let text = Array((JSONText.object(entries) + "\n").utf8)
    try arrays { () throws(ArrayFileError) in try AtomicFile.write(text, to: path) }
  }

  static func read(_ path: String) throws(SteeringError) -> ControlVector {
    let root = try arrays { () throws(ArrayFileError) in try JSONValue.read(path) }
    guard case .object(let entries) = root else {
      throw .controlVectorFile(path: path, problem: "is no JSON object")
    }
    var notes = ControlVectorNotes()
    var vectors: [(layer: Int, values: [Double])]?
    var shares: [(layer: Int, share: Double)] = []
    for (key, value) in entries {
      switch key {
      case modelKey:
        guard case .string(let text) = value else {
          throw .controlVectorFile(path: path, problem: "has a \(modelKey) that is no text")
        }
        notes.modelHint = text
      case directionsKey: vectors = try directions(value, path: path)
      case variancesKey: shares = try variances(value, path: path)
      case notesKey:
        guard let texts = value.texts else {
          throw .controlVectorFile(
            path: path, problem: "has a '\(notesKey)' that is no object of texts")
        }
        for (name, text) in texts { try notes.take(text, for: name, path: path) }
      case "num_heads", "head_dim":
        throw .controlVectorFile(
          path: path,
          problem:
            "holds vectors of attention heads (\(key)), which are no places in the residual stream")
      default: break
      }
    }
    guard let vectors else {
      throw .controlVectorFile(
        path: path, problem: "has no '\(directionsKey)'; expected an object of a vector a layer")
    }
    if !shares.isEmpty {
      let ordered = shares.sorted { $0.layer < $1.layer }
      guard ordered.map(\.layer) == vectors.map(\.layer).sorted() else {
        throw .controlVectorFile(
          path: path, problem: "has other layers under \(variancesKey) than under \(directionsKey)")
      }
      notes.explainedVariances = ordered.map(\.share)
    }
    return try notes.vector(vectors, path: path)
  }

  private static func directions(
    _ value: JSONValue, path: String
  ) throws(SteeringError) -> [(layer: Int, values: [Double])] {
    var vectors: [(layer: Int, values: [Double])] = []
    for (layer, value) in try layers(value, directionsKey, path: path) {
      guard case .array(let items) = value else {
        throw .controlVectorFile(path: path, problem: "has a direction that is no list of numbers")
      }
      let values = items.compactMap(\.double)
      guard values.count == items.count else {
        throw .controlVectorFile(
          path: path,
          problem: "has a direction with an item that is no number; expected one list of "
            + "numbers a layer")
      }
      vectors.append((layer, values))
    }
    return vectors
  }

  private static func variances(
    _ value: JSONValue, path: String
  ) throws(SteeringError) -> [(layer: Int, share: Double)] {
    var shares: [(layer: Int, share: Double)] = []
    for (layer, value) in try layers(value, variancesKey, path: path) {
      guard let share = value.double else {
        throw .controlVectorFile(path: path, problem: "has a '\(variancesKey)' that is no number")
      }
      shares.append((layer, share))
    }
    return shares
  }

  /// The entries of an object whose keys are numbers of blocks.
  private static func layers(
    _ value: JSONValue, _ name: String, path: String
  ) throws(SteeringError) -> [(layer: Int, value: JSONValue)] {
    guard case .object(let entries) = value else {
      throw .controlVectorFile(path: path, problem: "has a '\(name)' that is no object")
    }
    var layers: [(layer: Int, value: JSONValue)] = []
    for (key, value) in entries {
      guard let number = ControlVectorFormat.number(key) else {
        throw .controlVectorFile(
          path: path,
          problem: "has '\(key)' under '\(name)'; expected the number of a block from 0 up")
      }
      layers.append((try ControlVectorFormat.svec.numbering.layer(of: number), value))
    }
    return layers
  }
}
