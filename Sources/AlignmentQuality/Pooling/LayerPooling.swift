public import LinearAlgebra

/// How the layers of a point become one vector, Σ α_l x^l.
public enum LayerPooling: Sendable, Equatable {
  /// The same weights, one a layer, for all points.
  case shared([Double])
  /// Weights of each point's own: a map of its cosines with a reference, over a temperature.
  ///
  /// Borah et al. (2025), arXiv:2506.13901, appendix C. Cosines lie between −1 and 1, so that at temperature
  /// 1 the largest softmax weight of 32 layers is at most e²/(e² + 31) = .19; a sharper choice needs a lower
  /// temperature. The reference is (L, d), one row a layer, or (1, d) for all layers alike: the mean of
  /// known safe representations in the paper, which leaves open which of both it is.
  case perExampleCosine(reference: Matrix<Double>, map: SimplexMap, temperature: Double = 1)

  /// The weights for one point.
  ///
  /// - Parameter example: (L, d), the point at each layer.
  /// - Returns: One weight a layer.
  /// - Throws: ``AlignmentQualityError/zeroVector(what:layer:)`` where a cosine has no value, and
  ///   ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for settings that cannot be.
  /// - Complexity: O(L · *d*).
  public func weights(
    of example: MatrixView<Double>
  ) throws(AlignmentQualityError) -> [Double] {
    switch self {
    case .shared(let weights): return weights
    case .perExampleCosine(let reference, let map, let temperature):
      let cosines = try Self.cosines(of: example, with: reference)
      return try map.weights(of: cosines, temperature: temperature)
    }
  }

  /// The cosine of a point with the reference at each layer.
  ///
  /// - Parameters:
  ///   - example: (L, d), the point at each layer.
  ///   - reference: (L, d), or (1, d) for all layers alike.
  /// - Returns: One cosine a layer.
  /// - Throws: ``AlignmentQualityError/zeroVector(what:layer:)`` for a vector of zeros, whose cosine is not
  ///   0 but undefined.
  /// - Complexity: O(L · *d*).
  public static func cosines(
    of example: MatrixView<Double>, with reference: Matrix<Double>
  ) throws(AlignmentQualityError) -> [Double] {
    var cosines: [Double] = []
    for layer in 0..<example.rowCount {
      let vector = example.row(layer)
      let other = reference.view.row(reference.rowCount == 1 ? 0 : layer)
      let (length, otherLength) = (euclideanNorm(vector), euclideanNorm(other))
      guard length > 0 else { throw .zeroVector(what: "a point", layer: layer) }
      guard otherLength > 0 else { throw .zeroVector(what: "the reference", layer: layer) }
      cosines.append(max(-1, min(1, dotProduct(vector, other) / length / otherLength)))
    }
    return cosines
  }

  /// L_align = 2 − (2/L) Σ cos_l, the mean squared distance of a point's directions to the reference's.
  ///
  /// From 0, where all layers point along the reference, to 4.
  ///
  /// - Parameter cosines: One a layer, at least one.
  /// - Returns: The loss.
  public static func alignmentLoss(cosines: [Double]) -> Double {
    2 - 2 * cosines.reduce(0, +) / Double(cosines.count)
  }

  /// Refuses weights or a reference that do not fit layers.
  func check(layerCount: Int, width: Int) throws(AlignmentQualityError) {
    switch self {
    case .shared(let weights):
      guard weights.count == layerCount, weights.allSatisfy(\.isFinite) else {
        throw .invalidSetting(
          method: "pooling", name: "weights", value: "\(weights)",
          expected: "\(layerCount) finite numbers, one a layer")
      }
    case .perExampleCosine(let reference, _, _):
      guard [1, layerCount].contains(reference.rowCount), reference.columnCount == width else {
        throw .invalidSetting(
          method: "cosine pooling", name: "reference",
          value: "(\(reference.rowCount), \(reference.columnCount))",
          expected: "(\(layerCount), \(width)), or (1, \(width)) for all layers alike")
      }
    }
  }
}
