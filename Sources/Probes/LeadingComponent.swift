package import Activations
internal import LinearAlgebra

/// The leading principal component of normalised training differences: the direction in which pairs
/// differ most, which an unsupervised probe may find instead of what it was meant to find.
package struct LeadingComponent: Sendable {
  /// A unit vector, one weight a feature; its sign is arbitrary.
  let direction: [Float]
  private let normalization: FittedNormalization

  /// Finds the component.
  ///
  /// - Parameters:
  ///   - training: Raw training data.
  ///   - normalization: How it is normalised first.
  /// - Throws: ``ProbeError/noDirection(method:reason:)`` if all differences are equal.
  /// - Complexity: O(n d min(n, d)).
  package init(training: consuming ProbeData, normalization: Normalization) throws(ProbeError) {
    let (features, fitted) = try LinearFeatures.fit(training, normalization: normalization)
    direction = try Self.direction(of: features)
    self.normalization = fitted
  }

  /// The projections of held-out data.
  package func projections(_ data: consuming ProbeData) throws(ProbeError) -> [Double] {
    let features = try LinearFeatures.apply(normalization, to: data)
    return product(of: features.view, and: direction.span).map { Double($0) }
  }

  /// The leading component of rows, which are centred first.
  ///
  /// Works on the smaller of the two Gram matrices, so that neither many features nor many samples cost
  /// more than the other side squared.
  static func direction(of rows: Matrix<Float>) throws(ProbeError) -> [Float] {
    let weights = try leadingWeights(of: rows)
    let norm = weights.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard norm > 0 else {
      throw .noDirection(method: "principal-component", reason: "all rows are equal")
    }
    return weights.map { Float(Double($0) / norm) }
  }

  private static func leadingWeights(of rows: Matrix<Float>) throws(ProbeError) -> [Float] {
    do throws(LinearAlgebraError) {
      let means = try ColumnMoments(of: rows.view).means
      var centered = rows
      centered.standardizeRows(
        centers: Matrix(rowCount: 1, columnCount: means.count, elements: means.map { Float($0) }),
        scales: nil)
      let isWide = rows.columnCount > rows.rowCount
      let gram = symmetricProduct(of: centered.view, transposed: !isWide)
      let leading = try SymmetricEigendecomposition(leading: 1, of: gram.view)
      let vector = leading.eigenvectors.row(0)
      return isWide ? product(of: centered.view, and: vector.span, transposed: true) : vector
    } catch {
      throw .linearAlgebra(error)
    }
  }
}
