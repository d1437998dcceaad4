import Plumbline

/// Reads what `make_contrast_data.py` wrote.
enum ContrastData {
  static func pairs(in folder: String) throws -> ContrastPairs {
    try ContrastPairs(
      positive: matrix("\(folder)/positive.npy"), negative: matrix("\(folder)/negative.npy"))
  }

  /// One start a row, the bias last.
  static func starts(in folder: String) throws -> Matrix<Float> {
    try matrix("\(folder)/initial_weights.npy")
  }

  private static func matrix(_ path: String) throws -> Matrix<Float> {
    let file = try ArrayFile.open(path)
    let shape = file.layout.shape
    var matrix = Matrix<Float>(rowCount: shape[0], columnCount: shape[1])
    file.withBytes { bytes in
      var elements = matrix.mutableSpan
      _ = Widening.convert(bytes, of: .float32, into: &elements)
    }
    return matrix
  }
}
