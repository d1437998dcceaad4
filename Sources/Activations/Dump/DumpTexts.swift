internal import FoundationEssentials

/// The texts of a dump: one JSON value a line, read when asked for.
///
/// Each line is a JSON text, or an object with the key `text`; other keys of the object are ignored.
public struct DumpTexts: Sendable {
  /// The file.
  public let path: String

  /// The texts in a file.
  ///
  /// - Throws: ``ActivationsError/fileNotFound(role:path:)``.
  init(path: String) throws(ActivationsError) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw .fileNotFound(role: "texts", path: path)
    }
    self.path = path
  }

  /// The number of lines that are not empty.
  ///
  /// - Returns: the number of texts.
  /// - Throws: ``ActivationsError/invalidArray(role:file:problem:)`` if the file cannot be read.
  /// - Complexity: O(size of the file).
  public func count() throws(ActivationsError) -> Int {
    var count = 0
    var isLineEmpty = true
    let data = try contents()
    let bytes = data.span
    for position in bytes.indices {
      switch bytes[position] {
      case UInt8(ascii: "\n"):
        if !isLineEmpty { count += 1 }
        isLineEmpty = true
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
      default: isLineEmpty = false
      }
    }
    return count + (isLineEmpty ? 0 : 1)
  }

  /// Reads all texts.
  ///
  /// - Returns: a text a sample.
  /// - Throws: ``ActivationsError/invalidValue(role:file:sample:problem:)`` for a line that is not a
  ///   text.
  public func read() throws(ActivationsError) -> [String] {
    let decoder = JSONDecoder()
    var texts: [String] = []
    for line in try contents().split(separator: UInt8(ascii: "\n")) {
      guard !line.allSatisfy({ $0 == 32 || $0 == 9 || $0 == 13 }) else { continue }
      if let text = try? decoder.decode(String.self, from: line) {
        texts.append(text)
      } else if let object = try? decoder.decode(Line.self, from: line) {
        texts.append(object.text)
      } else {
        throw .invalidValue(
          role: "texts", file: path, sample: texts.count,
          problem: "is neither a JSON text nor an object with a \"text\"")
      }
    }
    return texts
  }

  private struct Line: Decodable {
    let text: String
  }

  private func contents() throws(ActivationsError) -> Data {
    do {
      return try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
    } catch {
      throw .invalidArray(role: "texts", file: path, problem: "cannot be read")
    }
  }
}
