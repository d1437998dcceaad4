import Evaluation
import Foundation
import LinearAlgebra
import Optimization
import Steering
import Testing

/// Oracle: the definitions, written out.
@Suite struct ExtractionTests {
  @Test func differenceOfMeansIsThatOfSmallIntegers() throws {
    let states = try SteeringStates(
      positive: Matrix(rows: [[3, 1], [5, 2], [1, 6]]), negative: Matrix(rows: [[1, 0], [2, 1]]))
    let direction = try DifferenceOfMeansSteering().direction(of: states, layer: 4)
    #expect(direction.vector == [1.5, 2.5])
    #expect(direction.norm == direction.rawNorm)
    #expect(abs(direction.rawNorm - 8.5.squareRoot()) < 1e-15)
    #expect(direction.layer == 4 && direction.positiveCount == 3 && direction.negativeCount == 2)
  }

  /// Sums of float32 in float32 would lose the difference altogether.
  @Test func meansAreAccumulatedInDouble() throws {
    let count = 4000
    let offset = Float(1 << 14)
    let states = try SteeringStates(
      positive: Matrix(rowCount: count, columnCount: 1) { row, _ in
        offset + (row % 2 == 0 ? 0x1p-8 : 0)
      },
      negative: Matrix(rowCount: count, columnCount: 1) { _, _ in offset })
    let direction = try DifferenceOfMeansSteering().direction(of: states)
    #expect(abs(direction.vector[0] / 0x1p-9 - 1) < 1e-6)
  }

  /// The rows ±D/2 have mean zero, so that their centred component is that of D without centring.
  @Test(arguments: [(40, 12), (30, 200), (400, 150)])
  func pairwiseComponentIsThatOfStatesLessTheirMidpoints(count: Int, width: Int) throws {
    let states = try PlantedSides(count: count, width: width).draw(seed: 21)
    let found = try PairwiseComponentSteering().direction(of: states)
    let halves = states.pairDifferences.elements.map { $0 / 2 }
    let rows = Matrix(
      rowCount: 2 * count, columnCount: width, elements: halves + halves.map { -$0 })
    let gram = symmetricProduct(of: rows.view, transposed: true)
    let leading = try SymmetricEigendecomposition(leading: 1, of: gram.view)
    #expect(abs(cosine(found.vector, leading.eigenvectors.row(0))) > 1 - 1e-12)
    let total = (0..<width).reduce(0) { $0 + gram[$1, $1] }
    let explained = try #require(found.explainedVariance)
    #expect(abs(explained - leading.eigenvalues[0] / total) < 1e-10)
  }

  /// What centring does to the concept, over independent draws: the bounds are those of 100 draws, with room.
  @Test func centringDifferencesLosesTheConceptAndKeepingTheirMeanDoesNot() throws {
    let truth = [1.0] + [Double](repeating: 0, count: 63)
    for seed in 0..<20 {
      var sides = PlantedSides(count: 256, width: 64, gap: 2, nuisance: 1.5, noise: 0.35)
      let near = try sides.draw(seed: UInt64(seed))
      sides.nuisance = 3
      let far = try sides.draw(seed: UInt64(seed))
      func found(_ method: some SteeringMethod, _ states: SteeringStates) throws -> Double {
        abs(cosine(try method.direction(of: states, seed: UInt64(seed)).vector, truth))
      }
      #expect(try found(DifferenceOfMeansSteering(), near) > 0.95)
      #expect(try found(DifferenceOfMeansSteering(), far) > 0.95)
      #expect(try found(CenteredComponentSteering(), near) < 0.2)
      #expect(try found(PairwiseComponentSteering(), near) > 0.9)
      #expect(try found(TomographySteering(), near) > 0.9)
      #expect(try found(PairwiseComponentSteering(), far) < 0.35)
    }
  }

  @Test func givenFlipsAreThoseUsed() throws {
    let states = try PlantedSides(count: 6, width: 4).draw(seed: 22)
    var method = TomographySteering()
    method.flips = [1, -1, 1, 1, -1, -1]
    let found = try method.direction(of: states)
    var rows = states.pairDifferences
    for (row, flip) in method.flips.enumerated() { rows.scaleRow(row, by: Double(flip)) }
    rows.subtractFromRows((0..<4).map { rows.column($0).reduce(0, +) / 6 })
    let gram = symmetricProduct(of: rows.view, transposed: true)
    let leading = try SymmetricEigendecomposition(leading: 1, of: gram.view)
    #expect(abs(cosine(found.vector, leading.eigenvectors.row(0))) > 1 - 1e-12)
    method.flips = [1, 2, 1, 1, 1, 1]
    #expect(throws: SteeringError.self) { try method.direction(of: states) }
    method.flips = [1]
    #expect(throws: SteeringError.self) { try method.direction(of: states) }
  }

  @Test func clusterMeanIsTheSumOfTheTwoOrdersMeans() throws {
    let states = try SteeringStates(
      positive: Matrix(rows: [[1, 0], [3, 2], [8, 6]]),
      negative: Matrix(rows: [[0, 0], [0, 0], [0, 0]]))
    var method = ClusterMeanSteering()
    method.positiveFirst = [true, false, true]
    // (1, 0) and (8, 6) have the mean (4.5, 3); the other one is (3, 2).
    #expect(try method.direction(of: states).rawNorm == (7.5 * 7.5 + 25.0).squareRoot())
    method.positiveFirst = [true, true, true]
    #expect(throws: SteeringError.self) { try method.direction(of: states) }
  }

  /// At the minimum, the gradient w/C − Σ y σ(−y w·x) x vanishes, and no intercept is needed.
  @Test(arguments: [0.1, 1, 20])
  func logisticWeightsAreAtTheMinimumOfThePairsWithoutIntercept(inverse: Double) throws {
    let states = try PlantedSides(count: 60, width: 8).draw(seed: 23)
    var method = LogisticSteering()
    method.inversePenalty = inverse
    method.length = .raw
    let weights = try method.direction(of: states).vector
    let halves = states.pairDifferences
    var gradient = weights.map { $0 / inverse }
    for row in 0..<halves.rowCount {
      let state = halves.row(row).map { $0 / 2 }
      let logit = dotProduct(weights.span, state.span)
      // Both sides of a pair count the same.
      let pull = 2 / (1 + exp(logit))
      for column in gradient.indices { gradient[column] -= pull * state[column] }
    }
    let scale = weights.map { ($0 / inverse).magnitude }.max() ?? 0
    #expect(gradient.allSatisfy { $0.magnitude < 1e-3 * scale })
  }

  @Test func logisticRefusesNoPenalty() throws {
    var method = LogisticSteering()
    for inverse in [Double.infinity, 0, -1, .nan] {
      method.inversePenalty = inverse
      #expect(throws: SteeringError.self) {
        try method.direction(of: try PlantedSides().draw(seed: 24))
      }
    }
  }

  /// Σ_W a = μ⁺ − μ⁻, with Σ_W from its definition.
  @Test(arguments: [0.0, 0.3])
  func discriminantSolvesItsEquation(ridge: Double) throws {
    let states = try PlantedSides(count: 50, width: 9).draw(seed: 25)
    var method = DiscriminantSteering()
    method.ridge = ridge
    let found = try method.direction(of: states).vector
    var covariance = Matrix<Double>(rowCount: 9, columnCount: 9)
    var difference = [Double](repeating: 0, count: 9)
    for (sign, side) in [(1.0, states.positive), (-1.0, states.negative)] {
      let mean = (0..<9).map { side.column($0).reduce(0) { $0 + Double($1) } / 50 }
      for column in 0..<9 { difference[column] += sign * mean[column] }
      for row in 0..<50 {
        let centered = zip(side.row(row), mean).map { Double($0) - $1 }
        for i in 0..<9 { for j in 0..<9 { covariance[i, j] += centered[i] * centered[j] / 100 } }
      }
    }
    let trace = (0..<9).reduce(0) { $0 + covariance[$1, $1] }
    for place in 0..<9 { covariance[place, place] += ridge * trace / 9 }
    let image = product(of: covariance.view, and: found.span)
    for (actual, expected) in zip(image, difference) { #expect(abs(actual - expected) < 1e-10) }
  }

  @Test func discriminantOfFewStatesNeedsARidge() throws {
    let states = try PlantedSides(count: 10, width: 40).draw(seed: 26)
    #expect(throws: SteeringError.self) { try DiscriminantSteering().direction(of: states) }
    var method = DiscriminantSteering()
    method.ridge = 0.01
    #expect(try method.direction(of: states).diagnostics.readingAccuracy ?? 0 > 0.9)
    method.ridge = -0.1
    #expect(throws: SteeringError.self) { try method.direction(of: states) }
  }

  /// Total and within covariance differ by a multiple of δδᵀ, so that both inverses send δ along one line.
  @Test func erasureReadsAlongTheDiscriminantWhereBothExist() throws {
    let states = try PlantedSides(count: 80, width: 15).draw(seed: 27)
    let discriminant = try DiscriminantSteering().direction(of: states)
    let erasure = try LeastSquaresErasureSteering().direction(of: states)
    #expect(cosine(discriminant.vector, erasure.vector) > 1 - 1e-10)
  }

  /// Σ Σ⁺ δ = δ, for δ lies in the range of Σ however few states there are.
  @Test func erasureInvertsTheCovarianceOfFewStates() throws {
    let states = try PlantedSides(count: 10, width: 40).draw(seed: 28)
    var method = LeastSquaresErasureSteering()
    method.length = .raw
    let found = try method.direction(of: states).vector
    let rows = (0..<10).flatMap { [states.positive.row($0), states.negative.row($0)] }
      .map { $0.map { Double($0) } }
    let mean = (0..<40).map { column in rows.reduce(0) { $0 + $1[column] } / 20 }
    var image = [Double](repeating: 0, count: 40)
    for row in rows {
      let centered = zip(row, mean).map { $0 - $1 }
      let weight = dotProduct(centered.span, found.span) / 20
      for column in 0..<40 { image[column] += weight * centered[column] }
    }
    let difference = try DifferenceOfMeansSteering().direction(of: states).vector
    for (actual, expected) in zip(image, difference) { #expect(abs(actual - expected) < 1e-9) }
  }

  /// States that depend on each other have no inverse that a factorisation finds; what counts is what they span, so
  /// that naming every pair twice changes nothing.
  @Test(arguments: [(10, 40), (60, 12)])
  func erasureReadsDependentStatesAsTheirSpan(count: Int, width: Int) throws {
    let states = try PlantedSides(count: count, width: width).draw(seed: 33)
    func doubled(_ side: Matrix<Float>) -> Matrix<Float> {
      // The last feature repeats the first, so that the covariance is singular whatever the count.
      Matrix(
        rows: (0..<(2 * count)).map { row in
          let state = side.row(row % count)
          return state.dropLast() + [state[0]]
        })
    }
    let single = try SteeringStates(
      positive: doubled(states.positive).selectingRows(Array(0..<count)),
      negative: doubled(states.negative).selectingRows(Array(0..<count)))
    let twice = try SteeringStates(
      positive: doubled(states.positive), negative: doubled(states.negative))
    let found = try LeastSquaresErasureSteering().direction(of: twice).vector
    #expect(
      cosine(try LeastSquaresErasureSteering().direction(of: single).vector, found) > 1 - 1e-10)
    // The repeated feature shares its weight.
    #expect(abs(found[0] - found[width - 1]) < 1e-9)
  }

  @Test func randomDirectionsOfOneSeedDiffer() throws {
    let states = try PlantedSides(count: 3, width: 400).draw(seed: 29)
    var method = RandomSteering()
    let first = try method.direction(of: states, seed: 1, layer: 1).vector
    #expect(try method.direction(of: states, seed: 1, layer: 1).vector == first)
    method.draw = 1
    let others = [
      try method.direction(of: states, seed: 1, layer: 1),
      try RandomSteering().direction(of: states, seed: 2, layer: 1),
      try RandomSteering().direction(of: states, seed: 1, layer: 2),
    ]
    // The standard deviation of such a cosine is 1/20.
    for other in others { #expect(abs(cosine(first, other.vector)) < 0.25) }
  }

  @Test func rowsThatDoNotDifferAreLeftOutWhereAsked() throws {
    var rows: [[Float]] = [[1, 2], [0, 0], [-1, -2], [3, 1]]
    let zeros = Matrix<Float>(rowCount: 4, columnCount: 2)
    let states = try SteeringStates(positive: Matrix(rows: rows), negative: zeros)
    func component(_ rows: [[Float]]) throws -> [Double] {
      try PairwiseComponentSteering().direction(
        of: try SteeringStates(
          positive: Matrix(rows: rows), negative: Matrix(rowCount: rows.count, columnCount: 2))
      ).vector
    }
    var method = PairwiseComponentSteering()
    method.zeroRows = .dropAsLlamaCpp
    let found = try method.direction(of: states).vector
    // The third row is negative throughout, and is lost as well.
    rows.removeSubrange(1...2)
    #expect(abs(cosine(found, try component(rows))) > 1 - 1e-12)
  }
}
