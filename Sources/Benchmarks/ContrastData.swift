import Plumbline

/// Reads what `make_contrast_data.py` wrote.
enum ContrastData {
  static func pairs(in folder: String) throws -> ContrastPairs {
    try ContrastPairs(
      positive: ArrayFile.matrix("\(folder)/positive.npy"),
      negative: ArrayFile.matrix("\(folder)/negative.npy"))
  }

  /// One start a row, the bias last.
  static func starts(in folder: String) throws -> Matrix<Float> {
    try ArrayFile.matrix("\(folder)/initial_weights.npy")
  }
}
