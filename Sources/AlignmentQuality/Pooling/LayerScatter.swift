public import LinearAlgebra

/// How points scatter within and between classes for any weights of L layers: matrices of L × L numbers,
/// whatever the width of a layer.
///
/// With pooled points x̃ = Σ α_l x^l the scatter of class k is αᵀ W_k α, and the squared distance of two
/// centroids αᵀ M_kl α. So one pass over the points gives the ``ClassScatter``, and with it every index that
/// needs no more, for all weights.
public struct LayerScatter: Sendable, Equatable {
  /// n_k, the number of points of each class; 0 for a class that the points lack.
  public let counts: [Int]
  /// W_k, (L, L) for each class: Σ ⟨x^l − c_k^l, x^m − c_k^m⟩ over its points.
  public let withinProducts: [Matrix<Double>]
  /// B, (L, L): Σ n_k ⟨c_k^l − g^l, c_k^m − g^m⟩ with the mean g of all points.
  public let betweenProducts: Matrix<Double>
  /// M_kl of each pair k < l in the order of ``ClassScatter/classPairs``.
  private let pairProducts: [Matrix<Double>]
  /// Whether each class is one repeated point at each layer.
  private let constantLayers: [[Bool]]
  /// How far rounding may have moved each class's mean at each layer.
  private let roundings: [[Double]]

  /// The number of layers.
  public var layerCount: Int { betweenProducts.rowCount }
  /// n, the number of points.
  public var pointCount: Int { counts.reduce(0, +) }
  /// W = Σ W_k, (L, L).
  public var totalWithinProducts: Matrix<Double> {
    withinProducts.reduce(into: Matrix(rowCount: layerCount, columnCount: layerCount)) {
      $0.addElements(of: $1)
    }
  }

  /// Measures points at all layers in one pass.
  ///
  /// Coordinates and products are taken in float64, whatever their own precision.
  ///
  /// - Parameter points: The points with their classes.
  /// - Throws: ``AlignmentQualityError`` if a coordinate is not finite or cannot be read.
  /// - Complexity: O(*n* · L² · *d*), and memory for K · L · *d* means.
  public init(_ points: LayeredPoints) throws(AlignmentQualityError) {
    self.init(try LayerMoments.measure(points)[0])
  }

  /// Takes products of the statistics of each class.
  ///
  /// - Parameter classes: At least one; one of count 0 for a class without points.
  /// - Complexity: O(K² · L² · *d*).
  public init(_ classes: [LayerMoments]) {
    precondition(!classes.isEmpty, "the statistics of at least one class")
    let layerCount = classes[0].within.rowCount
    counts = classes.map(\.count)
    withinProducts = classes.map(\.within)
    constantLayers = classes.map(\.constantLayers)
    roundings = classes.map {
      $0.count > 0 ? $0.roundings : [Double](repeating: 0, count: layerCount)
    }
    let pointCount = Double(max(1, counts.reduce(0, +)))
    var between = Matrix<Double>(rowCount: layerCount, columnCount: layerCount)
    var pairs: [Matrix<Double>] = []
    for first in classes.indices {
      for second in classes.indices.dropFirst(first + 1) {
        var shift = classes[second].means
        shift.subtractElements(of: classes[first].means)
        let products = symmetricProduct(of: shift.view, transposed: false)
        let (one, other) = (Double(counts[first]), Double(counts[second]))
        between.add(products, times: one * other / pointCount)
        pairs.append(products)
      }
    }
    betweenProducts = between
    pairProducts = pairs
  }

  /// The products of two centroids' differences.
  ///
  /// - Parameters:
  ///   - first: A class.
  ///   - second: Another class.
  /// - Returns: M_kl, (L, L): ⟨c_l^a − c_k^a, c_l^b − c_k^b⟩ for layers a and b.
  public func centroidProducts(_ first: Int, _ second: Int) -> Matrix<Double> {
    let (low, high) = (min(first, second), max(first, second))
    precondition(low >= 0 && low < high && high < counts.count, "classes \(first) and \(second)")
    return pairProducts[low * (2 * counts.count - low - 1) / 2 + high - low - 1]
  }

  /// The scatter of the points that weights make of the layers.
  ///
  /// - Parameter weights: α, one a layer, finite; neither their signs nor their sum matter here.
  /// - Returns: Counts, scatters and the distances of the centroids, as a pass over the pooled points would
  ///   give them to rounding.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for other weights, or
  ///   for a class without points.
  /// - Complexity: O(K² · L²).
  public func classScatter(at weights: [Double]) throws(AlignmentQualityError) -> ClassScatter {
    try check(weights)
    if let empty = counts.firstIndex(of: 0) {
      throw .invalidSetting(
        method: "pooling", name: "points", value: "none of class \(empty)",
        expected: "at least one point of each class")
    }
    let used = weights.indices.filter { weights[$0] != 0 }
    var distances = Matrix<Double>(rowCount: counts.count, columnCount: counts.count)
    for first in counts.indices {
      for second in 0..<first {
        let distance = max(0, form(centroidProducts(first, second), weights))
        distances[first, second] = distance
        distances[second, first] = distance
      }
    }
    let areConstant = constantLayers.map { layers in used.allSatisfy { layers[$0] } }
    return ClassScatter(
      counts: counts,
      scatters: zip(withinProducts, areConstant).map { $1 ? 0 : max(0, form($0, weights)) },
      squaredCentroidDistances: distances, constantClasses: areConstant,
      centroidRoundings: roundings.map { layers in
        used.reduce(0) { $0 + weights[$1].magnitude * layers[$1] }
      })
  }

  /// Refuses weights that are not one finite number a layer.
  func check(_ weights: [Double]) throws(AlignmentQualityError) {
    guard weights.count == layerCount else {
      throw .invalidSetting(
        method: "pooling", name: "weights", value: "\(weights.count) numbers",
        expected: "one for each of \(layerCount) layers")
    }
    if let place = weights.firstIndex(where: { !$0.isFinite }) {
      throw .invalidSetting(
        method: "pooling", name: "weights",
        value: "\(weights[place]) at layer place \(place) (from 0)",
        expected: "finite numbers")
    }
  }

  private func form(_ matrix: Matrix<Double>, _ weights: [Double]) -> Double {
    bilinearForm(matrix.view, weights.span, weights.span)
  }
}
