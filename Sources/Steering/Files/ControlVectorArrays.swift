internal import ArrayFiles

/// Control vectors as arrays `direction.N` in safetensors and npz.
///
/// Safetensors keeps text beside its tensors; npz has arrays only, and so the same text is the bytes of a JSON
/// object, which `json.loads(archive["metadata"].tobytes())` reads.
enum ControlVectorArrays {
  private static let metadataName = "metadata"
  /// The number of the first block, which tells tools that count from 1 from those that count from 0.
  private static let base = (key: "layer_base", text: "0")

  static func write(
    _ vector: ControlVector, to path: String, format: ControlVectorFormat,
    as elementType: ElementType?
  ) throws(SteeringError) {
    var members: [(name: String, contents: ArrayContents)] = []
    for direction in vector.directions {
      members.append(
        (
          try format.arrayName(of: direction.layer),
          try direction.contents(as: elementType ?? .float64, format: format)
        ))
    }
    let entries = ControlVectorNotes(of: vector).texts + [(key: base.key, text: base.text)]
    if format == .safetensors {
      var metadata = ["format": "pt"]
      for (key, text) in entries { metadata[key] = text }
      try arrays { () throws(ArrayFileError) in
        try SafetensorsWriter.write(members, metadata: metadata, to: path)
      }
    } else {
      let text = JSONText.object(entries.map { ($0.key, JSONText.quoted($0.text)) })
      try arrays { () throws(ArrayFileError) in
        let bytes = Array(text.utf8)
        members.append((metadataName, try ArrayContents(bytes, shape: [bytes.count])))
        try NPZWriter.write(members, to: path)
      }
    }
  }

  static func read(
    _ path: String, format: ControlVectorFormat
  ) throws(SteeringError) -> ControlVector {
    let members = try arrays { () throws(ArrayFileError) in try ArrayFile.inspect(path) }
    var vectors: [(layer: Int, values: [Double])] = []
    for member in members where format != .npz || member.name != metadataName {
      let layer = try ControlVectorFormat.layer(ofArray: member.name, path: path)
      let array = try arrays { () throws(ArrayFileError) in
        try ArrayFile.open(path, member: member.name)
      }
      vectors.append((layer, try array.direction()))
    }
    let hasText = format == .safetensors || members.contains { $0.name == metadataName }
    let texts = hasText ? try texts(of: path, format: format) : []
    var notes = ControlVectorNotes()
    for (key, text) in texts {
      guard key != base.key || text == base.text else {
        throw .controlVectorFile(
          path: path,
          problem: "counts its layers from \(text) (\(base.key)); expected \(base.text), the first "
            + "block's; name the arrays so")
      }
      try notes.take(text, for: key, path: path)
    }
    return try notes.vector(vectors, path: path)
  }

  /// The text that stands beside the arrays.
  private static func texts(
    of path: String, format: ControlVectorFormat
  ) throws(SteeringError) -> [(key: String, text: String)] {
    if format == .safetensors {
      let metadata = try arrays { () throws(ArrayFileError) in try ArrayFile.metadata(of: path) }
      return metadata.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
    let value = try arrays { () throws(ArrayFileError) in
      let bytes = try ArrayFile.open(path, member: metadataName).integers()
      // Whatever is no byte is no UTF-8 either.
      return try JSONValue.parse(bytes.map { UInt8(exactly: $0) ?? 0xFF }, path: path)
    }
    guard let texts = value.texts else {
      throw .controlVectorFile(
        path: path, problem: "has a '\(metadataName)' that is no JSON object of texts")
    }
    return texts
  }
}

extension JSONValue {
  /// The entries of an object whose values are all text.
  var texts: [(key: String, text: String)]? {
    guard case .object(let entries) = self else { return nil }
    var texts: [(key: String, text: String)] = []
    for (key, value) in entries {
      guard case .string(let text) = value else { return nil }
      texts.append((key, text))
    }
    return texts
  }
}

extension JSONText {
  /// An object of values that are JSON already.
  static func object(_ entries: [(key: String, value: String)]) -> String {
    "{" + entries.map { "\(quoted($0.key)): \($0.value)" }.joined(separator: ", ") + "}"
  }
}
