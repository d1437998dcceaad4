import Activations
import LinearAlgebra
import Steering
import Testing

@Suite struct SteeringStatesTests {
  private let rows = Matrix<Float>(rows: [[1, 2], [3, 4], [5, 6]])

  @Test func labelledStatesAreSidesByLabel() throws {
    let labelled = try LabelledActivations(
      activations: rows, labels: [1, 0, 1], groups: [7, 7, 9])
    let states = try SteeringStates(labelled)
    #expect(states.positive == Matrix(rows: [[1, 2], [5, 6]]))
    #expect(states.negative == Matrix(rows: [[3, 4]]))
    #expect(states.positiveGroups == [7, 9] && states.negativeGroups == [7])
    #expect(!states.isPaired)
  }

  @Test func sidesWithoutStatesAreRefused() throws {
    let labelled = try LabelledActivations(activations: rows, labels: [1, 1, 2])
    #expect(throws: SteeringError.emptySide(method: "steering", side: "negative")) {
      try SteeringStates(labelled)
    }
    #expect(throws: SteeringError.emptySide(method: "steering", side: "positive")) {
      try SteeringStates(positive: Matrix(rowCount: 0, columnCount: 2), negative: rows)
    }
  }

  @Test func othersThatDoNotFitAreRefused() throws {
    #expect(throws: SteeringError.widthMismatch(what: "the negative side", expected: 2, actual: 3))
    {
      try SteeringStates(positive: rows, negative: Matrix(rowCount: 3, columnCount: 3))
    }
    var broken = rows
    broken[1, 1] = .nan
    #expect(throws: SteeringError.nonFinite(what: "the negative states", row: 1, column: 1)) {
      try SteeringStates(positive: rows, negative: broken)
    }
    #expect(throws: SteeringError.self) {
      try SteeringStates(
        positive: rows, negative: Matrix(rowCount: 2, columnCount: 2), isPaired: true)
    }
    #expect(throws: SteeringError.self) {
      try SteeringStates(positive: rows, negative: rows, positiveGroups: [1])
    }
  }

  @Test func groupsAreSelectedOnBothSides() throws {
    let states = try SteeringStates(
      positive: rows, negative: Matrix(rows: [[0, 0], [1, 1], [2, 2]]), positiveGroups: [4, 5, 4])
    let some = try #require(states.selectingGroups { $0 == 4 })
    #expect(some.positive == Matrix(rows: [[1, 2], [5, 6]]))
    #expect(some.negative == Matrix(rows: [[0, 0], [2, 2]]) && some.isPaired)
    #expect(states.selectingGroups { $0 == 8 } == nil)
  }
}
