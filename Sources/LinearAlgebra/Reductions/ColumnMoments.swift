/// The count, mean and spread of every column, accumulated in float64.
///
/// Computed in blocks of rows, each by two passes while it is in the cache, and merged in order by the
/// rule of Chan, Golub & LeVeque (1979), so that a large common offset costs no digits and the result is
/// the same bytes at any thread count. Moments of parts can be merged: stream layers that do not fit.
public struct ColumnMoments: Sendable, Equatable {
  /// The number of rows.
  public private(set) var count: Int
  /// The mean of every column.
  public private(set) var means: [Double]
  /// The sum of squared deviations from the mean, for every column.
  public private(set) var squaredDeviations: [Double]

  /// The moments of no rows.
  ///
  /// - Parameter columnCount: The number of columns.
  public init(columnCount: Int) {
    count = 0
    means = [Double](repeating: 0, count: columnCount)
    squaredDeviations = means
  }

  /// The moments of all rows of a matrix.
  ///
  /// - Parameter matrix: n × d, finite.
  /// - Throws: ``LinearAlgebraError/nonFinite(row:column:)`` for NaN or infinity.
  /// - Complexity: O(*n* · *d*).
  public init<Scalar: LAPACKScalar>(
    of matrix: MatrixView<Scalar>
  ) throws(LinearAlgebraError) {
    try self.init(of: matrix, rows: Array(0..<matrix.rowCount))
  }

  /// The moments of some rows of a matrix.
  ///
  /// - Parameters:
  ///   - matrix: n × d, finite in the rows that are named.
  ///   - rows: Zero-based rows; one named twice counts twice.
  /// - Throws: ``LinearAlgebraError/nonFinite(row:column:)`` for NaN or infinity.
  /// - Complexity: O(rows · *d*).
  public init<Scalar: LAPACKScalar>(
    of matrix: MatrixView<Scalar>, rows: [Int]
  ) throws(LinearAlgebraError) {
    let wide = rows.map(Int64.init)
    let blocks = Parallel.map((rows.count + Self.blockRowCount - 1) / Self.blockRowCount) {
      let first = $0 * Self.blockRowCount
      let range = first..<min(first + Self.blockRowCount, rows.count)
      return ColumnMoments(block: matrix, rows: wide.span.extracting(range))
    }
    self.init(columnCount: matrix.columnCount)
    for block in blocks { merge(block) }
    // A NaN or an infinity anywhere reaches its column's squares; only then is it looked for.
    guard firstNonFinite(in: squaredDeviations.span) == nil else {
      for row in rows {
        if let column = Scalar.firstNonFinite(in: matrix.row(row)) {
          throw .nonFinite(row: row, column: column)
        }
      }
      return
    }
  }

  private static let blockRowCount = 256

  private init<Scalar: LAPACKScalar>(block matrix: MatrixView<Scalar>, rows: Span<Int64>) {
    self.init(columnCount: matrix.columnCount)
    count = rows.count
    guard count > 0 else { return }
    var sums = means.mutableSpan
    Scalar.addColumnSums(of: matrix, rows: rows, to: &sums)
    let divisor = Double(rows.count)
    for column in sums.indices { sums[column] /= divisor }
    var deviations = [Double](repeating: 0, count: means.count)
    var squares = deviations.mutableSpan
    Scalar.addColumnSquares(of: matrix, rows: rows, around: means.span, to: &squares)
    squaredDeviations = deviations
  }

  /// Adds the rows that other moments were computed from.
  ///
  /// Chan, Golub & LeVeque (1979), "Updating formulae and a pairwise algorithm for computing sample
  /// variances", eq. 2.1.
  ///
  /// - Parameter other: Moments of as many columns.
  public mutating func merge(_ other: ColumnMoments) {
    precondition(
      other.means.count == means.count, "\(other.means.count) columns merged into \(means.count)")
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    let total = Double(count) + Double(other.count)
    let share = Double(other.count) / total
    let weight = Double(count) * share
    for column in means.indices {
      let difference = other.means[column] - means[column]
      means[column] += difference * share
      squaredDeviations[column] +=
        other.squaredDeviations[column] + difference * difference * weight
    }
    count += other.count
  }

  /// The variance of every column.
  ///
  /// - Parameter divisor: What the sum of squares is divided by.
  /// - Returns: One variance for each column, exactly 0 where every element is the same and exact.
  /// - Throws: ``LinearAlgebraError/countOutOfRange(name:value:minimum:maximum:)`` for fewer rows than
  ///   the divisor needs: 1, or 2 with ``VarianceDivisor/countMinusOne``.
  public func variances(_ divisor: VarianceDivisor) throws(LinearAlgebraError) -> [Double] {
    let minimum = divisor == .count ? 1 : 2
    guard count >= minimum else {
      throw .countOutOfRange(name: "row count", value: count, minimum: minimum, maximum: .max)
    }
    let scale = Double(divisor == .count ? count : count - 1)
    return squaredDeviations.map { $0 / scale }
  }

  /// The standard deviation of every column.
  ///
  /// - Parameter divisor: What the sum of squares is divided by.
  /// - Returns: One standard deviation for each column.
  /// - Throws: As ``variances(_:)``.
  public func standardDeviations(
    _ divisor: VarianceDivisor
  ) throws(LinearAlgebraError) -> [Double] {
    try variances(divisor).map { $0.squareRoot() }
  }
}
