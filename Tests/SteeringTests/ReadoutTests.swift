import Foundation
import LinearAlgebra
import Optimization
import Steering
import Testing

/// Oracle: states moved one by one, and what is read from them, written out in float64.
@Suite struct ReadoutTests {
  private func states(_ count: Int, width: Int = 6, seed: UInt64 = 1) -> Matrix<Float> {
    var generator = SeededGenerator(seed: 91, stream: seed)
    return Matrix(rowCount: count, columnCount: width) { _, column in
      Float(generator.nextNormal() * Double(column + 1) + 0.3)
    }
  }

  private func moved(_ states: Matrix<Float>, _ vector: [Double], by r: Double) -> [[Double]] {
    (0..<states.rowCount).map { row in
      zip(states.row(row), vector).map { Double($0) + r * $1 }
    }
  }

  private static let vector = [0.5, -1, 0.25, 2, 0, -0.75]

  @Test func readingsAreThoseOfMovedStates() throws {
    let readout = LinearReadout(weights: [0.3, -0.2, 0.1, 0.4, 1, 0], intercept: -0.7)
    let states = states(9)
    let sweep = try ReadoutSweep(readout, of: states, along: Self.vector)
    for r in [-2, -0.3, 0, 0.8, 3] {
      for (row, state) in moved(states, Self.vector, by: r).enumerated() {
        let logit = zip(readout.weights, state).reduce(-0.7) { $0 + $1.0 * $1.1 }
        #expect(abs(sweep.probabilities(at: r)[row] - 1 / (1 + exp(-logit))) < 1e-12)
      }
    }
    let flips = try #require(sweep.flipCoefficients)
    for (row, r) in flips.enumerated() {
      #expect(abs(sweep.probabilities(at: r)[row] - 0.5) < 1e-12)
    }
    let still = try ReadoutSweep(readout, of: states, along: [0, 0, 0, 0, 0, 5])
    #expect(still.flipCoefficients == nil && still.slope == 0)
    #expect(throws: SteeringError.self) { try ReadoutSweep(readout, of: states, along: [1, 2]) }
  }

  @Test(arguments: [4, 40])
  func distancesAreThoseOfMovedStates(count: Int) throws {
    // With fewer states than features, and with more: both forms of the inverse.
    let known = states(count, seed: 2)
    let reference = try ReferenceStates(known)
    let states = states(5, seed: 3)
    let distances = try reference.distances(of: states, along: Self.vector)
    for r in [-1.5, 0, 0.4, 2] {
      let rows = moved(states, Self.vector, by: r)
      let single = Matrix(rows: rows.map { $0.map { Float($0) } })
      let direct = try reference.distances(of: single, along: Self.vector)
      // The moved states are rounded to float32.
      for (a, b) in zip(
        distances.squaredMahalanobisDistances(at: r), direct.squaredMahalanobisDistances(at: 0))
      {
        #expect(abs(a - b) < 2e-5 * max(1, b))
      }
      for (row, state) in rows.enumerated() {
        let nearest = (0..<known.rowCount).map { place in
          zip(state, known.row(place)).reduce(0) {
            $0 + ($1.0 - Double($1.1)) * ($1.0 - Double($1.1))
          }.squareRoot()
        }.min()
        #expect(abs(distances.nearestDistances(at: r)[row] - (nearest ?? .nan)) < 1e-9)
        let lengths = [state, states.row(row).map { Double($0) }].map {
          $0.reduce(0) { $0 + $1 * $1 }.squareRoot()
        }
        let ratio = try #require(distances.lengthRatios(at: r)[row])
        #expect(abs(ratio - lengths[0] / lengths[1]) < 1e-12)
      }
    }
  }

  @Test func theCovarianceIsTheShrunkOne() throws {
    // Oracle: S* written out by the intensity that is reported, and inverted by elimination.
    let known = states(30, width: 3, seed: 4)
    let means = (0..<3).map { column in
      (0..<30).reduce(0) { $0 + Double(known[$1, column]) } / 30
    }
    let rows = Matrix<Double>(rowCount: 30, columnCount: 3) { Double(known[$0, $1]) - means[$1] }
    let shrunk = try #require(try ShrunkCovariance(of: rows, centerCount: 1))
    #expect(shrunk.intensity > 0.01 && shrunk.intensity < 1)
    var matrix = Matrix<Double>(rowCount: 3, columnCount: 3) { first, second in
      (0..<30).reduce(0) { $0 + rows[$1, first] * rows[$1, second] } / 30
        * (1 - shrunk.intensity)
    }
    let trace = (0..<3).reduce(0) { $0 + matrix[$1, $1] } / (1 - shrunk.intensity)
    for place in 0..<3 { matrix[place, place] += shrunk.intensity * trace / 3 }
    let vector = [1.0, -2, 0.5]
    let solved = try shrunk.solve(vector)
    for row in 0..<3 {
      let back = (0..<3).reduce(0) { $0 + matrix[row, $1] * solved[$1] }
      #expect(abs(back - vector[row]) < 1e-12)
    }
    let form = try shrunk.quadraticForms(Matrix(rows: [vector]))[0]
    #expect(abs(form - zip(vector, solved).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-12)
  }

  @Test func aWideCovarianceSolvesAsItMeasures() throws {
    let known = states(4, width: 6, seed: 5)
    var rows = Matrix<Double>(rowCount: 4, columnCount: 6) { Double(known[$0, $1]) }
    let mean = (0..<6).map { column in (0..<4).reduce(0) { $0 + rows[$1, column] } / 4 }
    rows.subtractFromRows(mean)
    let shrunk = try #require(try ShrunkCovariance(of: rows, centerCount: 1))
    let solved = try shrunk.solve(Self.vector)
    let form = try shrunk.quadraticForms(Matrix(rows: [Self.vector]))[0]
    let overlap = zip(Self.vector, solved).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(form - overlap) < 1e-11 * form)
  }

  @Test func aReadoutTellsTheSidesAndIgnoresWhereTheyLie() throws {
    let sides = try PlantedSides(count: 60, width: 8).draw(seed: 6)
    let readout = try LinearReadout.logistic(of: sides, seed: 3)
    #expect(readout.isPenaltyChosen)
    let correct =
      readout.logits(of: sides.positive).count { $0 > 0 }
      + readout.logits(of: sides.negative).count { $0 < 0 }
    #expect(Double(correct) / 120 > 0.75)
    let far = try LinearReadout.logistic(of: sides.mapped { $0.map { $0 + 256 } }, seed: 3)
    // 256 takes eight digits of a float32 near 1; the fit follows the data that are left.
    for (a, b) in zip(readout.weights, far.weights) { #expect(abs(a - b) < 1e-3) }
    for (a, b) in zip(
      readout.logits(of: sides.positive),
      far.logits(of: try sides.mapped { $0.map { $0 + 256 } }.positive))
    {
      #expect(abs(a - b) < 5e-3)
    }
  }

  @Test func oneGroupLeavesThePenaltyUnchosen() throws {
    let drawn = try PlantedSides(count: 12, width: 4).draw(seed: 7)
    let sides = try SteeringStates(
      positive: drawn.positive, negative: drawn.negative,
      positiveGroups: [Int](repeating: 0, count: 12),
      negativeGroups: [Int](repeating: 0, count: 12))
    #expect(try !LinearReadout.logistic(of: sides).isPenaltyChosen)
  }

  @Test func statesThatDoNotDifferAreNoReference() {
    let same = Matrix<Float>(rows: [[1, 2], [1, 2], [1, 2]])
    #expect(throws: SteeringError.self) { try ReferenceStates(same) }
    #expect(throws: SteeringError.self) { try ReferenceStates(Matrix(rows: [[1, 2]])) }
  }
}
