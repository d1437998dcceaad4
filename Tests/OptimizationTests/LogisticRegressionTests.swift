import LinearAlgebra
import Optimization
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct LogisticRegressionTests {
  static let shapes = [
    (2, 1), (2, 7), (3, 2), (17, 1), (40, 40), (129, 1), (200, 3), (150, 20), (20, 150),
    (300, 1300),
    (1300, 260),
  ]

  /// Theorem: at the minimum the gradient vanishes.
  ///
  /// A thousandth of a percent of its terms may be left, ten times what the optimiser leaves in its own
  /// coordinates.
  @Test(arguments: shapes) func theGradientVanishes(rowCount: Int, columnCount: Int) throws {
    let data = PlantedRows(rowCount, columnCount)
    for inverse in [1e-3, 1, 100] {
      let fitted = try LogisticRegression().fit(
        rows: data.rows.view, labels: data.labels, penalty: .inverse(inverse))
      #expect(fitted.isConverged)
      let objective = LogisticObjective(
        rows: data.rows, labels: data.labels,
        strength: fitted.penalty.strength(rowCount: rowCount))
      let gradient = objective.gradient(fitted.weights, intercept: fitted.intercept)
      #expect(TestObjective.norm(gradient.vector) <= 1e-5 * gradient.scale)
      let best = objective.bestIntercept(fitted.weights)
      #expect(abs(fitted.intercept - best) <= 1e-4 * (1 + abs(best)))
    }
  }

  /// Closed form: at x = ±1 with labels that agree with the sign in three of four samples, a weight of
  /// ½ is the minimum for λ = (¾ − σ(½)) / (2 · ½), and ln 3 that without a penalty.
  @Test func oneFeatureHasTheWeightThatItsSharesSay() throws {
    let rows = Matrix<Float>(rows: [[1], [1], [1], [1], [-1], [-1], [-1], [-1]])
    let labels = [1, 1, 1, 0, 0, 0, 0, 1]
    let half = LogisticLoss.probability(ofLogit: 0.5)
    let fitted = try LogisticRegression().fit(
      rows: rows.view, labels: labels, penalty: .meanLoss(0.75 - half))
    #expect(abs(fitted.weights[0] - 0.5) < 1e-5)
    #expect(abs(fitted.intercept) < 1e-5)
    let free = try LogisticRegression().fit(
      rows: rows.view, labels: labels, penalty: .inverse(1e9))
    #expect(abs(free.weights[0] - log(3)) < 1e-5)
  }

  /// Closed form: what a strong penalty leaves is the log-odds of label 1, or even odds in balance.
  ///
  /// The weights are at most ‖gradient at 0‖ / 2λ ≤ max ‖x‖ / 2λ.
  @Test func aStrongPenaltyLeavesTheBaseRate() throws {
    let data = PlantedRows(50, 4)
    let positiveCount = Double(data.labels.count { $0 == 1 })
    for (weight, logit) in [
      (LogisticRegression.ClassWeight.none, log(positiveCount / (50 - positiveCount))),
      (.balanced, 0),
    ] {
      let fitted = try LogisticRegression(classWeight: weight).fit(
        rows: data.rows.view, labels: data.labels, penalty: .meanLoss(1e8))
      #expect(TestObjective.norm(fitted.weights) < 1e-7)
      #expect(abs(fitted.intercept - logit) < 1e-6)
    }
  }

  /// Identity: features that say nothing get no weight, at any penalty.
  @Test(arguments: [0, 1, 3]) func constantFeaturesGetNoWeight(columnCount: Int) throws {
    let rows = Matrix<Float>(rowCount: 4, columnCount: columnCount, repeating: 7)
    let fitted = try LogisticRegression().fit(
      rows: rows.view, labels: [0, 0, 0, 1], penalty: .inverse(1e4))
    #expect(fitted.weights == Array(repeating: 0, count: columnCount))
    #expect(abs(fitted.intercept + log(3)) < 1e-12)
    #expect(fitted.isConverged)
    #expect(abs(fitted.meanLoss - (log(4) - 0.75 * log(3))) < 1e-12)
  }

  /// Golden: scikit-learn's Newton method.
  ///
  /// Our weights may be as far from the minimum as their own gradient allows, and scikit-learn's as
  /// theirs.
  @Test(arguments: ["tall", "wide"], LogisticRegression.ClassWeight.allCases)
  func weightsAreThoseOfScikitLearn(
    shape: String, classWeight: LogisticRegression.ClassWeight
  ) throws {
    let golden = GoldenArrays("logistic_regression.npz")
    let rows = try golden.matrix("\(shape)_samples")
    let labels = try golden.integers("\(shape)_labels")
    let weights = try golden.numbers("\(shape)_\(classWeight)_weights")
    let intercepts = try golden.numbers("\(shape)_\(classWeight)_intercepts")
    let width = rows.columnCount
    for (place, inverse) in try golden.numbers("\(shape)_inverse").enumerated() {
      let fitted = try LogisticRegression(classWeight: classWeight).fit(
        rows: rows.view, labels: labels, penalty: .inverse(inverse))
      let expected = Array(weights[(place * width)..<((place + 1) * width)])
      let objective = LogisticObjective(
        rows: rows, labels: labels,
        strength: fitted.penalty.strength(rowCount: rows.rowCount),
        sampleWeights: classWeight == .none ? nil : LogisticObjective.balancedWeights(labels))
      let bound = objective.distanceBound(fitted.weights) + objective.distanceBound(expected)
      #expect(distance(fitted.weights, expected) <= bound)
      // The bound is no empty one.
      #expect(bound < 1e-3 * TestObjective.norm(expected))
      #expect(abs(fitted.intercept - intercepts[place]) < 1e-3 * (1 + abs(intercepts[place])))
    }
  }

  /// Theorem: the squared norm does not know a rotation, so logits do not change.
  @Test func rotatedRowsHaveTheSameLogits() throws {
    let data = PlantedRows(60, 12)
    var generator = SeededGenerator(seed: 5)
    let square = Matrix<Double>(rowCount: 12, columnCount: 12) { _, _ in generator.nextNormal() }
    let rotation = Matrix<Float>(try QRFactorization(square.view).orthonormal)
    let rotated = product(of: data.rows.view, and: rotation.view)
    let penalty = LogisticPenalty.inverse(0.5)
    let plain = try LogisticRegression().fit(
      rows: data.rows.view, labels: data.labels, penalty: penalty)
    let turned = try LogisticRegression().fit(
      rows: rotated.view, labels: data.labels, penalty: penalty)
    // Rotated rows are rounded: relative to logits below 10, 12 roundings of single precision; both
    // fits end within 1e-5 of the minimum.
    #expect(
      Tolerance.largestDifference(
        plain.logits(of: data.rows.view), turned.logits(of: rotated.view)) < 1e-4)
  }

  /// Identity: features four times as large, under a penalty sixteen times as strong, get weights a
  /// quarter as large, to the last bit, since powers of two do not round.
  @Test func aUnitOfTheFeaturesIsOnlyAUnit() throws {
    let data = PlantedRows(30, 6)
    let larger = Matrix(
      rowCount: 30, columnCount: 6, elements: data.rows.elements.map { $0 * 4 })
    let plain = try LogisticRegression().fit(
      rows: data.rows.view, labels: data.labels, penalty: .meanLoss(0.02))
    let scaled = try LogisticRegression().fit(
      rows: larger.view, labels: data.labels, penalty: .meanLoss(0.32))
    #expect(scaled.weights.map { $0 * 4 } == plain.weights)
    #expect(scaled.intercept == plain.intercept)
    #expect(scaled.value == plain.value)
  }

  /// Features of 1e-20 and of 1e18 are fitted as those of 1 are.
  @Test(arguments: [Float(0x1p-66), 0x1p60]) func extremeUnitsAreFitted(unit: Float) throws {
    let data = PlantedRows(30, 6)
    let extreme = Matrix(
      rowCount: 30, columnCount: 6, elements: data.rows.elements.map { $0 * unit })
    let scale = Double(unit)
    let plain = try LogisticRegression().fit(
      rows: data.rows.view, labels: data.labels, penalty: .meanLoss(0.02))
    let scaled = try LogisticRegression().fit(
      rows: extreme.view, labels: data.labels, penalty: .meanLoss(0.02 * scale * scale))
    #expect(scaled.weights.map { $0 * scale } == plain.weights)
  }

  /// Identity: both forms of a penalty ask for the same, as ½‖w‖² + C Σ ℓ divided by C n shows.
  @Test func bothFormsOfAPenaltyAreTheSame() throws {
    #expect(LogisticPenalty.inverse(0.5).strength(rowCount: 40) == 0.025)
    #expect(LogisticPenalty.meanLoss(0.025).inverse(rowCount: 40) == 0.5)
    #expect(LogisticPenalty.inverse(3).inverse(rowCount: 9) == 3)
    #expect(LogisticPenalty.meanLoss(3).strength(rowCount: 9) == 3)
    let data = PlantedRows(40, 3)
    let first = try LogisticRegression().fit(
      rows: data.rows.view, labels: data.labels, penalty: .inverse(0.5))
    let second = try LogisticRegression().fit(
      rows: data.rows.view, labels: data.labels, penalty: .meanLoss(0.025))
    #expect(first.weights == second.weights)
    #expect(first.intercept == second.intercept)
  }

  /// Closed form: the grid of scikit-learn.
  @Test func theDefaultGridIsLogarithmic() {
    let inverse = LogisticPenalty.defaultGrid.map { $0.inverse(rowCount: 1) }
    #expect(inverse.count == 10)
    #expect(abs(inverse[0] - 1e-4) < 1e-18 && abs(inverse[9] - 1e4) < 1e-10)
    for (lower, upper) in zip(inverse, inverse.dropFirst()) {
      #expect(abs(upper / lower - pow(10, 8.0 / 9)) < 1e-12)
    }
  }

  /// Identity: a class that counts twice as much is one whose samples are there twice.
  @Test func balancedClassesAreRepeatedSamples() throws {
    let data = PlantedRows(30, 4)
    let positives = data.labels.indices.filter { data.labels[$0] == 1 }.prefix(7)
    let negatives = data.labels.indices.filter { data.labels[$0] == 0 }.prefix(7)
    let once = Array(positives) + Array(negatives) + Array(negatives.prefix(7))
    let twice = once + Array(positives)
    let weighted = try LogisticRegression(classWeight: .balanced).fit(
      rows: data.rows.selectingRows(once).view, labels: once.map { data.labels[$0] },
      penalty: .meanLoss(0.01))
    let repeated = try LogisticRegression().fit(
      rows: data.rows.selectingRows(twice).view, labels: twice.map { data.labels[$0] },
      penalty: .meanLoss(0.01))
    #expect(positives.count == 7 && negatives.count == 7)
    let objective = LogisticObjective(
      rows: data.rows.selectingRows(twice), labels: twice.map { data.labels[$0] }, strength: 0.01)
    let bound =
      objective.distanceBound(weighted.weights) + objective.distanceBound(repeated.weights)
    #expect(distance(weighted.weights, repeated.weights) <= bound)
    #expect(bound < 1e-3 * TestObjective.norm(repeated.weights))
  }

  /// The value is the mean loss with the penalty, and the losses are those of the logits.
  @Test func theValueIsTheLossOfItsLogitsAndThePenalty() throws {
    let data = PlantedRows(25, 5)
    let fitted = try LogisticRegression().fit(
      rows: data.rows.view, labels: data.labels, penalty: .meanLoss(0.03))
    let logits = fitted.logits(of: data.rows.view)
    let loss = zip(logits, data.labels).reduce(0) {
      $0 + LogisticLoss.value(logit: $1.0, label: $1.1) / 25
    }
    #expect(abs(fitted.meanLoss - loss) < 1e-6)
    let squares = TestObjective.dot(fitted.weights, fitted.weights)
    #expect(abs(fitted.value - fitted.meanLoss - 0.03 * squares) < 1e-12)
  }

  /// Steps stay few where variances span three orders of magnitude, from wide rows to tall ones.
  ///
  /// With one scale for all directions they would be up to 350.
  @Test(arguments: [(300, 500), (1500, 200)]) func unevenVariancesCostFewSteps(shape: (Int, Int))
    throws
  {
    var generator = SeededGenerator(seed: 3)
    let (rowCount, columnCount) = shape
    let rows = Matrix<Float>(rowCount: rowCount, columnCount: columnCount) {
      Float(generator.nextNormal() * pow(Double($1 + 1), -0.75))
    }
    let labels = (0..<rowCount).map { row in
      Double(rows[row, 0] + 10 * rows[row, 20]) + generator.nextNormal() > 0 ? 1 : 0
    }
    for (inverse, mostSteps) in [(0.1, 15), (10, 30), (1000, 60)] {
      let fitted = try LogisticRegression().fit(
        rows: rows.view, labels: labels, penalty: .inverse(inverse))
      #expect(fitted.stop == .stationary)
      #expect(fitted.iterationCount <= mostSteps, "C = \(inverse)")
    }
  }

  @Test func theNumberOfThreadsChangesNothing() throws {
    let data = PlantedRows(400, 900)
    let threadCount = Parallel.threadCount
    defer { Parallel.threadCount = threadCount }
    let folds = (0..<400).map { $0 % 3 }
    var results: [CrossValidatedLogisticRegression] = []
    for count in [1, 3] {
      Parallel.threadCount = count
      results.append(
        try LogisticRegression().crossValidate(
          rows: data.rows.view, labels: data.labels, folds: folds,
          penalties: [.inverse(0.01), .inverse(1)]))
    }
    #expect(results[0] == results[1])
  }

  /// Closed forms of the loss, where it is about to overflow as well.
  @Test func theLossIsTheNegativeLogOfTheProbability() {
    #expect(LogisticLoss.value(margin: 0) == log(2))
    #expect(LogisticLoss.value(margin: -1000) == 1000)
    #expect(LogisticLoss.value(margin: 1000) == 0)
    #expect(abs(LogisticLoss.value(margin: 40) - exp(-40)) < 1e-30)
    #expect(LogisticLoss.probability(ofLogit: 1000) == 1)
    #expect(LogisticLoss.probability(ofLogit: -1000) == 0)
    for logit in [-30, -1, 0, 0.5, 20.0] {
      let probability = LogisticLoss.probability(ofLogit: logit)
      #expect(abs(log(probability) + LogisticLoss.value(logit: logit, label: 1)) < 1e-12)
      #expect(abs(probability + LogisticLoss.probability(ofLogit: -logit) - 1) < 1e-15)
      #expect(
        LogisticLoss.value(logit: logit, label: 0) == LogisticLoss.value(logit: -logit, label: 1))
    }
  }
}
