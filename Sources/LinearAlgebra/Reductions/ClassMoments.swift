/// The moments of every class's rows, and of all together.
public struct ClassMoments: Sendable, Equatable {
  /// One class's moments after another, by label.
  public private(set) var classes: [ColumnMoments]

  /// Computes the moments of every class.
  ///
  /// - Parameters:
  ///   - matrix: n × d, finite.
  ///   - labels: n labels in 0..<classCount.
  ///   - classCount: The number of classes; one may be empty.
  /// - Throws: ``LinearAlgebraError/labelOutOfRange(label:index:classCount:)``,
  ///   ``LinearAlgebraError/shapeMismatch(operation:expected:actual:)`` if there is not a label for each
  ///   row, or ``LinearAlgebraError/nonFinite(row:column:)``.
  /// - Complexity: O(*n* · *d*).
  public init<Scalar: LAPACKScalar>(
    of matrix: MatrixView<Scalar>, labels: [Int], classCount: Int
  ) throws(LinearAlgebraError) {
    guard labels.count == matrix.rowCount else {
      throw .shapeMismatch(
        operation: "class moments", expected: "\(matrix.rowCount) labels, one for each row",
        actual: "\(labels.count)")
    }
    var rows = [[Int]](repeating: [], count: classCount)
    for (row, label) in labels.enumerated() {
      guard label >= 0 && label < classCount else {
        throw .labelOutOfRange(label: label, index: row, classCount: classCount)
      }
      rows[label].append(row)
    }
    classes = []
    for members in rows { classes.append(try ColumnMoments(of: matrix, rows: members)) }
  }

  /// The number of rows of every class.
  public var counts: [Int] { classes.map(\.count) }

  /// The mean of every class: one row a class.
  public var means: Matrix<Double> { Matrix(rows: classes.map(\.means)) }

  /// The moments of all rows together.
  public var pooled: ColumnMoments {
    var pooled = ColumnMoments(columnCount: classes.first?.means.count ?? 0)
    for moments in classes { pooled.merge(moments) }
    return pooled
  }

  /// Adds the rows that other moments were computed from, class by class.
  ///
  /// - Parameter other: Moments of as many classes and columns.
  public mutating func merge(_ other: ClassMoments) {
    precondition(
      other.classes.count == classes.count,
      "\(other.classes.count) classes merged into \(classes.count)")
    for label in classes.indices { classes[label].merge(other.classes[label]) }
  }
}
