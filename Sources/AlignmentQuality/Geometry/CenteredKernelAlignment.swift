public import Evaluation
public import LinearAlgebra

/// Linear centred kernel alignment: how alike the distances between points are in two layers.
///
/// With centred layers X and Y of the same points, ‖YᵀX‖_F²/(‖XᵀX‖_F ‖YᵀY‖_F), from 0 to 1. It does not change
/// where a layer is rotated or scaled. The biased form comes near 1 for independent layers when *n* is not
/// far above *d*, because the points' products with themselves agree. The debiased one takes the
/// unbiased estimates of all three terms, has about 0 there, and may be below 0; it is the default.
///
/// Kornblith, Norouzi, Lee & Hinton (2019), arXiv:1905.00414; Song, Smola, Gretton, Bedo & Borgwardt
/// (2012), "Feature selection via dependence maximization", eq. 5, for the unbiased estimate.
public struct CenteredKernelAlignment: CatalogEntry, Equatable {
  /// How the dependence of two layers is estimated.
  public enum Estimator: String, Sendable, Codable, CaseIterable {
    /// Without the products of points with themselves.
    case debiased
    /// With them, as first published.
    case biased
  }

  /// The name in recipes, on the command line and in records.
  public static let identifier = "centered-kernel-alignment"
  /// One line of help.
  public static let summary = "how alike the distances between points are in two layers"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Kornblith, Norouzi, Lee & Hinton", year: 2019,
    title: "Similarity of neural network representations revisited", link: "arXiv:1905.00414",
    locator: "section 3")
  /// The form with bias.
  public static let variants = [
    MethodVariant(
      "biased", summary: "with the products of points with themselves, as first published",
      overrides: ["estimator": "biased"])
  ]

  /// How the dependence of two layers is estimated.
  public var estimator = Estimator.debiased

  /// Creates the debiased form.
  public init() {}

  /// Compares every layer with every other.
  ///
  /// Gram matrices are made tile by tile for all layers at once, so that each is made once, and none is held.
  ///
  /// - Parameters:
  ///   - layers: The layers; widths may differ.
  ///   - rows: The rows of every layer that are points, the same in all; every row if not given.
  /// - Returns: The alignment of all pairs.
  /// - Throws: ``AlignmentQualityError/countMismatch(what:count:points:)`` if the layers differ in rows,
  ///   ``AlignmentQualityError/noPoints``, or what reading throws.
  /// - Complexity: O(L · *n*² · *d*/2 + L² · *n*²/2) for L layers, and every layer is read *n*/B times. Memory
  ///   for tiles: L · B² numbers of at most 32 MiB for each thread.
  public func alignment(
    of layers: [any PointSource], rows: [Int]? = nil
  ) throws(AlignmentQualityError) -> LayerAlignment {
    guard let first = layers.first else { throw .noPoints }
    for layer in layers where layer.rowCount != first.rowCount {
      throw .countMismatch(
        what: "rows of a layer", count: layer.rowCount, points: first.rowCount)
    }
    let rows = rows ?? Array(0..<first.rowCount)
    var centered: [CenteredLayer] = []
    for layer in layers { centered.append(try CenteredLayer(layer, rows: rows)) }
    let products = try LayerProducts(centered, count: rows.count).inner
    // What is left of sums of products when their bias is taken off is no better than their rounding.
    let rounding = 8 * Double(rows.count) * Double.ulpOfOne
    return LayerAlignment(
      dependence: estimator == .biased
        ? products : debiased(products, norms: centered.map(\.squaredNorms)),
      roundings: centered.indices.map { rounding * products[$0, $0] },
      reasons: centered.map { reason($0, count: rows.count) })
  }

  /// Why a layer cannot be compared.
  private func reason(_ layer: CenteredLayer, count: Int) -> String? {
    let least = estimator == .biased ? 2 : 4
    guard count >= least else { return "\(count) points are fewer than \(least)" }
    return layer.undefinedReason
  }

  /// n (n − 3) times the unbiased estimates: with K and L centred, and k and l their diagonals,
  /// ⟨K, L⟩ − k·l + Σk Σl/((n − 1)(n − 2)) − 2 k·l/(n − 2).
  private func debiased(_ products: Matrix<Double>, norms: [[Double]]) -> Matrix<Double> {
    let count = Double(norms[0].count)
    let sums = norms.map { $0.reduce(0, +) }
    return Matrix(rowCount: norms.count, columnCount: norms.count) { row, column in
      let (left, right) = (norms[row], norms[column])
      let shared = dotProduct(left.span, right.span)
      return products[row, column] - shared - 2 * shared / (count - 2)
        + sums[row] * sums[column] / ((count - 1) * (count - 2))
    }
  }
}

/// How alike layers are, each with each.
public struct LayerAlignment: Sendable, Equatable {
  /// (L, L), symmetric, 1 on the diagonal; NaN where a layer has none.
  public let matrix: Matrix<Double>
  /// Why each layer has no alignment, if so.
  private let reasons: [String?]

  /// Divides dependences by the square roots of those of each layer with itself.
  ///
  /// - Parameters:
  ///   - dependence: (L, L).
  ///   - roundings: What the dependence of each layer with itself must exceed.
  ///   - reasons: Why each layer has none, if that is known before.
  init(dependence: Matrix<Double>, roundings: [Double], reasons: [String?]) {
    let count = dependence.rowCount
    self.reasons = (0..<count).map { layer in
      reasons[layer]
        ?? (dependence[layer, layer] > roundings[layer]
          ? nil : "the points of the layer are no more alike than independent ones")
    }
    let known = self.reasons
    matrix = Matrix(rowCount: count, columnCount: count) { row, column in
      guard known[row] == nil, known[column] == nil else { return .nan }
      guard row != column else { return 1 }
      let scale = dependence[row, row].squareRoot() * dependence[column, column].squareRoot()
      return dependence[row, column] / scale
    }
  }

  /// The alignment of two layers.
  ///
  /// - Parameters:
  ///   - first: A layer's place.
  ///   - second: Another's.
  /// - Returns: The number, or why there is none.
  public func value(_ first: Int, _ second: Int) -> IndexValue {
    if let reason = reasons[first] ?? reasons[second] { return .undefined(reason) }
    return .finite(matrix[first, second])
  }

  /// The alignment of every layer with the one before it.
  public var toPrevious: [IndexValue] {
    (0..<matrix.rowCount).map { layer in
      layer == 0 ? .undefined("there is no layer before the first") : value(layer - 1, layer)
    }
  }
}
