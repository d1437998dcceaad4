import LinearAlgebra
import Steering
import Testing

/// Oracle: the lengths written out from the states.
@Suite struct CoefficientUnitTests {
  @Test func aUnitIsALengthOfTheStates() throws {
    let states = try PlantedSides(count: 40, width: 5).draw(seed: 9)
    let direction = try PairwiseComponentSteering().direction(of: states)
    func length(_ unit: CoefficientUnit) throws -> Double {
      let vector = try direction.vector(in: unit)
      #expect(abs(direction.cosine(to: vector) - 1) < 1e-12)
      return vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    func close(_ first: Double, _ second: Double) -> Bool { abs(first - second) < 1e-6 * second }
    #expect(try close(length(.raw), 1))
    let gap = states.differenceOfMeans.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(try close(length(.distanceOfMeans), gap))
    let rows = [states.positive, states.negative].flatMap { side in
      (0..<side.rowCount).map { side.row($0).map { Double($0) } }
    }
    let readings = rows.map { zip($0, direction.unit).reduce(0) { $0 + $1.0 * $1.1 } }
    let mean = readings.reduce(0, +) / Double(readings.count)
    let variance =
      readings.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(readings.count)
    #expect(try close(length(.standardDeviation), variance.squareRoot()))
    let norms = rows.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    #expect(try close(length(.stateNorm), norms.reduce(0, +) / Double(norms.count)))
    let means = try DifferenceOfMeansSteering().direction(of: states)
    #expect(try means.vector(in: .raw) == means.vector)
  }

  @Test(arguments: SteeringOperation.Family.allCases)
  func aFamilyMovesAsItsNameSays(family: SteeringOperation.Family) {
    let operation = family.operation(2)
    let after = 3 + operation.coefficient(projection: 3, norm: 0.5)
    let expected: [SteeringOperation.Family: Double] = [
      .add: 4, .addOutward: 4, .ablate: -3, .set: 2, .raise: 3, .lower: 2,
    ]
    #expect(after == expected[family])
    #expect(SteeringOperation.Family(rawValue: family.rawValue) == family)
  }
}
