/// The directions in which the rows of a matrix extend most: the leading eigenvectors of RᵀR/n, where R has
/// the rows, or the rows less their mean.
///
/// Found by a block Krylov iteration in float64 with full reorthogonalisation (Golub & Underwood 1977; Musco &
/// Musco 2015, arXiv:1504.05477), so that neither d² nor n² numbers are formed; matrices of at most
/// 96 rows or columns are decomposed whole. Blocks hold more directions than were asked for, so that
/// eigenvalues which coincide are all found.
public struct LeadingComponents: Sendable, Equatable {
  /// What is subtracted from rows first.
  public enum Centering: Sendable {
    /// Nothing.
    case none
    /// The mean of all rows.
    case columns
  }

  /// The leading eigenvalues, descending: the mean square of the rows along each direction.
  public let meanSquares: [Double]
  /// One unit vector a row, in the order of ``meanSquares``; signs are arbitrary.
  public let directions: Matrix<Double>
  /// The mean square of the rows over all directions: the trace of RᵀR/n.
  public let totalMeanSquare: Double
  /// How many times the rows were read to find the directions.
  public let passCount: Int

  /// Finds the leading directions of the rows of some matrices together.
  ///
  /// - Parameters:
  ///   - parts: Matrices of one width, whose rows are taken as those of one matrix; finite.
  ///   - centering: What is subtracted from rows first.
  ///   - count: How many directions; at most the rows or columns that there are.
  ///   - tolerance: How small ‖RᵀR v/n − λ v‖ / λ₁ must get.
  /// - Throws: ``LinearAlgebraError/empty(dimension:)``,
  ///   ``LinearAlgebraError/countOutOfRange(name:value:minimum:maximum:)``,
  ///   ``LinearAlgebraError/nonFinite(row:column:)``, or
  ///   ``LinearAlgebraError/noConvergence(routine:unconverged:)`` if the tolerance is not reached before the
  ///   directions run out.
  /// - Complexity: O(*n* · *d*) for each of a few dozen passes.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public init<Scalar: LAPACKScalar>(
    of parts: [Matrix<Scalar>], centering: Centering, count: Int, tolerance: Double = 1e-11
  ) throws(LinearAlgebraError) {
    let rows = try StackedRows(parts, centering: centering)
    let smaller = min(rows.count, rows.width)
    guard count >= 1, count <= smaller else {
      throw .countOutOfRange(name: "component count", value: count, minimum: 1, maximum: smaller)
    }
    totalMeanSquare = rows.totalMeanSquare
    let blockSize = count + 3
    if smaller <= max(96, 4 * blockSize) {
      (meanSquares, directions) = try Self.dense(rows, count: count)
      passCount = 2
      return
    }
    var basis = KrylovBasis(width: rows.width)
    var block = KrylovBasis.startingBlock(count: blockSize, width: rows.width)
    // The basis never holds more than a third of all directions: long before, decomposing whole is cheaper.
    let longest = max(4, smaller / (3 * blockSize))
    for pass in 1...longest {
      basis.append(block)
      let images = rows.applied(to: basis.last)
      basis.appendImages(images)
      let ritz = try basis.ritzPairs(count: count)
      if ritz.largestResidual <= tolerance * max(ritz.values[0], .leastNormalMagnitude) {
        (meanSquares, directions, passCount) = (ritz.values, ritz.vectors, pass)
        return
      }
      block = images
    }
    (meanSquares, directions) = try Self.dense(rows, count: count)
    passCount = longest + 2
  }

  /// By the smaller of the two Gram matrices.
  private static func dense<Scalar: LAPACKScalar>(
    _ rows: StackedRows<Scalar>, count: Int
  ) throws(LinearAlgebraError) -> ([Double], Matrix<Double>) {
    let all = rows.widened()
    let isWide = rows.width > rows.count
    var gram = symmetricProduct(of: all.view, transposed: !isWide)
    let scale = 1 / Double(rows.count)
    for row in 0..<gram.rowCount { gram.scaleRow(row, by: scale) }
    let leading = try SymmetricEigendecomposition(leading: count, of: gram.view)
    var vectors =
      isWide ? product(of: leading.eigenvectors.view, and: all.view) : leading.eigenvectors
    vectors.scaleRowsToUnitNorm()
    return (leading.eigenvalues.map { max(0, $0) }, vectors)
  }
}

/// Some matrices' rows as those of one matrix, less their mean if asked for, and read block by block.
private struct StackedRows<Scalar: LAPACKScalar>: Sendable {
  let parts: [Matrix<Scalar>]
  let count: Int
  let width: Int
  let totalMeanSquare: Double
  private let isCentered: Bool
  private let center: [Double]
  private let blocks: [Block]

  private struct Block: Sendable {
    let part: Int
    let rows: Range<Int>
  }

  init(
    _ parts: [Matrix<Scalar>], centering: LeadingComponents.Centering
  ) throws(LinearAlgebraError) {
    let parts = parts.filter { $0.rowCount > 0 }
    guard let width = parts.first?.columnCount else { throw .empty(dimension: "row") }
    guard width > 0 else { throw .empty(dimension: "column") }
    var moments = ColumnMoments(columnCount: width)
    for part in parts {
      guard part.columnCount == width else {
        throw .shapeMismatch(
          operation: "leading components", expected: "\(width) columns in every part",
          actual: "\(part.columnCount)")
      }
      moments.merge(try ColumnMoments(of: part.view))
    }
    self.parts = parts
    self.width = width
    count = moments.count
    let means = moments.means
    isCentered = centering == .columns
    center = isCentered ? means : [Double](repeating: 0, count: width)
    let deviations = moments.squaredDeviations.reduce(0, +) / Double(count)
    totalMeanSquare = deviations + (isCentered ? 0 : dotProduct(means.span, means.span))
    // A widened block stays in the second-level cache.
    let height = max(8, (1 << 16) / width)
    blocks = parts.indices.flatMap { part in
      stride(from: 0, to: parts[part].rowCount, by: height).map { first in
        Block(part: part, rows: first..<min(first + height, parts[part].rowCount))
      }
    }
  }

  /// (RᵀR/n) x for each row x of a block.
  func applied(to block: Matrix<Double>) -> Matrix<Double> {
    // Sums of neighbouring blocks are taken on one thread, so that few partial sums are kept: one for each
    // millisecond of work, about.
    let shareCount = min(16, blocks.count, max(1, (count * width) >> 20))
    let sums = Parallel.map(shareCount) { share in
      var sum = Matrix<Double>(rowCount: block.rowCount, columnCount: width)
      let first = blocks.count * share / shareCount
      for place in first..<(blocks.count * (share + 1) / shareCount) {
        // Rows that are in float64 and as they should be need no copy.
        if !isCentered, let part = parts[blocks[place].part] as? Matrix<Double> {
          let rows = part.view(rows: blocks[place].rows)
          addImage(of: block, under: rows, to: &sum)
        } else {
          let rows = widened(blocks[place])
          addImage(of: block, under: rows.view, to: &sum)
        }
      }
      return sum
    }
    var total = sums[0]
    for sum in sums.dropFirst() { total.addElements(of: sum) }
    return total
  }

  /// Adds the part of (RᵀR/n) x that some rows make.
  private func addImage(
    of block: Matrix<Double>, under rows: MatrixView<Double>, to sum: inout Matrix<Double>
  ) {
    let products = product(of: rows, and: block.view, rightTransposed: true)
    accumulateProduct(
      of: products.view, and: rows, leftTransposed: true, scale: 1 / Double(count), into: &sum)
  }

  /// All rows in float64.
  func widened() -> Matrix<Double> {
    let elements = blocks.flatMap { widened($0).elements }
    return Matrix(rowCount: count, columnCount: width, elements: elements)
  }

  private func widened(_ block: Block) -> Matrix<Double> {
    let start = block.rows.lowerBound * width
    let part = parts[block.part]
    let source = part.span
    var result = Matrix<Double>(rowCount: block.rows.count, columnCount: width)
    var target = result.mutableSpan
    let center = center.span
    for row in 0..<block.rows.count {
      let first = row * width
      for column in 0..<width {
        target[first + column] = Double(source[start + first + column]) - center[column]
      }
    }
    return result
  }
}

/// Orthonormal vectors that span what was reached so far, with their images.
private struct KrylovBasis {
  private var vectors: [[Double]] = []
  private var images: [[Double]] = []
  private var lastCount = 0
  private let width: Int

  init(width: Int) { self.width = width }

  /// Vectors to start from that lean on no coordinate: noise of a fixed seed.
  static func startingBlock(count: Int, width: Int) -> Matrix<Double> {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    return Matrix(rowCount: count, columnCount: width) { _, _ in
      // Marsaglia's xorshift; only that the numbers are unlike each other matters.
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Double(Int64(bitPattern: state)) / 0x1p63
    }
  }

  /// The vectors that the last block added.
  var last: Matrix<Double> { Matrix(rows: Array(vectors.suffix(lastCount))) }

  /// Adds what is new in a block's rows.
  ///
  /// Rows that the basis spans already, to rounding, are left out; where none is new, noise takes their place,
  /// so that the span always grows.
  mutating func append(_ block: Matrix<Double>) {
    let before = vectors.count
    for row in 0..<block.rowCount { append(block.row(row)) }
    if vectors.count == before {
      let noise = Self.startingBlock(count: before + 1, width: width)
      append(noise.row(before))
    }
    lastCount = vectors.count - before
  }

  private mutating func append(_ row: [Double]) {
    var vector = row
    let norm = euclideanNorm(vector.span)
    guard norm > 0 else { return }
    // Twice is enough (Kahan, in Parlett 1980).
    for _ in 0..<2 {
      var span = vector.mutableSpan
      for other in vectors {
        let overlap = dotProduct(other.span, span.span)
        addProduct(of: -overlap, and: other.span, to: &span)
      }
    }
    let rest = euclideanNorm(vector.span)
    guard rest > 1e-14 * norm else { return }
    vectors.append(vector.map { $0 / rest })
  }

  mutating func appendImages(_ block: Matrix<Double>) {
    for row in 0..<block.rowCount { images.append(block.row(row)) }
  }

  /// The best approximations of the leading eigenpairs within the span (Rayleigh & Ritz).
  func ritzPairs(
    count: Int
  ) throws(LinearAlgebraError) -> (
    values: [Double], vectors: Matrix<Double>, largestResidual: Double
  ) {
    let order = vectors.count
    var projected = Matrix<Double>(rowCount: order, columnCount: order)
    for (row, vector) in vectors.enumerated() {
      for (column, image) in images.enumerated().dropFirst(row) {
        projected[row, column] = dotProduct(vector.span, image.span)
      }
    }
    let small = try SymmetricEigendecomposition(leading: min(count, order), of: projected.view)
    var found: [[Double]] = []
    var largest = order < count ? Double.infinity : 0
    for (place, value) in small.eigenvalues.enumerated() {
      let weights = small.eigenvectors.row(place)
      let vector = combination(vectors, weights)
      let residual = zip(combination(images, weights), vector).map { $0 - value * $1 }
      largest = max(largest, euclideanNorm(residual.span))
      found.append(vector)
    }
    return (small.eigenvalues.map { max(0, $0) }, Matrix(rows: found), largest)
  }

  private func combination(_ rows: [[Double]], _ weights: [Double]) -> [Double] {
    var sum = [Double](repeating: 0, count: width)
    var span = sum.mutableSpan
    for (row, weight) in zip(rows, weights) { addProduct(of: weight, and: row.span, to: &span) }
    return sum
  }
}
