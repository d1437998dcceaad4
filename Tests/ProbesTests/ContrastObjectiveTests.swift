import LinearAlgebra
import Optimization
import Probes
import TestSupport
import Testing

@Suite struct ContrastObjectiveTests {
  private static func draw(_ rowCount: Int, _ columnCount: Int, seed: UInt64) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    return Matrix(rowCount: rowCount, columnCount: columnCount) { _, _ in
      Float(generator.nextNormal())
    }
  }

  private struct Reference {
    var value = 0.0
    var gradient: [Double]
    var scale = 0.0
  }

  /// The definition, row by row and in double precision throughout.
  private static func reference(
    _ point: [Double], _ positive: Matrix<Float>, _ negative: Matrix<Float>, penalty: Double,
    logitPenalty: Double
  ) -> Reference {
    let width = positive.columnCount
    var result = Reference(gradient: [Double](repeating: 0, count: width + 1))
    for row in 0..<positive.rowCount {
      let sides = [positive.row(row), negative.row(row)].map { $0.map { Double($0) } + [1] }
      let logits = sides.map { zip($0, point).reduce(0) { $0 + $1.0 * $1.1 } }
      let slopes = LogitSlopes(
        .minimum, positiveLogit: logits[0], negativeLogit: logits[1], penalty: logitPenalty)
      let share = 1 / Double(positive.rowCount)
      result.value += slopes.value * share
      let terms = [
        (sides[0], slopes.positive, slopes.positiveScale),
        (sides[1], slopes.negative, slopes.negativeScale),
      ]
      for (side, slope, scale) in terms {
        for column in 0...width { result.gradient[column] += slope * side[column] * share }
        result.scale += scale * side.reduce(0) { $0 + $1 * $1 }.squareRoot() * share
      }
    }
    let squaredNorm = point.reduce(0) { $0 + $1 * $1 }
    result.value += penalty * squaredNorm
    result.scale += 2 * penalty * squaredNorm.squareRoot()
    for column in 0...width { result.gradient[column] += 2 * penalty * point[column] }
    return result
  }

  /// Single-precision rounding: logits err by some ulp of Σ |x w|, and slopes by as much.
  private static let relativeError = 2e-5

  private func expectAgreement(
    _ evaluation: LBFGSEvaluation, row: Int, with expected: Reference,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let bound = Self.relativeError * expected.scale
    #expect(
      abs(evaluation.values[row] - expected.value) <= Self.relativeError * expected.value,
      sourceLocation: sourceLocation)
    #expect(
      Tolerance.largestDifference(evaluation.gradients.row(row), expected.gradient) <= bound,
      sourceLocation: sourceLocation)
    #expect(
      abs(evaluation.gradientScales[row] - expected.scale) <= bound, sourceLocation: sourceLocation)
  }

  /// Oracle: the definition.
  ///
  /// 150 rows are more than one block, 4096 columns more than one piece.
  @Test(arguments: [(5, 3), (150, 17), (70, 4096)], [(0, 0), (0.3, 0), (0.02, 0.01)])
  func lossAndGradientFollowTheDefinition(shape: (Int, Int), penalties: (Double, Double)) {
    let (positive, negative) = (
      Self.draw(shape.0, shape.1, seed: 1), Self.draw(shape.0, shape.1, seed: 2)
    )
    let weights = Self.draw(3, shape.1 + 1, seed: 3)
    let width = Double(shape.1)
    let points = Matrix<Double>(rowCount: 3, columnCount: shape.1 + 1) { row, column in
      Double(weights[row, column]) / width.squareRoot()
    }
    var objective = ContrastObjective(
      .minimum, penalty: penalties.0, positive: positive, negative: negative)
    objective.logitPenalty = penalties.1
    let evaluation = objective.evaluate(points)
    for row in 0..<3 {
      expectAgreement(
        evaluation, row: row,
        with: Self.reference(
          points.row(row), positive, negative, penalty: penalties.0, logitPenalty: penalties.1))
    }
  }

  /// Slopes of 1e-100, which single precision has no numbers for, and a later piece whose slopes are
  /// larger by far: pairs 40 and up have a feature that undoes the bias.
  @Test(arguments: [64, 40])
  func tinySlopesKeepTheirDigits(firstLarge: Int) {
    let (count, width) = (64, 4096)
    var (positive, negative) = (
      Self.draw(count, width, seed: 4), Self.draw(count, width, seed: 5)
    )
    for row in 0..<count {
      positive[row, 0] = row < firstLarge ? 0 : 225
      negative[row, 0] = row < firstLarge ? 0 : 226
    }
    var point = [Double](repeating: 0, count: width + 1)
    point[0] = 1
    point[1] = 0.25
    point[width] = -230
    let expected = Self.reference(point, positive, negative, penalty: 0, logitPenalty: 0)
    #expect(TestVector.norm(expected.gradient) > 0)
    #expect((TestVector.norm(expected.gradient) < 1e-90) == (firstLarge == count))
    var objective = ContrastObjective(
      .minimum, penalty: 0, positive: positive, negative: negative)
    expectAgreement(
      objective.evaluate(Matrix(rows: [point])), row: 0, with: expected)
  }

  /// Law: a try's numbers are the same bits with others or alone, on any number of threads.
  @Test func aTryDoesNotDependOnItsCompany() {
    let (positive, negative) = (Self.draw(300, 40, seed: 6), Self.draw(300, 40, seed: 7))
    let weights = Self.draw(7, 41, seed: 8)
    let points = Matrix<Double>(rowCount: 7, columnCount: 41) { Double(weights[$0, $1]) }
    var objective = ContrastObjective(
      .minimum, penalty: 0.1, positive: positive, negative: negative)
    let chosen = Parallel.threadCount
    defer { Parallel.threadCount = chosen }
    Parallel.threadCount = 1
    let together = objective.evaluate(points)
    for row in 0..<7 {
      let alone = objective.evaluate(Matrix(points.view(rows: row..<(row + 1))))
      #expect(alone.values[0] == together.values[row])
      #expect(alone.gradients.row(0) == together.gradients.row(row))
      #expect(alone.gradientScales[0] == together.gradientScales[row])
    }
    Parallel.threadCount = 3
    let threaded = objective.evaluate(points)
    #expect(threaded.values == together.values)
    #expect(threaded.gradients == together.gradients)
  }
}

private enum TestVector {
  static func norm(_ vector: [Double]) -> Double {
    vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}
