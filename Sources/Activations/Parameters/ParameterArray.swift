public import LinearAlgebra

/// Learned numbers with a shape: weights, means, directions.
///
/// Encodes itself in one of two ways, and decodes both. By default its values are JSON numbers, which
/// is readable and suits small values. Where the encoder carries a ``ParameterStore``, the values go
/// there and only a reference is encoded; ``ParameterFile`` uses that to keep them in safetensors. Both
/// ways return every value bit for bit.
public struct ParameterArray<Scalar: LAPACKScalar & Codable>: Sendable, Equatable {
  /// The extent of each axis; empty for a single number.
  public let shape: [Int]
  /// The values, last axis fastest.
  public let values: [Scalar]

  /// Numbers with a shape.
  ///
  /// - Parameters:
  ///   - values: the values, last axis fastest.
  ///   - shape: the extent of each axis; one axis if not given.
  /// - Precondition: the shape has as many places as there are values.
  public init(_ values: [Scalar], shape: [Int]? = nil) {
    let shape = shape ?? [values.count]
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count,
      "\(values.count) values for the shape \(shape)")
    self.shape = shape
    self.values = values
  }

  /// The rows of a matrix.
  ///
  /// - Parameter matrix: any matrix.
  public init(_ matrix: Matrix<Scalar>) {
    self.init(matrix.elements, shape: [matrix.rowCount, matrix.columnCount])
  }

  /// The values as a matrix.
  ///
  /// - Precondition: there are two axes.
  public var matrix: Matrix<Scalar> {
    precondition(shape.count == 2, "a matrix has 2 axes, this has \(shape.count)")
    return Matrix(rowCount: shape[0], columnCount: shape[1], elements: values)
  }
}

extension ParameterArray: Codable {
  private enum Keys: String, CodingKey {
    case shape
    case values
    case tensor
  }

  /// Decodes values, or fetches them from the store that the decoder carries.
  ///
  /// - Parameter decoder: where to read.
  /// - Throws: `DecodingError` if shape and values do not fit, or the store lacks the tensor.
  public init(from decoder: any Decoder) throws {
    if let list = try? decoder.singleValueContainer().decode([Scalar].self) {
      self.init(list)
      return
    }
    let container = try decoder.container(keyedBy: Keys.self)
    let shape: [Int]
    let values: [Scalar]
    if let name = try container.decodeIfPresent(String.self, forKey: .tensor) {
      guard let store = decoder.userInfo[.parameterStore] as? ParameterStore,
        let tensor: (shape: [Int], values: [Scalar]) = store.tensor(named: name)
      else {
        throw DecodingError.dataCorruptedError(
          forKey: .tensor, in: container,
          debugDescription: "the tensor \"\(name)\" is missing or of another type")
      }
      (shape, values) = tensor
    } else {
      shape = try container.decode([Int].self, forKey: .shape)
      values = try container.decode([Scalar].self, forKey: .values)
    }
    guard let count = Self.count(of: shape), count == values.count,
      values.allSatisfy(\.isFinite)
    else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "\(values.count) values do not fit the shape \(shape), or not all of "
            + "them are finite"))
    }
    self.init(values, shape: shape)
  }

  /// Encodes the values, or puts them into the store that the encoder carries.
  ///
  /// - Parameter encoder: where to write.
  /// - Throws: `EncodingError` for a NaN or an infinity, and what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    guard values.allSatisfy(\.isFinite) else {
      throw EncodingError.invalidValue(
        self,
        .init(codingPath: encoder.codingPath, debugDescription: "a parameter is not finite"))
    }
    if let store = encoder.userInfo[.parameterStore] as? ParameterStore {
      let path = encoder.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
      let name = store.add(values, shape: shape, named: path.joined(separator: "."))
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(name, forKey: .tensor)
    } else if shape.count == 1 {
      var container = encoder.singleValueContainer()
      try container.encode(values)
    } else {
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(shape, forKey: .shape)
      try container.encode(values, forKey: .values)
    }
  }

  private static func count(of shape: [Int]) -> Int? {
    var count = 1
    for extent in shape {
      guard extent >= 0 else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      count = product
    }
    return count
  }
}
