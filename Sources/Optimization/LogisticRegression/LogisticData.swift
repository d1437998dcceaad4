internal import LinearAlgebra

/// Rows and labels, checked, with what every fit on them shares.
struct LogisticData: Sendable {
  let rows: CenteredRows
  /// 0 or 1, one a row.
  let labels: [Int]
  /// 1 for label 1, −1 for label 0.
  let signs: [Double]
  let basis: CurvatureBasis

  init(rows: MatrixView<Float>, labels: [Int]) throws(OptimizationError) {
    guard rows.rowCount >= 2 else { throw .tooFewRows(count: rows.rowCount, minimum: 2) }
    guard labels.count == rows.rowCount else {
      throw .countMismatch(what: "labels", count: labels.count, rowCount: rows.rowCount)
    }
    for (row, label) in labels.enumerated() where label != 0 && label != 1 {
      throw .notBinary(label: label, row: row)
    }
    self.rows = try CenteredRows(rows)
    self.labels = labels
    signs = labels.map { $0 == 1 ? 1 : -1 }
    do throws(LinearAlgebraError) {
      basis = try CurvatureBasis(of: self.rows.features)
    } catch {
      throw .linearAlgebra(error)
    }
  }
}
