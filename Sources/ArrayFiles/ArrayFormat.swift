/// The formats that are read, told by their content.
package enum ArrayFormat: Sendable {
  case npy
  case npz
  case safetensors
  case gguf

  /// The format of a file.
  ///
  /// - Parameter path: The file.
  /// - Returns: The format that its first bytes tell.
  /// - Throws: ``ArrayFileError`` if the file cannot be read, or is of no format that is.
  package static func detect(_ path: String) throws(ArrayFileError) -> ArrayFormat {
    try detect(.mapped(try MappedFile(path: path)), path: path)
  }

  /// Looks at the first bytes.
  static func detect(_ storage: ArrayBytes, path: String) throws(ArrayFileError) -> ArrayFormat {
    try storage.withSpan { bytes throws(ArrayFileError) in
      if bytes.hasBytes(NPYHeader.magic) { return .npy }
      if bytes.hasBytes(Array("PK".utf8) + [3, 4]) || bytes.hasBytes(Array("PK".utf8) + [5, 6]) {
        return .npz
      }
      if bytes.hasBytes(GGUFHeader.magic) { return .gguf }
      // Before pickle: a safetensors header of 640 bytes also starts with 0x80 0x02.
      if SafetensorsHeader.isLikely(bytes) { return .safetensors }
      try refuseKnown(bytes, path: path)
      switch PathName.fileExtension(of: path) {
      case "safetensors": return .safetensors
      default: throw .unknownFormat(path: path, found: describe(bytes))
      }
    }
  }

  /// Refuses what is recognised but must not or need not be read.
  private static func refuseKnown(_ bytes: Span<UInt8>, path: String) throws(ArrayFileError) {
    guard bytes.count >= 2, bytes[0] == 0x80, (1...5).contains(bytes[1]) else { return }
    let name = PathName.fileExtension(of: path)
    // torch.save before version 1.6 wrote a plain pickle that starts with this number.
    let isPyTorch = bytes.hasBytes([0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20], at: 2)
    if isPyTorch || ["pt", "pth", "bin", "ckpt"].contains(name) {
      throw pyTorchRefusal(path: path)
    }
    let stem = PathName.stem(of: path)
    throw .pickled(
      ArrayLocation(path: path), kind: "a Python pickle",
      conversion: "np.save('\(stem).npy', np.load('\(path)', allow_pickle=True)"
        + ".astype('float32'))")
  }

  static func pyTorchRefusal(path: String) -> ArrayFileError {
    .pickled(
      ArrayLocation(path: path), kind: "a PyTorch file, which is a pickle",
      conversion: "np.save('\(PathName.stem(of: path)).npy', "
        + "torch.load('\(path)', map_location='cpu').float().numpy())")
  }

  /// What the first bytes look like.
  private static func describe(_ bytes: Span<UInt8>) -> String {
    let known: [(magic: [UInt8], name: String)] = [
      (
        Array("version https://git-lfs".utf8), "a Git LFS pointer, not the data; run 'git lfs pull'"
      ),
      ([0x89] + Array("HDF".utf8), "an HDF5 file"),
      ([0x1F, 0x8B], "a gzip file; unpack it first"),
      ([0x28, 0xB5, 0x2F, 0xFD], "a Zstandard file; unpack it first"),
      (Array("PAR1".utf8), "a Parquet file"),
      (Array("ARROW1".utf8), "an Arrow file"),
      (Array("<!DOCTYPE".utf8), "a web page, perhaps a failed download"),
      (Array("<html".utf8), "a web page, perhaps a failed download"),
    ]
    for (magic, name) in known where bytes.hasBytes(magic) { return "it is \(name)" }
    let digits = (0..<min(8, bytes.count)).map { position in
      let text = String(bytes[position], radix: 16)
      return text.count == 1 ? "0" + text : text
    }
    return "its first bytes, \(digits.joined(separator: " ")), belong to no known format"
  }
}
