import Epistemics
import LinearAlgebra
import Optimization
import Testing

@Suite struct LogisticEnsembleTests {
  private func data(
    _ count: Int, scale: Double = 1, offset: Double = 0, seed: UInt64
  ) -> (scores: Matrix<Double>, labels: [Int]) {
    var generator = SeededGenerator(seed: 99, stream: seed)
    var rows: [[Double]] = []
    var labels: [Int] = []
    for _ in 0..<count {
      let row = [generator.nextNormal(), generator.nextNormal()]
      labels.append(row[0] - row[1] + generator.nextNormal() > 0 ? 1 : 0)
      rows.append(row.map { $0 * scale + offset })
    }
    return (Matrix(rows: rows), labels)
  }

  /// Oracle: at the minimum of ½‖w‖² + C Σ ℓ, w = C Σ (y − p) x and Σ (y − p) = 0.
  @Test(arguments: [(1.0, 1.0, 0.0), (1, 1e-3, 0), (1, 300, 0), (0.01, 1, 5), (50, 1, 1000)])
  func theGradientVanishes(penalty: Double, scale: Double, offset: Double) throws {
    let (scores, labels) = data(150, scale: scale, offset: offset, seed: 1)
    let ensemble = try LogisticEnsemble(
      scores: scores, labels: labels, inversePenalty: penalty)
    #expect(ensemble.isConverged)
    var gradient = ensemble.weights + [0]
    for (answer, label) in labels.enumerated() {
      let row = scores.row(answer)
      let residual =
        LogisticLoss.probability(ofLogit: ensemble.logit(of: row)) - Double(label)
      for column in 0..<2 { gradient[column] += penalty * residual * (row[column] - offset) }
      gradient[2] += penalty * residual
    }
    let size = penalty * 150
    #expect(abs(gradient[0]) < 1e-8 * size * scale && abs(gradient[1]) < 1e-8 * size * scale)
    #expect(abs(gradient[2]) < 1e-8 * size)
    #expect(ensemble.weights[0] > 0 && ensemble.weights[1] < 0)
  }

  /// Oracle: with weights of 0 the intercept is the log-odds of the share.
  @Test func scoresThatDoNotVaryHaveNoWeight() throws {
    let labels = [1, 1, 1, 0]
    let ensemble = try LogisticEnsemble(
      scores: Matrix(rowCount: 4, columnCount: 1, repeating: 7), labels: labels)
    #expect(ensemble.weights == [0])
    #expect(abs(ensemble.intercept - 1.0986122886681098) < 1e-8)
  }

  @Test func standardizedWeightsAreOfScoresAtVarianceOne() throws {
    let (scores, labels) = data(100, seed: 2)
    var scaled = scores
    scaled.scaleColumns(by: [1000, 0.001])
    let one = try LogisticEnsemble(scores: scores, labels: labels, standardize: true)
    let other = try LogisticEnsemble(scores: scaled, labels: labels, standardize: true)
    #expect(abs(one.weights[0] - other.weights[0] * 1000) < 1e-8)
    #expect(abs(one.weights[1] - other.weights[1] / 1000) < 1e-8)
  }

  @Test func whatCannotBeFittedIsRefused() {
    let (scores, labels) = data(10, seed: 3)
    #expect(throws: EpistemicsError.self) {
      try LogisticEnsemble(scores: scores, labels: Array(labels.dropLast()))
    }
    #expect(throws: EpistemicsError.invalidLabel(label: -1, sample: 9)) {
      try LogisticEnsemble(scores: scores, labels: labels.dropLast() + [-1])
    }
    #expect(throws: EpistemicsError.oneLabel(what: "the regression", label: 1, count: 10)) {
      try LogisticEnsemble(scores: scores, labels: [Int](repeating: 1, count: 10))
    }
    #expect(throws: EpistemicsError.optimization(.invalidPenalty(.inverse(-1)))) {
      try LogisticEnsemble(scores: scores, labels: labels, inversePenalty: -1)
    }
    var bad = scores
    bad[4, 1] = .infinity
    #expect(throws: EpistemicsError.notFinite(what: "the scores", row: 4, column: 1)) {
      try LogisticEnsemble(scores: bad, labels: labels)
    }
  }

  @Test func aFitThatIsCutShortSaysSo() throws {
    let (scores, labels) = data(100, seed: 4)
    let ensemble = try LogisticEnsemble(
      scores: scores, labels: labels, maximumIterationCount: 1)
    #expect(!ensemble.isConverged && ensemble.iterationCount == 1)
  }
}
