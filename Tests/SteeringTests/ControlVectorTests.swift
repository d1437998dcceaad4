import LinearAlgebra
import Steering
import Testing

@Suite struct ControlVectorTests {
  @Test(arguments: [
    ([ControlVector.Direction](), "has no vector"),
    ([.init(layer: -1, values: [1])], "has the layer -1"),
    ([.init(layer: 3, values: [1]), .init(layer: 3, values: [2])], "two vectors of layer 3"),
    ([.init(layer: 3, values: [1]), .init(layer: 4, values: [1, 2])], "has width 2 at layer 4"),
    ([.init(layer: 3, values: [])], "has width 0"),
    ([.init(layer: 3, values: [1, .nan])], "holds nan at layer 3, feature 1"),
    ([.init(layer: 3, values: [0, -0.0])], "is zero at layer 3"),
    ([.init(layer: 3, values: [1], rawNorm: 0)], "raw norm 0.0"),
    ([.init(layer: 3, values: [1], explainedVariance: .infinity)], "explained variance inf"),
    (
      [.init(layer: 3, values: [1], rawNorm: 2), .init(layer: 4, values: [1])],
      "for some layers and not for layer 4 or 3"
    ),
  ])
  func vectorsThatDoNotFitAreRefused(directions: [ControlVector.Direction], fact: String) throws {
    let error = try #require(
      #expect(throws: SteeringError.self) { try ControlVector(directions) })
    #expect(error.description.contains(fact), "\(error)")
  }

  @Test func unitLengthMustBeTrue() throws {
    let vector = ControlVector.Direction(layer: 1, values: [3, 4])
    #expect(throws: SteeringError.self) { try ControlVector([vector], length: .unit) }
    #expect(try ControlVector([vector], length: .raw).length == .raw)
    let unit = ControlVector.Direction(layer: 1, values: [0.6, 0.8])
    #expect(try ControlVector([unit], length: .unit).width == 2)
  }

  @Test func extractedDirectionsKeepWhatIsKnownOfThem() throws {
    let states = try SteeringStates(
      positive: Matrix(rows: [[2, 0], [4, 1]]), negative: Matrix(rows: [[0, 0], [0, 1]]))
    let means = DifferenceOfMeansSteering()
    let extracted = try [5, 2].map { try means.direction(of: states, layer: $0) }
    let vector = try ControlVector(extracted, length: .raw, modelHint: "llama")
    #expect(vector.layers == [2, 5])
    #expect(vector[5] == [3, 0])
    #expect(vector[4] == nil)
    #expect(vector.directions[0].rawNorm == 3)
    #expect(vector.directions[0].explainedVariance == nil)
    #expect(vector.method == "difference-of-means")
    #expect((vector.operation, vector.site) == (.add, .residualPost))
    let other = try PairwiseComponentSteering().direction(of: states, layer: 3)
    #expect(other.explainedVariance != nil)
    #expect(try ControlVector([other], length: .unit).directions[0].explainedVariance != nil)
    #expect(throws: SteeringError.self) { try ControlVector(extracted + [other], length: .raw) }
    #expect(throws: SteeringError.self) {
      try ControlVector([SteeringDirection](), length: .raw)
    }
  }
}
