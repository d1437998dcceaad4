internal import ArrayFiles
internal import FoundationEssentials
internal import LinearAlgebra

/// Saves a fitted value as two files: JSON for a person to read, safetensors for its numbers.
///
/// `probe.json` holds everything but the numbers of ``ParameterArray`` values and names the file that
/// has those, with a checksum. It is written last, and the numbers of an earlier save stay until then,
/// so that at every moment either the old value or the new one can be read, never a mixture.
public enum ParameterFile {
  private struct Envelope<Value: Codable>: Codable {
    var format: String
    var version: Int
    var kind: String
    var tensors: String?
    var checksum: String?
    var value: Value
  }

  private struct Header: Codable {
    var format: String
    var version: Int
    var kind: String
    var tensors: String?
    var checksum: String?
  }

  private static let format = "plumbline-parameters"
  private static let version = 1

  /// Writes a value.
  ///
  /// - Parameters:
  ///   - value: the value.
  ///   - kind: what it is, for example `contrast-consistent-search`; ``read(_:kind:from:)`` checks it.
  ///   - path: the JSON file; its numbers go beside it.
  ///   - isInline: whether the numbers stay in the JSON file, which is then the only one.
  /// - Throws: ``ActivationsError/parameterFile(path:problem:)`` if the value holds a NaN or an
  ///   infinity, ``ActivationsError/arrayFile(_:)`` if a file cannot be written.
  public static func write<Value: Codable>(
    _ value: Value, kind: String, to path: String, isInline: Bool = false
  ) throws(ActivationsError) {
    try checkName(path)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    var envelope = Envelope(format: format, version: version, kind: kind, value: value)
    let store = ParameterStore()
    if !isInline { encoder.userInfo[.parameterStore] = store }
    let old = tensorFileName(in: path)
    var new: String?
    do throws(ArrayFileError) {
      // Encoding puts the numbers into the store; they are written before anything refers to them.
      var text = try encode(envelope, with: encoder, path: path)
      let tensors = store.sorted
      if !tensors.isEmpty {
        let name = tensorFileName(for: path, avoiding: old)
        new = name
        try SafetensorsWriter.write(
          try contents(of: tensors), metadata: ["kind": kind], to: sibling(name, of: path))
        envelope.tensors = name
        envelope.checksum = try checksum(of: sibling(name, of: path))
        encoder.userInfo[.parameterStore] = ParameterStore()
        text = try encode(envelope, with: encoder, path: path)
      }
      try AtomicFile.write([UInt8](text + [UInt8(ascii: "\n")]), to: path)
    } catch {
      // Numbers that nothing refers to are of no use; but the JSON file may be in its place.
      if let new, tensorFileName(in: path) != new {
        try? FileManager.default.removeItem(atPath: sibling(new, of: path))
      }
      guard case .invalidArray(let problem) = error else { throw .arrayFile(error) }
      throw .parameterFile(path: path, problem: problem)
    }
    for name in ownNames(for: path) where name != envelope.tensors {
      guard name == old || envelope.tensors != nil else { continue }
      try? FileManager.default.removeItem(atPath: sibling(name, of: path))
    }
  }

  /// Reads a value that ``write(_:kind:to:isInline:)`` wrote.
  ///
  /// - Parameters:
  ///   - type: the type of the value.
  ///   - kind: what it must be, or `nil` for anything.
  ///   - path: the JSON file.
  /// - Returns: the value, bit for bit as it was written.
  /// - Throws: ``ActivationsError/parametersNotFound(path:)`` or
  ///   ``ActivationsError/parameterFile(path:problem:)`` if a file is missing, damaged, or of another
  ///   kind.
  public static func read<Value: Codable>(
    _ type: Value.Type, kind: String? = nil, from path: String
  ) throws(ActivationsError) -> Value {
    let data = try data(at: path)
    let header = try header(in: data, path: path)
    if let kind, header.kind != kind {
      throw .parameterFile(path: path, problem: "holds a \(header.kind), expected a \(kind)")
    }
    let decoder = JSONDecoder()
    if let name = header.tensors {
      guard isPlainName(name) else {
        throw .parameterFile(
          path: path, problem: "refers to \"\(name)\"; its numbers must lie in a file beside it")
      }
      decoder.userInfo[.parameterStore] = try store(
        at: sibling(name, of: path), checksum: header.checksum)
    }
    do {
      return try decoder.decode(Envelope<Value>.self, from: data).value
    } catch {
      throw .parameterFile(path: path, problem: describe(error))
    }
  }

  /// What a file of saved parameters holds, without reading its numbers.
  ///
  /// - Parameter path: the JSON file.
  /// - Returns: the kind that it was written with.
  /// - Throws: ``ActivationsError/parameterFile(path:problem:)`` if it is not such a file.
  public static func kind(of path: String) throws(ActivationsError) -> String {
    try header(in: try data(at: path), path: path).kind
  }

  /// The file that a JSON file names for its numbers, if it is one and does.
  private static func tensorFileName(in path: String) -> String? {
    (try? Data(contentsOf: URL(filePath: path)))
      .flatMap { try? JSONDecoder().decode(Header.self, from: $0) }?.tensors
  }

  private static func data(at path: String) throws(ActivationsError) -> Data {
    guard FileManager.default.fileExists(atPath: path) else {
      throw .parametersNotFound(path: path)
    }
    do {
      return try Data(contentsOf: URL(filePath: path))
    } catch {
      throw .parameterFile(path: path, problem: "cannot be read")
    }
  }

  private static func header(in data: Data, path: String) throws(ActivationsError) -> Header {
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: data)
    } catch {
      throw .parameterFile(
        path: path, problem: "is not a file of saved parameters: \(describe(error))")
    }
    guard header.format == format else {
      throw .parameterFile(
        path: path, problem: "has the format \"\(header.format)\", expected \"\(format)\"")
    }
    guard header.version == version else {
      throw .parameterFile(
        path: path,
        problem: "has version \(header.version), expected \(version); a newer Plumbline wrote it")
    }
    return header
  }

  private static func encode<Value: Encodable>(
    _ value: Value, with encoder: JSONEncoder, path: String
  ) throws(ArrayFileError) -> Data {
    do {
      return try encoder.encode(value)
    } catch EncodingError.invalidValue(_, let context) {
      let place = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw .invalidArray("cannot be saved: \(place): \(context.debugDescription)")
    } catch {
      throw .invalidArray("cannot be saved: \(error)")
    }
  }

  private static func describe(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    switch error {
    case .keyNotFound(let key, let context):
      return "\(place(context, key)) is missing"
    case .valueNotFound(_, let context), .typeMismatch(_, let context),
      .dataCorrupted(let context):
      let place = place(context, nil)
      return (place.isEmpty ? "" : place + ": ") + context.debugDescription
    @unknown default: return "\(error)"
    }
  }

  private static func place(
    _ context: DecodingError.Context, _ key: (any CodingKey)?
  ) -> String {
    (context.codingPath + (key.map { [$0] } ?? [])).map { (key: any CodingKey) in
      key.intValue.map(String.init) ?? key.stringValue
    }.joined(separator: ".")
  }
}
