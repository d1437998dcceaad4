import Activations
import Evaluation
import Foundation
import LinearAlgebra
import Optimization
import Probes
import TestSupport
import Testing

/// Contrast-consistent search with L-BFGS.
@Suite struct ContrastMinimizationTests {
  private func search(_ change: (inout ContrastConsistentSearch) -> Void = { _ in })
    -> ContrastConsistentSearch
  {
    var search = ContrastConsistentSearch()
    search.optimizer = .lbfgs
    search.tries = 4
    change(&search)
    return search
  }

  /// Uniform numbers in ±1/√width, one start a row.
  private func starts(_ count: Int, width: Int, times factor: Float = 1) -> Matrix<Float> {
    var generator = SeededGenerator(seed: 77)
    return Matrix(rowCount: count, columnCount: width + 1) { _, _ in
      factor * Float(2 * generator.nextUniform() - 1) / Float(width).squareRoot()
    }
  }

  /// Oracle: SciPy's L-BFGS-B in double precision, from the same starts.
  ///
  /// Both losses are of one minimum.
  @Test func penalisedFitsEndWhereSciPyEnds() throws {
    let golden = GoldenArrays("contrast_consistent_search.npz")
    let pairs = try ContrastPairs(
      positive: try golden.matrix("positive"), negative: try golden.matrix("negative"))
    let losses = try golden.matrix("penalized_losses")
    let q = try golden.matrix("penalized_q")
    for (index, penalty) in try golden.numbers("penalties").enumerated() {
      let search = search {
        $0.tries = 3
        $0.penalty = penalty
      }
      let fitted = try search.fit(pairs, initialWeights: try golden.matrix("linear_start"))
      // The gradient is followed to 1e-5 of its terms or to rounding; the loss is flat there.
      for (loss, expected) in zip(fitted.trainingLosses, losses.row(index)) {
        #expect(abs(loss - Double(expected)) <= 1e-4 * Double(expected))
      }
      let scores = try fitted.scores(.pairs(pairs))
      let expected = q.row(3 * index + fitted.selectedTry)
      #expect(zip(scores, expected).allSatisfy { abs($0 - (1 - Double($1))) < 1e-3 })
      #expect(!fitted.flags.contains { $0.name == "not-converged" })
    }
  }

  /// Law: L-BFGS ends at 1e-5 or less from every start from which AdamW does, and gives a probe as good.
  @Test func separablePairsAreFittedWhereverAdamWFitsThem() throws {
    let pairs = try plantedPairs(80, width: 1500)
    let starts = starts(10, width: 1500)
    var published = search { $0.tries = 10 }
    published.optimizer = .adamW
    let adamW = try published.fit(pairs, initialWeights: starts)
    let fitted = try search { $0.tries = 10 }.fit(pairs, initialWeights: starts)
    #expect(adamW.trainingLosses.count { $0 <= 1e-5 } >= 5)
    for (own, other) in zip(fitted.trainingLosses, adamW.trainingLosses) {
      #expect(own <= 1e-5 || other > 1e-5)
    }
    #expect(fitted.minimization?.stop == .valueFloor)
    let scores = try fitted.scores(.pairs(pairs))
    let share = accuracy(scores, threshold: 0.5, labels: pairs.labels ?? [])
    #expect(max(share, 1 - share) == 1)
  }

  /// Theorem: the steps of L-BFGS turn with the coordinates; those of AdamW, scaled by coordinate, do not.
  ///
  /// The loss has many zeros here, more features than pairs, so that the path decides where it ends.
  @Test func turningTheCoordinatesTurnsTheFitOfLBFGSOnly() throws {
    let width = 60
    let pairs = try plantedPairs(20, width: width)
    let held = try plantedPairs(20, width: width, seed: 9)
    let starts = starts(4, width: width)
    let turn = try randomRotation(width)
    func turned(_ matrix: Matrix<Float>) -> Matrix<Float> {
      product(of: matrix.view, and: turn.view)
    }
    func turned(_ pairs: ContrastPairs) throws -> ContrastPairs {
      try ContrastPairs(positive: turned(pairs.positive), negative: turned(pairs.negative))
    }
    var turnedStarts = starts
    let turnedWeights = turned(Matrix(starts.view.columns(0..<width)))
    for row in 0..<4 {
      for column in 0..<width { turnedStarts[row, column] = turnedWeights[row, column] }
    }
    func change(_ search: ContrastConsistentSearch) throws -> Double {
      let plain = try search.fit(pairs, initialWeights: starts).scores(.pairs(held))
      let other = try search.fit(try turned(pairs), initialWeights: turnedStarts)
        .scores(.pairs(try turned(held)))
      return Tolerance.largestDifference(plain, other)
    }
    #expect(try change(search()) < 1e-3)
    var published = search()
    published.optimizer = .adamW
    #expect(try change(published) > 0.05)
  }

  private func randomRotation(_ order: Int) throws -> Matrix<Float> {
    var generator = SeededGenerator(seed: 4)
    let drawn = Matrix<Float>(rowCount: order, columnCount: order) { _, _ in
      Float(generator.nextNormal())
    }
    return try QRFactorization(drawn.view).orthonormal
  }

  /// Theorem: the gradient never leaves the span of the rows, so working inside it changes nothing.
  ///
  /// Held-out pairs see the part of a start outside of the span too: kept without a penalty, and zero at
  /// the minimum with one.
  @Test(arguments: [0, 0.01])
  func theSpanOfTheRowsIsEnough(penalty: Double) throws {
    let (pairs, held) = (
      try plantedPairs(16, width: 90), try plantedPairs(16, width: 90, seed: 9)
    )
    let starts = starts(4, width: 90, times: 3)
    let whole = try search { $0.penalty = penalty }.fit(pairs, initialWeights: starts)
    let reduced = try search {
      $0.penalty = penalty
      $0.reducesRank = true
    }.fit(pairs, initialWeights: starts)
    #expect(Tolerance.largestDifference(whole.trainingLosses, reduced.trainingLosses) < 1e-5)
    #expect(
      Tolerance.largestDifference(
        try whole.scores(.pairs(held)), try reduced.scores(.pairs(held))) < 5e-3)
  }

  /// Theorem: along a path of penalties the loss without the penalty never falls; at the end p is 1/2,
  /// where the loss is 1/4.
  @Test func theLossGrowsWithThePenalty() throws {
    let pairs = try plantedPairs()
    let losses = try [0, 1e-4, 1e-3, 1e-2, 0.1, 1, 1e4].map { penalty in
      try search { $0.penalty = penalty }.fit(.pairs(pairs), seed: 3, layer: 0).trainingLoss
    }
    for (lower, higher) in zip(losses, losses.dropFirst()) { #expect(lower <= higher + 1e-6) }
    #expect(losses[0] < 1e-5)
    #expect(abs(losses[losses.count - 1] - 0.25) < 1e-3)
  }

  /// Law: any number of threads gives the same bytes, and fewer tries are the first of more.
  @Test func neitherThreadsNorOtherTriesChangeATry() throws {
    let pairs = try plantedPairs(300, width: 33, strength: 0.5)
    let chosen = Parallel.threadCount
    defer { Parallel.threadCount = chosen }
    Parallel.threadCount = 1
    let serial = try search().fit(.pairs(pairs), seed: 2, layer: 0)
    Parallel.threadCount = 2
    #expect(try search().fit(.pairs(pairs), seed: 2, layer: 0) == serial)
    let few = try search { $0.tries = 2 }.fit(.pairs(pairs), seed: 2, layer: 0)
    #expect(few.trainingLosses == Array(serial.trainingLosses.prefix(2)))
    #expect(few.minimizations == Array(serial.minimizations.prefix(2)))
  }

  /// A start whose every answer is certain, and half of them wrong: either the fit gets out of there or
  /// it says that it did not.
  @Test(arguments: [1, 30, 1000, 1e6] as [Float], [0, 10])
  func aSaturatedStartRecoversOrIsFlagged(factor: Float, warmUpSteps: Int) throws {
    let pairs = try plantedPairs(60, width: 12)
    let fitted = try search { $0.warmUpSteps = warmUpSteps }.fit(
      pairs, initialWeights: starts(4, width: 12, times: factor))
    let isFlagged = fitted.flags.contains { $0.name == "not-converged" }
    #expect(isFlagged || fitted.trainingLoss < 1e-5)
    for (loss, minimization) in zip(fitted.trainingLosses, fitted.minimizations) {
      #expect(loss < 1e-5 || minimization.stop != .valueFloor)
    }
    // With the warm-up, whose slopes do not vanish, at least starts of up to 30 times the usual recover.
    if warmUpSteps > 0 && factor <= 30 { #expect(fitted.trainingLoss < 1e-5) }
  }

  /// Closed form: identical sides carry no contrast; the minimum is p = .4 with a loss of .2.
  @Test func identicalSidesCollapseToTheConstantProbe() throws {
    let pairs = try plantedPairs()
    let same = try ContrastPairs(positive: pairs.positive, negative: pairs.positive)
    let fitted = try search().fit(.pairs(same), seed: 3, layer: 0)
    #expect(fitted.trainingLosses.allSatisfy { abs($0 - 0.2) < 1e-7 })
    #expect(fitted.minimizations.allSatisfy { $0.stop == .stationary })
    #expect(try fitted.probabilities(same).positive.allSatisfy { abs($0 - 0.4) < 1e-3 })
  }
}
