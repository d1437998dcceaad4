import LinearAlgebra
import Optimization
import Steering
import Testing

/// Oracle: what each operation is for, and its formula written out.
@Suite struct OperationTests {
  private static let operations: [SteeringOperation] = [
    .add(0.7), .addOutward(1.2), .ablate(0.4), .ablate(1), .setProjection(2), .raiseProjection(0.1),
    .lowerProjection(-0.1),
  ]
  private let states: Matrix<Float>
  private let vector: [Double]

  init() {
    var generator = SeededGenerator(seed: 8)
    states = Matrix(rowCount: 20, columnCount: 6) { _, _ in Float(generator.nextNormal()) }
    vector = (0..<6).map { _ in generator.nextNormal() }
  }

  private func readings(_ states: Matrix<Float>) -> [Double] {
    let norm = euclideanNorm(vector.span)
    return (0..<states.rowCount).map { row in
      zip(states.row(row), vector).reduce(0) { $0 + Double($1.0) * $1.1 } / norm
    }
  }

  @Test(arguments: operations, [false, true])
  func statesMoveAsTheFormulaSays(operation: SteeringOperation, preservesNorm: Bool) throws {
    let steering = try SteeringOperator(operation, along: vector, preservesNorm: preservesNorm)
    let found = try steering.applied(to: states).states
    for row in 0..<20 {
      let state = states.row(row).map { Double($0) }
      let expected = steered(state, operation, along: vector, preservesNorm: preservesNorm)
      for (actual, value) in zip(found.row(row), expected) {
        #expect(abs(Double(actual) - value) < 1e-6)
      }
      if preservesNorm {
        let norms = [found, states].map {
          dotProduct($0.view.row(row), $0.view.row(row)).squareRoot()
        }
        #expect(abs(norms[0] - norms[1]) < 1e-6)
      }
    }
  }

  @Test func whatShouldChangeNothingDoesNot() throws {
    for operation in [SteeringOperation.add(0), .addOutward(0), .ablate(0)] {
      #expect(try SteeringOperator(operation, along: vector).applied(to: states).states == states)
    }
    let one = Matrix(rows: [states.row(3)])
    let same = SteeringOperation.setProjection(readings(one)[0])
    let found = try SteeringOperator(same, along: vector).applied(to: one)
    #expect(abs(found.coefficients[0]) < 1e-15)
  }

  @Test func ablatingTwiceIsAblatingOnce() throws {
    let steering = try SteeringOperator(.ablate(1), along: vector)
    let once = try steering.applied(to: states).states
    #expect(readings(once).allSatisfy { abs($0) < 1e-6 })
    let twice = try steering.applied(to: once).states
    for (first, second) in zip(once.elements, twice.elements) {
      #expect(abs(first - second) < 1e-6)
    }
  }

  @Test func projectionsAreHeldToTheirBounds() throws {
    let before = readings(states)
    for (operation, bound) in [
      (SteeringOperation.setProjection(0.5), { (_: Double) in 0.5 }),
      (.raiseProjection(0.5), { max($0, 0.5) }), (.lowerProjection(0.5), { min($0, 0.5) }),
    ] {
      let found = readings(
        try SteeringOperator(operation, along: vector).applied(to: states).states)
      for (after, reading) in zip(found, before) { #expect(abs(after - bound(reading)) < 1e-6) }
    }
  }

  @Test func masksAndConditionsChooseStates() throws {
    let steering = try SteeringOperator(.add(1), along: vector)
    let mask = (0..<20).map { $0 % 3 == 0 }
    let masked = try steering.applied(to: states, mask: mask)
    for row in 0..<20 { #expect((masked.states.row(row) == states.row(row)) == !mask[row]) }
    #expect(throws: SteeringError.self) { try steering.applied(to: states, mask: [true]) }
    let axis = [1.0, 0, 0, 0, 0, 0]
    for isCosine in [false, true] {
      let condition = try SteeringOperator.Condition(vector: axis, exceeds: 0.4, isCosine: isCosine)
      let found = try SteeringOperator(.add(1), along: vector, if: condition).applied(to: states)
      for row in 0..<20 {
        let norm = dotProduct(states.view.row(row), states.view.row(row)).squareRoot()
        let reading = Double(states[row, 0]) / (isCosine ? norm : 1)
        #expect((found.coefficients[row] != 0) == (reading > 0.4))
      }
    }
    #expect(throws: SteeringError.self) {
      try SteeringOperator(.add(1), along: vector, if: .init(vector: [1, 0], exceeds: 0))
    }
  }

  @Test func statesThatCollapseAreReported() throws {
    let found = try SteeringOperator(.ablate(1), along: [2, 0], preservesNorm: true)
      .applied(to: Matrix(rows: [[3, 0], [3, 4]]))
    #expect(found.collapsedRows == [0])
    #expect(found.states == Matrix(rows: [[0, 0], [0, 5]]))
  }

  @Test func vectorsWithoutDirectionAreRefused() {
    for vector in [[0.0, 0], [.nan, 1], [.infinity, 1]] {
      #expect(throws: SteeringError.self) { try SteeringOperator(.add(1), along: vector) }
    }
    #expect(throws: SteeringError.self) { try SteeringOperator(.add(.infinity), along: [1]) }
    #expect(throws: SteeringError.widthMismatch(what: "the states", expected: 2, actual: 6)) {
      try SteeringOperator(.add(1), along: [1, 2]).applied(to: states)
    }
  }

  @Test func severalDirectionsAreAblatedTogether() throws {
    let sum = zip(vector, [1.0, 2, 0, 0, 1, 0]).map { $0 + $1 }
    let directions = try OrthonormalDirections(
      spanning: Matrix(rows: [vector, [1, 2, 0, 0, 1, 0], sum, [0, 0, 0, 0, 0, 0]]))
    #expect(directions.basis.rowCount == 2 && directions.dependentVectors == [2, 3])
    let found = try directions.ablated(states)
    for other in [vector, sum] {
      for row in 0..<20 {
        let reading = zip(found.row(row), other).reduce(0) { $0 + Double($1.0) * $1.1 }
        #expect(abs(reading) < 1e-5)
      }
    }
    #expect(throws: SteeringError.self) {
      try OrthonormalDirections(spanning: Matrix(rowCount: 2, columnCount: 6))
    }
  }

  /// (W − Q Qᵀ W) x is W x with the directions ablated.
  @Test func orthogonalizedWeightsWriteWhatAblationLeaves() throws {
    let directions = try OrthonormalDirections(
      spanning: Matrix(rows: [vector, [1, 0, 1, 0, 0, 0]]))
    let weights = Matrix<Double>(states)  // (inputs, width), as an embedding
    let rows = try directions.orthogonalized(weights, writesByColumns: false)
    let columns = try directions.orthogonalized(weights.transposed(), writesByColumns: true)
    let ablated = try directions.ablated(states)
    for row in 0..<20 {
      for column in 0..<6 {
        #expect(abs(rows[row, column] - Double(ablated[row, column])) < 1e-6)
        #expect(abs(rows[row, column] - columns[column, row]) < 1e-12)
      }
    }
    #expect(throws: SteeringError.self) {
      try directions.orthogonalized(weights, writesByColumns: true)
    }
  }

  /// After erasure the sides have one mean, and what is at right angles to their difference stays.
  @Test(arguments: [(40, 12), (8, 30)])
  func erasureLeavesTheSidesOneMean(count: Int, width: Int) throws {
    let sides = try PlantedSides(count: count, width: width).draw(seed: 31)
    let erasure = try ConceptErasure(sides)
    let erased = try SteeringStates(
      positive: try erasure.applied(to: sides.positive),
      negative: try erasure.applied(to: sides.negative))
    let before = try DifferenceOfMeansSteering().direction(of: sides).vector
    let gap = (0..<width).map { column in
      zip(erased.positive.column(column), erased.negative.column(column)).reduce(0) {
        $0 + Double($1.0) - Double($1.1)
      } / Double(count)
    }
    #expect(gap.allSatisfy { abs($0) < 1e-5 })
    // The mean of all states is where erasure has nothing to take away.
    for column in 0..<width {
      let sums = [(sides, 1.0), (erased, -1.0)].map { states, sign in
        sign
          * (states.positive.column(column) + states.negative.column(column)).reduce(0) {
            $0 + Double($1)
          }
      }
      #expect(abs(sums[0] + sums[1]) / Double(2 * count) < 1e-5)
    }
    let change = zip(erased.positive.row(0), sides.positive.row(0)).map { Double($0) - Double($1) }
    #expect(abs(abs(cosine(change, before)) - 1) < 1e-8)
    #expect(throws: SteeringError.self) {
      try erasure.applied(to: Matrix(rowCount: 1, columnCount: 3))
    }
  }

  /// Moving by t steps raises the discriminant's reading by t.
  @Test func whitenedShiftsAreInUnitsOfTheReading() throws {
    let sides = try PlantedSides(count: 60, width: 10).draw(seed: 32)
    let reading = try DiscriminantSteering().direction(of: sides).vector
    let step = try WhitenedShift(sides).step
    #expect(abs(dotProduct(reading.span, step.span) - 1) < 1e-10)
    let means = try DifferenceOfMeansSteering().direction(of: sides).vector
    #expect(cosine(step, means) > 1 - 1e-12)
  }

  /// Two heads of two features: the second tells the sides apart, the first does not differ in its means much.
  @Test func headsThatReadBestAreShiftedByTheirDeviation() throws {
    let positive = Matrix<Float>(rows: [[0, 1, 5, 0], [2, 1, 7, 0], [1, 0, 6, 0]])
    let negative = Matrix<Float>(rows: [[1, 1, 1, 0], [2, 1, 2, 0], [0, 1, 0, 0]])
    let sides = try SteeringStates(positive: positive, negative: negative)
    let shift = try HeadShift(training: [sides], validation: [sides], headCount: 2, chosenCount: 1)
    let values = [5.0, 7, 6, 1, 2, 0]
    let mean = values.reduce(0, +) / 6
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 6).squareRoot()
    #expect(shift.heads.map(\.head) == [1] && shift.heads[0].score == 1)
    let found = shift.vector(layer: 0, strength: 15, width: 4)
    #expect(found[0] == 0 && found[1] == 0 && found[3] == 0)
    #expect(abs(found[2] - 15 * deviation) < 1e-12)
    let unbiased = try HeadShift(
      training: [sides], validation: [sides], headCount: 2, chosenCount: 1, divisor: .countMinusOne)
    #expect(abs(unbiased.heads[0].standardDeviation - deviation * (6.0 / 5).squareRoot()) < 1e-12)
    for (heads, chosen) in [(3, 1), (2, 3), (2, 0), (0, 1)] {
      #expect(throws: SteeringError.self) {
        try HeadShift(
          training: [sides], validation: [sides], headCount: heads, chosenCount: chosen)
      }
    }
  }
}
