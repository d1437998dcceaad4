import ArrayFiles
import FoundationEssentials

/// The golden arrays beside this file, and what is in them.
struct GoldenArray: CustomStringConvertible, Sendable {
  let file: String
  let member: String?
  let type: ElementType
  let byteOrder: ByteOrder
  let isFortranOrder: Bool
  let shape: [Int]
  let values: [String]

  var description: String { file + (member.map { ":" + $0 } ?? "") }
  var path: String { GoldenFolder.path(file) }
}

enum GoldenFolder {
  static func path(_ name: String) -> String {
    let here = #filePath
    return here[..<(here.lastIndex(of: "/") ?? here.endIndex)] + "/Golden/" + name
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(filePath: path(name))))
  }

  /// Every golden file that can be read, and those that are refused.
  static func files() throws -> [(name: String, bytes: [UInt8])] {
    var names = Set(try arrays().map(\.file))
    for name in try FileManager.default.contentsOfDirectory(atPath: path("Refused")) {
      names.insert("Refused/" + name)
    }
    return try names.sorted().map { ($0, try bytes($0)) }
  }

  static func arrays() throws -> [GoldenArray] {
    try String(decoding: bytes("expected.txt"), as: UTF8.self).split(separator: "\n").map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 7, let type = ElementType(rawValue: fields[2]),
        let byteOrder = ByteOrder(rawValue: fields[3])
      else { throw CocoaError(.fileReadCorruptFile) }
      return GoldenArray(
        file: fields[0], member: fields[1].isEmpty ? nil : fields[1], type: type,
        byteOrder: byteOrder, isFortranOrder: fields[4] == "F",
        shape: fields[5].split(separator: ",").compactMap { Int($0) },
        values: fields[6].split(separator: " ").map(String.init))
    }
  }
}

/// A folder that is removed when the value goes.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/ArrayFilesTests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    try? FileManager.default.removeItem(atPath: path)
  }

  func file(_ name: String) -> String { path + "/" + name }

  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(filePath: file(name)))
    return file(name)
  }
}

/// A `.npy` file from the text of its header.
func npy(_ header: String, payload: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
  let text = Array(header.utf8)
  var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0]
  for place in 0..<(version == 1 ? 2 : 4) { bytes.append(UInt8(text.count >> (8 * place) & 0xFF)) }
  return bytes + text + payload
}

/// A safetensors file from the text of its header.
func safetensors(_ header: String, payload: [UInt8] = []) -> [UInt8] {
  let text = Array(header.utf8)
  return (0..<8).map { UInt8(text.count >> (8 * $0) & 0xFF) } + text + payload
}

extension TemporaryFolder {
  func read(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(filePath: file(name))))
  }
}
