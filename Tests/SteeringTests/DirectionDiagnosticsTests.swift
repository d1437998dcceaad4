import Evaluation
import LinearAlgebra
import Steering
import Testing

/// Oracle: differences whose mean and covariance are known.
@Suite struct DirectionDiagnosticsTests {
  /// D is (2, ±3): mean (2, 0), variance 9 along the second coordinate and 0 along the first.
  private func states() throws -> SteeringStates {
    let zeros = Matrix<Float>(rowCount: 4, columnCount: 2)
    return try SteeringStates(
      positive: Matrix(rows: [[2, 3], [2, -3], [2, 3], [2, -3]]), negative: zeros)
  }

  @Test func gapRatioIsOfTheMeanSquaredAndTheLeadingVariance() throws {
    let direction = try DifferenceOfMeansSteering().direction(of: states())
    let ratio = try #require(direction.diagnostics.gapRatio)
    #expect(abs(ratio - 4.0 / 9) < 1e-12)
    #expect(direction.flags.map(\.name) == ["small-gap"])
    #expect(direction.diagnostics.cosineToDifferenceOfMeans == 1)
  }

  @Test func componentsThatMissTheMeansSaySo() throws {
    let direction = try PairwiseComponentSteering().direction(of: states())
    #expect(direction.flags.map(\.name) == ["small-gap", "off-the-means"])
    let cosine = try #require(direction.diagnostics.cosineToDifferenceOfMeans)
    #expect(abs(cosine) < 1e-12)
  }

  @Test func readingsAreOfTheStatesAlongTheDirection() throws {
    let states = try SteeringStates(
      positive: Matrix(rows: [[3, 0], [1, 0], [2, 0], [4, 0]]),
      negative: Matrix(rows: [[0, 0], [2, 0], [2, 0], [1, 0]]))
    let diagnostics = try DifferenceOfMeansSteering().direction(of: states).diagnostics
    #expect(diagnostics.readingAccuracy == 2.5 / 4)
    // Of 16 pairs of a positive and a negative state, 11 stand right and 3 tie.
    #expect(diagnostics.areaUnderROC == 12.5 / 16)
    #expect(diagnostics.meanStateNorm == 15.0 / 8)
    let mean = 15.0 / 8
    let squares = [3.0, 1, 2, 4, 0, 2, 2, 1].reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    #expect(abs(diagnostics.standardDeviation - (squares / 8).squareRoot()) < 1e-15)
  }

  @Test func pairsThatDifferAlikeHaveNoGapRatio() throws {
    let states = try SteeringStates(
      positive: Matrix(rows: [[2, 1], [3, 0]]), negative: Matrix(rows: [[1, 1], [2, 0]]))
    let direction = try DifferenceOfMeansSteering().direction(of: states)
    #expect(direction.diagnostics.gapRatio == nil && direction.flags.isEmpty)
    #expect(throws: SteeringError.self) { try CenteredComponentSteering().direction(of: states) }
  }

  @Test func anotherConceptThatVariesAsMuchIsAmbiguous() throws {
    let states = try SteeringStates(
      positive: Matrix(rows: [[2, 0], [0, 2], [2, 0], [0, 2]]),
      negative: Matrix(rowCount: 4, columnCount: 2))
    let direction = try PairwiseComponentSteering().direction(of: states)
    #expect(direction.flags.map(\.name).contains("ambiguous-component"))
  }
}
