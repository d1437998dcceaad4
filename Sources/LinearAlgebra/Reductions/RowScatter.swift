/// The mean of some rows and how far they scatter around it, in float64.
///
/// Scatters of parts can be merged, so that rows which do not fit memory can be streamed: only the mean
/// and one number are kept.
public struct RowScatter: Sendable, Equatable {
  /// The number of rows.
  public private(set) var count: Int
  /// The mean of every column; if all rows are equal, exactly that row.
  public private(set) var means: [Double]
  /// Σ ‖x − mean‖² over the rows.
  public private(set) var squares: Double
  /// Whether all rows are the same row, exactly.
  public private(set) var isConstant: Bool

  /// The scatter of no rows.
  ///
  /// - Parameter columnCount: The number of columns.
  public init(columnCount: Int) {
    count = 0
    means = [Double](repeating: 0, count: columnCount)
    squares = 0
    isConstant = true
  }

  fileprivate init(count: Int, means: [Double], squares: Double, isConstant: Bool) {
    self.count = count
    self.means = means
    self.squares = squares
    self.isConstant = isConstant
  }

  /// Adds the rows that another scatter was computed from.
  ///
  /// Chan, Golub & LeVeque (1979), eq. 2.1: no term is negative, so that no digits are lost.
  ///
  /// - Parameter other: The scatter of as many columns.
  /// - Complexity: O(*d*).
  public mutating func merge(_ other: RowScatter) {
    precondition(
      other.means.count == means.count, "\(other.means.count) columns merged into \(means.count)")
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    if isConstant && other.isConstant && means == other.means {
      count += other.count
      return
    }
    isConstant = false
    let total = Double(count) + Double(other.count)
    let share = Double(other.count) / total
    let weight = Double(count) * share
    var squaredShift = 0.0
    var center = means.mutableSpan
    for column in center.indices {
      let shift = other.means[column] - center[column]
      center[column] += shift * share
      squaredShift += shift * shift
    }
    squares += other.squares + squaredShift * weight
    count += other.count
  }

  /// How far rounding may have moved the mean, about.
  ///
  /// Four units in the last place of it, one for each kind of operation that it went through; none if
  /// all rows are equal.
  public var rounding: Double {
    guard !isConstant else { return 0 }
    let spread = (squares / Double(count)).squareRoot()
    return 4 * Double.ulpOfOne * (euclideanNorm(means.span) + spread)
  }
}

/// Adds tile after tile of rows up to their ``RowScatter``, reading each tile about once.
///
/// Sums are taken of differences from the mean of the first tile. With *m* rows in it and *n* rows in
/// all, Σ ‖x − c‖² about that centre c is at most 1 + n/m times the scatter (Cauchy–Schwarz), which
/// bounds the digits that the final subtraction can lose, whatever offset the rows have in common. Give
/// some tens of tiles to one accumulator and merge the scatters.
public struct RowScatterAccumulator: Sendable {
  private var count = 0
  private var center: [Double] = []
  private var sums: [Double]
  private var squares = 0.0
  private var isConstant = true

  /// An accumulator that has seen no rows.
  ///
  /// - Parameter columnCount: The number of columns.
  public init(columnCount: Int) { sums = [Double](repeating: 0, count: columnCount) }

  /// Adds the rows of a tile.
  ///
  /// - Parameter tile: (m, d); of a NaN or an infinity the squares become one, too.
  /// - Complexity: O(*m* · *d*).
  public mutating func add<Scalar: LAPACKScalar>(_ tile: MatrixView<Scalar>) {
    guard tile.rowCount > 0 else { return }
    if count == 0 { center = Self.mean(of: tile) }
    count += tile.rowCount
    let center = center
    var target = sums.mutableSpan
    let tileSquares = Scalar.addDifferences(of: tile, from: center.span, to: &target)
    squares += tileSquares
    // Squares that are 0 may have been too small for float64, so that the rows decide.
    if isConstant { isConstant = tileSquares == 0 && areRows(of: tile, equalTo: center.span) }
  }

  /// The scatter of all rows added.
  public var scatter: RowScatter {
    guard count > 0 else { return RowScatter(columnCount: sums.count) }
    if isConstant {
      return RowScatter(count: count, means: center, squares: 0, isConstant: true)
    }
    let shift = sums.map { $0 / Double(count) }
    let around = squares - Double(count) * dotProduct(shift.span, shift.span)
    return RowScatter(
      count: count, means: moved(center.span, along: shift.span, by: 1),
      // Written so that a NaN stays one.
      squares: around < 0 ? 0 : around, isConstant: false)
  }

  /// The mean of a few rows, taken around the first of them; exactly that row if all are equal.
  private static func mean<Scalar: LAPACKScalar>(of tile: MatrixView<Scalar>) -> [Double] {
    let start = widened(tile.row(0))
    var shift = [Double](repeating: 0, count: start.count)
    var target = shift.mutableSpan
    _ = Scalar.addDifferences(of: tile, from: start.span, to: &target)
    return moved(start.span, along: shift.span, by: 1 / Double(tile.rowCount))
  }
}

/// Whether every row of a matrix is exactly one vector; stops at the first element that differs.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func areRows<Scalar: LAPACKScalar>(
  of matrix: MatrixView<Scalar>, equalTo vector: Span<Double>
) -> Bool {
  for row in 0..<matrix.rowCount {
    let elements = matrix.row(row)
    for column in elements.indices where Double(elements[column]) != vector[column] {
      return false
    }
  }
  return true
}

/// The elements as float64.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func widened<Scalar: LAPACKScalar>(_ elements: Span<Scalar>) -> [Double] {
  [Double](capacity: elements.count) { output in
    for place in elements.indices { output.append(Double(elements[place])) }
  }
}
