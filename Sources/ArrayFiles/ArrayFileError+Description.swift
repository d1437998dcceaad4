internal import TextSuggestions

extension ArrayFileError: CustomStringConvertible {
  /// What is wrong, where, what was expected, and what to do.
  public var description: String {
    switch self {
    case .missingFile(let path):
      "There is no file '\(path)'. Check the path; relative paths start at the current folder."
    case .unreadableFile(let path, let reason):
      "'\(path)' cannot be opened for reading: \(reason)."
    case .notAFile(let path, let kind):
      "'\(path)' is \(kind), not a file. Arrays are memory-mapped and so must be regular files; "
        + "write the data to a file first."
    case .emptyFile(let path):
      "'\(path)' is empty (0 bytes), so it holds no array. The export that wrote it probably "
        + "stopped early; export it again."
    case .unknownFormat(let path, let found):
      "'\(path)' is not an array file: \(found). Expected NumPy's .npy or .npz, safetensors, or GGUF."
    case .missingMember(let location, let available):
      Self.describeMissingMember(location, available: available)
    case .memberNeeded(let path, let available) where available.isEmpty:
      "'\(path)' holds no arrays. Export it again with at least one."
    case .memberNeeded(let path, let available):
      "'\(path)' holds \(available.count) arrays, so the one to read must be named: "
        + Self.list(available) + "."
    case .noMembers(let location):
      "'\(location.path)' is a single array and has no members, but member "
        + "'\(location.member ?? "")' was asked for. Leave the member out."
    case .malformed(let location, let problem):
      "\(location) is damaged: \(problem). Export the array again, and if the file was copied or "
        + "downloaded, check that the copy is complete."
    case .truncated(let location, let expected, let actual):
      "\(location) is cut short: its header describes \(expected) bytes of elements, but only "
        + "\(actual) are there. The copy or export stopped early; repeat it."
    case .trailingBytes(let location, let expected, let actual):
      "\(location) is too long: its header describes \(expected) bytes of elements, but "
        + "\(actual) are there. It may hold several arrays one after another; save one array a "
        + "file, or several with np.savez."
    case .unsupportedType(let location, let type, let conversion):
      "\(location) holds \(type), which is not a real number type. Read are float16, bfloat16 "
        + "(safetensors, GGUF), float32, float64, integers of 8 to 64 bits and bool. Convert it with: "
        + conversion
    case .pickled(let location, let kind, let conversion):
      "\(location) is \(kind). Reading a pickle runs whatever code it contains, so it is refused. "
        + "If you trust the file, convert it with: \(conversion)"
    case .unsupportedCompression(let location, let feature):
      "\(location) \(feature), which is not read. Write the archive again with np.savez or "
        + "np.savez_compressed."
    case .inflationLimitExceeded(let location, let byteCount, let limit):
      "\(location) is compressed and would take \(byteCount) bytes of memory, more than the limit "
        + "of \(limit). Save it as .npy or with np.savez instead: those are memory-mapped and need "
        + "no memory of their own."
    case .checksumMismatch(let location, let expected, let actual):
      "\(location) is damaged: the CRC-32 of its bytes is \(Self.hexadecimal(actual)), but "
        + "\(Self.hexadecimal(expected)) was stored with them. Copy or export the file again."
    case .notRepresentable(let location, let index, let value, let type):
      "\(location) holds \(value) at index \(index), which is not exactly \(type). "
        + "Expected whole numbers in range here; check that this is the array you meant."
    case .changedWhileOpen(let path):
      "'\(path)' was changed while it was being read, so what was read cannot be trusted. Wait "
        + "until the export has finished and start again."
    case .invalidArray(let problem):
      "The array \(problem)."
    case .cannotCreate(let path, let reason):
      "'\(path)' cannot be written: \(reason). Nothing was left behind, and a file that was there "
        + "before is unchanged."
    case .inputOutput(let path, let operation, let reason):
      "'\(path)' could not be \(operation): \(reason)."
    }
  }

  private static func describeMissingMember(_ location: ArrayLocation, available: [String])
    -> String
  {
    let wanted = location.member ?? ""
    guard !available.isEmpty else {
      return "'\(location.path)' holds no arrays, so there is no member '\(wanted)'."
    }
    let nearest = Suggestion.nearest(to: wanted, among: available)
    let suggestion = nearest.map { " Did you mean '\($0)'?" } ?? ""
    return "'\(location.path)' has no member '\(wanted)'. It holds \(list(available)).\(suggestion)"
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(20).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > 20 ? "\(shown) and \(names.count - 20) more" : shown
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}
