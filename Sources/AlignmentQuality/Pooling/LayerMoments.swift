public import LinearAlgebra

/// The sufficient statistics of some points of one class at L layers: their count, their mean at each layer
/// and the L × L products of their deviations.
///
/// Statistics of parts can be merged into those of the whole, so that one pass over the points serves every
/// fold of a cross-validation. All numbers are float64.
public struct LayerMoments: Sendable, Equatable {
  /// n, the number of points.
  public private(set) var count = 0
  /// (L, d), the mean at each layer.
  public private(set) var means: Matrix<Double>
  /// (L, L), Σ ⟨x^l − c^l, x^m − c^m⟩ over the points, with the means c.
  public private(set) var within: Matrix<Double>
  /// Whether all points are the same point at the layer, exactly.
  public private(set) var constantLayers: [Bool]

  /// The statistics of no points.
  ///
  /// - Parameters:
  ///   - layerCount: L.
  ///   - width: d.
  public init(layerCount: Int, width: Int) {
    means = Matrix(rowCount: layerCount, columnCount: width)
    within = Matrix(rowCount: layerCount, columnCount: layerCount)
    constantLayers = [Bool](repeating: true, count: layerCount)
  }

  /// The statistics of points given by their differences from a reference point.
  ///
  /// Where the reference is one of the n points, the sum of squares around it is at most n times that
  /// around the mean, so that the subtraction costs at most log₂ n bits.
  ///
  /// - Parameters:
  ///   - count: n ≥ 1.
  ///   - reference: (L, d).
  ///   - sums: (L, d), the sums of the differences.
  ///   - products: (L, L), the sums of their products.
  ///   - constantLayers: Where all differences are zero.
  init(
    count: Int, reference: Matrix<Double>, sums: consuming Matrix<Double>,
    products: consuming Matrix<Double>, constantLayers: [Bool]
  ) {
    self.count = count
    self.constantLayers = constantLayers
    let perCount = 1 / Double(count)
    let squares = symmetricProduct(of: sums.view, transposed: false)
    within = products
    within.add(squares, times: -perCount)
    means = reference
    means.add(sums, times: perCount)
  }

  /// Adds the points that other statistics are of.
  ///
  /// With δ the (L, d) difference of the means, the products grow by those of the other points and by
  /// δδᵀ · n_a n_b / (n_a + n_b): the rule of Chan, Golub & LeVeque (1979), eq. 2.1, with layers for
  /// coordinates.
  ///
  /// - Parameter other: Statistics at as many layers of one width.
  /// - Complexity: O(L² · *d*).
  public mutating func merge(_ other: LayerMoments) {
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    var shift = other.means
    shift.subtractElements(of: means)
    let share = Double(other.count) / Double(count + other.count)
    let squares = symmetricProduct(of: shift.view, transposed: false)
    within.addElements(of: other.within)
    within.add(squares, times: Double(count) * share)
    for layer in constantLayers.indices {
      constantLayers[layer] =
        constantLayers[layer] && other.constantLayers[layer] && squares[layer, layer] == 0
    }
    means.add(shift, times: share)
    count += other.count
  }

  /// How far rounding may have moved the mean of each layer: four units in its last place and none where
  /// the layer is constant.
  var roundings: [Double] {
    constantLayers.enumerated().map { layer, isConstant in
      guard !isConstant else { return 0 }
      let spread = (within[layer, layer] / Double(count)).squareRoot()
      return 4 * Double.ulpOfOne * (euclideanNorm(means.row(layer).span) + spread)
    }
  }
}

extension Matrix<Double> {
  /// Adds a multiple of a matrix of the same shape.
  mutating func add(_ other: Matrix<Double>, times factor: Double) {
    var elements = mutableSpan
    addProduct(of: factor, and: other.span, to: &elements)
  }
}
