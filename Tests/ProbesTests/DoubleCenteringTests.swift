import Activations
import Evaluation
import LinearAlgebra
import Probes
import TestSupport
import Testing

/// The released code's second centring, which training rows get and scored rows do not.
@Suite struct DoubleCenteringTests {
  static let modes: [(Normalization.RowNorm, Normalization.Center)] = [
    (.none, .mean), (.none, .median), (.none, .none), (.l2, .none), (.l2, .median), (.l2, .mean),
  ]

  /// Skewed activations, so that mean and median differ.
  private static func skewedPairs() throws -> ContrastPairs {
    var pairs = try plantedPairs(120, width: 10, seed: 5)
    func skewed(_ side: Matrix<Float>) -> Matrix<Float> {
      Matrix(rowCount: side.rowCount, columnCount: side.columnCount) {
        side[$0, $1] + 0.3 * side[$0, $1] * side[$0, $1]
      }
    }
    (pairs.positive, pairs.negative) = (skewed(pairs.positive), skewed(pairs.negative))
    return pairs
  }

  private static let test = (0..<20).flatMap { [$0, $0 + 60] }
  private static let train = Set(0..<120).subtracting(test).sorted()

  /// A probe that is centred once by the mean, on rows that already have their norm.
  private static func centeredOnce() -> PolarityAwareCCS {
    var probe = PolarityAwareCCS()
    (probe.tries, probe.epochs) = (2, 200)
    probe.normalization = Normalization()
    return probe
  }

  private static func columns(_ side: Matrix<Float>) -> [[Double]] {
    (0..<side.columnCount).map { side.column($0).map { Double($0) } }
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  /// What scored rows keep: the training mean less what the mode subtracts itself.
  private static func kept(_ side: Matrix<Float>, _ center: Normalization.Center) -> [Double] {
    columns(side).map { column in
      let sorted = column.sorted()
      let middle = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
      switch center {
      case .none: return mean(column)
      case .mean: return 0
      case .median: return mean(column) - middle
      }
    }
  }

  private static func moved(_ side: Matrix<Float>, by shift: [Double]) -> Matrix<Float> {
    Matrix(rowCount: side.rowCount, columnCount: side.columnCount) {
      Float(Double(side[$0, $1]) + shift[$1])
    }
  }

  /// Theorem: it trains as if rows had been centred once, by the mean, and it answers about a scored row
  /// what that probe answers about the row moved by the difference of the two centres.
  ///
  /// Single precision subtracts in another order, which 200 steps amplify: measured 3e-6.
  @Test(arguments: modes)
  func scoredRowsKeepWhatTrainingRowsLost(
    rowNorm: Normalization.RowNorm, center: Normalization.Center
  ) throws {
    let pairs = try Self.skewedPairs()
    var base = pairs
    if rowNorm == .l2 {
      _ = base.positive.scaleRowsToUnitNorm()
      _ = base.negative.scaleRowsToUnitNorm()
    }
    let (trained, tested) = (base.selecting(Self.train), base.selecting(Self.test))
    var probe = Self.centeredOnce()
    let once = try probe.fit(.pairs(trained), seed: 1, layer: 0)
    probe.normalization = Normalization(rowNorm: rowNorm, center: center)
    probe.doubleCentering = .constructorOnly
    let twice = try probe.fit(.pairs(pairs.selecting(Self.train)), seed: 1, layer: 0)
    #expect(
      zip(once.search.trainingLosses, twice.search.trainingLosses).allSatisfy {
        abs($0 - $1) < 1e-4
      })
    let shifts = [Self.kept(trained.positive, center), Self.kept(trained.negative, center)]
    var shifted = tested
    shifted.positive = Self.moved(tested.positive, by: shifts[0])
    shifted.negative = Self.moved(tested.negative, by: shifts[1])
    let expected = try once.search.probabilities(shifted)
    let answers = try twice.search.probabilities(pairs.selecting(Self.test))
    #expect(Tolerance.largestDifference(answers.positive, expected.positive) < 1e-3)
    #expect(Tolerance.largestDifference(answers.negative, expected.negative) < 1e-3)
    // Only centring by the mean leaves nothing to keep.
    let plain = try once.search.probabilities(tested)
    let effect = Tolerance.largestDifference(plain.positive, answers.positive)
    #expect(center == .mean ? effect < 1e-3 : effect > 3e-3)
  }

  /// Closed form: the mean of held-out normalised rows is their mean less the mode's centre, so that it is
  /// off by the kept mean; the fit says how much that is.
  @Test(arguments: modes)
  func heldOutMeansAreOffByWhatIsKept(
    rowNorm: Normalization.RowNorm, center: Normalization.Center
  ) throws {
    let pairs = try Self.skewedPairs()
    var base = pairs
    if rowNorm == .l2 {
      _ = base.positive.scaleRowsToUnitNorm()
      _ = base.negative.scaleRowsToUnitNorm()
    }
    var probe = Self.centeredOnce()
    probe.epochs = 1
    probe.normalization = Normalization(rowNorm: rowNorm, center: center)
    probe.doubleCentering = .constructorOnly
    let fitted = try probe.fit(.pairs(pairs.selecting(Self.train)), seed: 1, layer: 0)
    var scored = pairs.selecting(Self.test)
    try fitted.search.normalization.apply(to: &scored)
    var offset = 0.0
    for (normalized, rows) in [(scored.positive, base.positive), (scored.negative, base.negative)] {
      let trained = rows.selectingRows(Self.train)
      let shift = Self.kept(trained, center)
      let trainingMeans = Self.columns(trained).map(Self.mean)
      let testMeans = Self.columns(rows.selectingRows(Self.test)).map(Self.mean)
      let found = Self.columns(normalized).map(Self.mean)
      let expected = shift.indices.map { testMeans[$0] - trainingMeans[$0] + shift[$0] }
      #expect(Tolerance.largestDifference(found, expected) < 1e-5)
      let spread = zip(Self.columns(trained), trainingMeans).reduce(0.0) { sum, column in
        sum + Self.mean(column.0.map { ($0 - column.1) * ($0 - column.1) })
      }
      let square = shift.reduce(0) { $0 + $1 * $1 }
      offset = max(offset, (square / spread).squareRoot())
    }
    // Rounding of squares of length 1 gives a root of 1e-7, so that nothing reads as 3e-4 at most.
    #expect(abs(fitted.trainingOffset - offset) < 1e-3)
    let flag = fitted.flags.first { $0.name == "doubly-centred" }
    #expect((flag != nil) == (center != .mean))
    if let flag { #expect(flag.detail?.contains("times their spread") == true) }
  }

  /// Without it, training and scoring see the same activations, whatever the mode.
  @Test func byDefaultThereIsNoSecondCentring() throws {
    let pairs = try Self.skewedPairs().selecting(Self.train)
    var probe = Self.centeredOnce()
    probe.normalization = Normalization(center: .none)
    let fitted = try probe.fit(.pairs(pairs), seed: 1, layer: 0)
    let losses = try fitted.metrics(on: .pairs(pairs))
    #expect(abs(losses.number("loss") - losses.number("training-loss")) < 1e-12)
    #expect(fitted.trainingOffset == 0)
    probe.doubleCentering = .constructorOnly
    let twice = try probe.fit(.pairs(pairs), seed: 1, layer: 0)
    let released = try twice.metrics(on: .pairs(pairs))
    #expect(abs(released.number("loss") - released.number("training-loss")) > 1e-3)
  }

  /// The sign is settled by the rows as they are scored.
  ///
  /// All sides differ upwards, so that most of these samples are right; about the mean difference, 4, all
  /// of them would be wrong.
  @Test func labelsSettleTheSignOfWhatIsScored() throws {
    let pairs = try ContrastPairs(
      positive: Matrix(rows: [[1], [1], [1], [1], [10], [10]]),
      negative: Matrix(rowCount: 6, columnCount: 1), labels: [1, 1, 1, 1, 0, 0],
      opposites: [1, 0, 3, 2, 5, 4])
    var probe = PolarityAwareCCS()
    (probe.tries, probe.epochs, probe.learningRate) = (1, 1, 1e-9)
    probe.normalization = Normalization(center: .none)
    probe.orientation = .trainLabels
    probe.doubleCentering = .constructorOnly
    let fitted = try probe.fit(pairs, initialWeights: Matrix(rows: [[1, 0]]))
    #expect(fitted.search.sign == 1)
    #expect(
      accuracy(try fitted.scores(.pairs(pairs)), threshold: 0.5, labels: [1, 1, 1, 1, 0, 0]) > 0.6)
  }
}
