internal import ArrayFiles
public import LinearAlgebra

/// The arrays of a golden `.npz` file, which a `generate.py` beside it wrote.
public struct GoldenArrays: Sendable {
  private let path: String

  /// Names a golden file.
  ///
  /// - Parameters:
  ///   - name: The file's name in the folder `Golden` beside the test's source.
  ///   - source: The test's source file.
  public init(_ name: String, besides source: String = #filePath) {
    let folder = source.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    path = folder.joined(separator: "/") + "/Golden/" + name
  }

  /// The elements of an array, in C order.
  ///
  /// - Parameter member: The array's name.
  /// - Returns: All elements.
  /// - Throws: ``ArrayFileError`` if it cannot be read.
  public func numbers(_ member: String) throws -> [Double] {
    try ArrayFile.open(path, member: member).doubles()
  }

  /// The elements of an array of integers, in C order.
  ///
  /// - Parameter member: The array's name.
  /// - Returns: All elements.
  /// - Throws: ``ArrayFileError`` if it cannot be read.
  public func integers(_ member: String) throws -> [Int] {
    try ArrayFile.open(path, member: member).integers()
  }

  /// An array of one or two axes as a matrix; of one axis, a single row.
  ///
  /// - Parameter member: The array's name.
  /// - Returns: The matrix.
  /// - Throws: ``ArrayFileError`` if it cannot be read.
  public func matrix(_ member: String) throws -> Matrix<Float> {
    let file = try ArrayFile.open(path, member: member)
    let shape = file.layout.shape
    precondition(shape.count <= 2, "\(member) has \(shape.count) axes")
    let columnCount = shape.last ?? 1
    return Matrix(
      rowCount: shape.count == 2 ? shape[0] : 1, columnCount: columnCount,
      elements: try file.doubles().map { Float($0) })
  }

  /// Writes an array as a `.npy` file, for tests that change a dump.
  ///
  /// - Parameters:
  ///   - values: The elements, in C order.
  ///   - shape: The shape.
  ///   - path: Where to write.
  /// - Throws: ``ArrayFileError`` if it cannot be written.
  public static func write(_ values: [Float], shape: [Int], to path: String) throws {
    try NPYWriter.write(try ArrayContents(values, shape: shape), to: path)
  }
}
