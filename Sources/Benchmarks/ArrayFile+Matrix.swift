import Plumbline

extension ArrayFile {
  /// The matrix that a file of float32 numbers holds.
  static func matrix(_ path: String) throws -> Matrix<Float> {
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
