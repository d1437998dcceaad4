import LinearAlgebra
import Optimization
import Testing

@Suite struct LogisticRefusalTests {
  private let data = PlantedRows(8, 2)

  private func fit(
    _ rows: Matrix<Float>, _ labels: [Int], _ penalty: LogisticPenalty = .inverse(1)
  ) throws {
    _ = try LogisticRegression().fit(rows: rows.view, labels: labels, penalty: penalty)
  }

  @Test func fewerThanTwoRowsAreRefused() {
    for count in 0..<2 {
      #expect(throws: OptimizationError.tooFewRows(count: count, minimum: 2)) {
        try fit(Matrix(rowCount: count, columnCount: 2), Array(repeating: 1, count: count))
      }
    }
  }

  @Test func labelsMustBeBinaryAndOneARow() {
    #expect(throws: OptimizationError.countMismatch(what: "labels", count: 1, rowCount: 8)) {
      try fit(data.rows, [0])
    }
    #expect(throws: OptimizationError.notBinary(label: 2, row: 7)) {
      try fit(data.rows, [0, 1, 0, 1, 0, 1, 0, 2])
    }
    let error = #expect(throws: OptimizationError.self) {
      try fit(data.rows, Array(repeating: 1, count: 8))
    }
    #expect(error == .oneClass(label: 1, fold: nil))
    #expect(error?.description.contains("needs both classes") == true)
  }

  @Test(arguments: [0, -1, .nan, .infinity])
  func penaltiesMustBePositiveAndFinite(number: Double) {
    for penalty in [LogisticPenalty.inverse(number), .meanLoss(number)] {
      let error = #expect(throws: OptimizationError.self) {
        try fit(data.rows, data.labels, penalty)
      }
      #expect(error?.description.contains(penalty.description) == true)
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func whatIsNotFiniteIsRefusedByItsPlace(value: Float) {
    var rows = data.rows
    rows[5, 1] = value
    #expect(throws: OptimizationError.linearAlgebra(.nonFinite(row: 5, column: 1))) {
      try fit(rows, data.labels)
    }
  }

  /// Separable classes under a very weak penalty end at the limit of steps, or where single precision
  /// ends, with finite weights; and say so.
  @Test func anEndBeforeTheMinimumIsSaid() throws {
    var method = LogisticRegression()
    method.optimizer.maximumIterationCount = 2
    let fitted = try method.fit(
      rows: Matrix<Float>(rows: [[-1], [-0.5], [0.5], [1]]).view, labels: [0, 0, 1, 1],
      penalty: .inverse(1e6))
    #expect(fitted.stop == .iterationLimit)
    #expect(!fitted.isConverged)
    #expect(fitted.weights[0].isFinite && fitted.weights[0] > 0)
  }

  @Test func foldsMustLeaveBothClasses() {
    let rows = Matrix<Float>(rows: [[0], [1], [2], [3], [4]])
    func crossValidate(_ folds: [Int], penalties: [LogisticPenalty] = [.inverse(1)]) throws {
      _ = try LogisticRegression().crossValidate(
        rows: rows.view, labels: [0, 1, 0, 0, 1], folds: folds,
        penalties: penalties)
    }
    let error = #expect(throws: OptimizationError.self) { try crossValidate([5, 9, 9, 5, 9]) }
    #expect(error == .oneClass(label: 0, fold: 9))
    #expect(error?.description.contains("outside fold 9") == true)
    #expect(throws: OptimizationError.tooFewFolds(count: 1)) { try crossValidate([3, 3, 3, 3, 3]) }
    #expect(throws: OptimizationError.countMismatch(what: "fold numbers", count: 0, rowCount: 5)) {
      try crossValidate([])
    }
    #expect(throws: OptimizationError.noPenalties) {
      try crossValidate([0, 0, 1, 1, 1], penalties: [])
    }
    #expect(throws: OptimizationError.invalidPenalty(.inverse(0))) {
      try crossValidate([0, 0, 1, 1, 1], penalties: [.inverse(1), .inverse(0)])
    }
  }
}
