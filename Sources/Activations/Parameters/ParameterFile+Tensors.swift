internal import ArrayFiles
internal import FoundationEssentials
internal import LinearAlgebra

extension ParameterFile {
  private static let suffix = ".safetensors"

  static func checkName(_ path: String) throws(ActivationsError) {
    guard path.hasSuffix(".json"), !path.hasSuffix("/.json"), path != ".json" else {
      throw .parameterFile(path: path, problem: "must be named NAME.json")
    }
  }

  /// Every file that a value saved at a path may be written to: the JSON file, and those that may hold
  /// its numbers.
  ///
  /// - Parameter path: the JSON file.
  /// - Returns: paths in the same folder.
  public static func paths(for path: String) -> [String] {
    [path] + ownNames(for: path).map { sibling($0, of: path) }
  }

  /// The file for the numbers: the first of two names that is not in use.
  ///
  /// A file that nothing refers to is replaced only if both names are taken, so that a save that fails
  /// leaves what was there.
  static func tensorFileName(for path: String, avoiding old: String?) -> String {
    let names = ownNames(for: path).filter { $0 != old }
    return names.first { !FileManager.default.fileExists(atPath: sibling($0, of: path)) }
      ?? names[0]
  }

  /// The two names that the file for the numbers takes in turn.
  static func ownNames(for path: String) -> [String] {
    [stem(of: path) + suffix, stem(of: path) + ".2" + suffix]
  }

  /// Whether a name stays beside the JSON file; after that was renamed it need not be an own name.
  static func isPlainName(_ name: String) -> Bool {
    !name.contains("/") && name.hasSuffix(suffix) && name != suffix
      && !name.unicodeScalars.contains("\0")
  }

  static func sibling(_ name: String, of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return name }
    return String(path[...slash]) + name
  }

  private static func stem(of path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return String(file.dropLast(".json".count))
  }

  static func contents(
    of tensors: [(name: String, tensor: ParameterStore.Tensor)]
  ) throws(ArrayFileError) -> [(name: String, contents: ArrayContents)] {
    var contents: [(name: String, contents: ArrayContents)] = []
    for (name, tensor) in tensors {
      switch tensor {
      case .float(let values, let shape):
        contents.append((name, try ArrayContents(values, shape: shape)))
      case .double(let values, let shape):
        contents.append((name, try ArrayContents(values, shape: shape)))
      }
    }
    return contents
  }

  /// The numbers in a file, once its checksum is right.
  static func store(
    at path: String, checksum expected: String?
  ) throws(ActivationsError) -> ParameterStore {
    guard FileManager.default.fileExists(atPath: path) else {
      throw .fileNotFound(role: "saved parameters", path: path)
    }
    do throws(ArrayFileError) {
      guard try checksum(of: path) == expected else {
        throw ArrayFileError.invalidArray("")
      }
      var tensors: [String: ParameterStore.Tensor] = [:]
      for (name, layout) in try ArrayFile.members(of: path) {
        let file = try ArrayFile.open(path, member: name)
        let widening = ElementWidening(layout)
        switch layout.elementType {
        case .float32:
          var values = [Float](repeating: 0, count: layout.elementCount)
          file.withBytes { bytes in
            var target = values.mutableSpan
            widening.widen(bytes, stride: 1, into: &target)
          }
          tensors[name] = .float(values, shape: layout.shape)
        case .float64:
          var values = [Double](repeating: 0, count: layout.elementCount)
          file.withBytes { bytes in
            var target = values.mutableSpan
            widening.widen(bytes, into: &target)
          }
          tensors[name] = .double(values, shape: layout.shape)
        default: break
        }
      }
      return ParameterStore(tensors)
    } catch .invalidArray {
      throw .parameterFile(
        path: path, problem: "is not the file that was written with its JSON; save both again")
    } catch {
      throw .arrayFile(error)
    }
  }

  /// FNV-1a over the bytes of a file, in hexadecimal: finds damage and mixtures, not malice.
  static func checksum(of path: String) throws(ArrayFileError) -> String {
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
    } catch {
      throw .unreadableFile(path: path, reason: "the file cannot be read")
    }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    let bytes = data.span
    for position in bytes.indices { hash = (hash ^ UInt64(bytes[position])) &* 0x100_0000_01B3 }
    return String(hash, radix: 16)
  }
}
