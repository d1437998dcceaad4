import FoundationEssentials

/// Reads a file that `Golden/generate.py` wrote.
func golden<Contents: Decodable>(
  _ name: String, as type: Contents.Type, file: String = #filePath
) throws -> Contents {
  let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
  let path = folder.joined(separator: "/") + "/Golden/" + name
  return try JSONDecoder().decode(type, from: Data(contentsOf: URL(filePath: path)))
}

/// What a value becomes after being written as JSON and read back.
func roundTripped<Value: Codable>(_ value: Value) throws -> Value {
  try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
}

/// The JSON text of a value, keys sorted.
func json(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = .sortedKeys
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// Reads JSON text.
func decoded<Value: Decodable>(_ text: String, as type: Value.Type) throws -> Value {
  try JSONDecoder().decode(type, from: Data(text.utf8))
}
