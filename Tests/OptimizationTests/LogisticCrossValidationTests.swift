import LinearAlgebra
import Optimization
import TestSupport
import Testing

@Suite struct LogisticCrossValidationTests {
  private static let penalties = [0.01, 1, 100].map { LogisticPenalty.inverse($0) }

  /// Identity: the losses are those of fits on the other folds alone, one at a time, on uneven folds of
  /// any numbers.
  @Test(arguments: [(90, 4), (40, 100)], LogisticRegression.ClassWeight.allCases)
  func lossesAreThoseOfFitsOneAtATime(
    shape: (Int, Int), classWeight: LogisticRegression.ClassWeight
  ) throws {
    let data = PlantedRows(shape.0, shape.1)
    let folds = data.labels.indices.map { [7, -3, 7, 20][$0 % 4] }
    let method = LogisticRegression(classWeight: classWeight)
    let validated = try method.crossValidate(
      rows: data.rows.view, labels: data.labels, folds: folds, penalties: Self.penalties)
    for (place, penalty) in Self.penalties.enumerated() {
      var sum = 0.0
      var total = 0.0
      for fold in [-3, 7, 20] {
        let training = folds.indices.filter { folds[$0] != fold }
        let held = folds.indices.filter { folds[$0] == fold }
        let labels = training.map { data.labels[$0] }
        let fitted = try method.fit(
          rows: data.rows.selectingRows(training).view, labels: labels, penalty: penalty)
        let logits = fitted.logits(of: data.rows.selectingRows(held).view)
        let balanced = LogisticObjective.balancedWeights(labels)
        for (row, logit) in zip(held, logits) {
          let label = data.labels[row]
          let weight =
            classWeight == .none
            ? 1 : balanced[labels.firstIndex(of: label) ?? 0] * Double(labels.count)
          sum += weight * LogisticLoss.value(logit: logit, label: label)
          total += weight
        }
      }
      // Each fit leaves a millionth of its terms, a few more in these coordinates, and the curvature of
      // the weakest penalty turns that into a thousandth of a logit.
      #expect(abs(validated.heldOutLosses[place] - sum / total) < 1e-3 * sum / total)
    }
  }

  /// Golden: the mean losses over even folds by scikit-learn.
  @Test(arguments: ["tall", "wide"]) func lossesAreThoseOfScikitLearn(shape: String) throws {
    let golden = GoldenArrays("logistic_regression.npz")
    let penalties = try golden.numbers("\(shape)_inverse").map { LogisticPenalty.inverse($0) }
    let rows = try golden.matrix("\(shape)_samples")
    let validated = try LogisticRegression().crossValidate(
      rows: rows.view, labels: golden.integers("\(shape)_labels"),
      folds: golden.integers("\(shape)_folds"), penalties: penalties)
    let expected = try golden.numbers("\(shape)_losses")
    // As above.
    #expect(Tolerance.largestDifference(validated.heldOutLosses, expected) < 5e-4)
    #expect(validated.chosenIndex == expected.firstIndex(of: expected.min() ?? 0))
    #expect(validated.isConverged)
  }

  /// Identity: the fit that is returned is the fit with that penalty, to the last bit.
  @Test func theFitIsThatOfTheChosenPenalty() throws {
    let data = PlantedRows(80, 30)
    let validated = try LogisticRegression().crossValidate(
      rows: data.rows.view, labels: data.labels, folds: data.labels.indices.map { $0 % 5 })
    #expect(validated.penalties == LogisticPenalty.defaultGrid)
    #expect(validated.fitted.penalty == validated.chosenPenalty)
    #expect(
      try LogisticRegression().fit(
        rows: data.rows.view, labels: data.labels, penalty: validated.chosenPenalty)
        == validated.fitted)
    let losses = validated.heldOutLosses
    #expect(losses[validated.chosenIndex] == losses.min())
    #expect(!validated.isAtEdge)
  }

  /// Rows that are held out have no influence: whatever they and their labels are, the fit without them
  /// is stationary on the others alone, and so the same within what stationarity bounds.
  @Test func heldOutRowsDoNotInfluenceTheFitWithoutThem() throws {
    let data = PlantedRows(60, 5)
    let folds = data.labels.indices.map { $0 < 20 ? 0 : 1 }
    var changed = data.rows
    var flipped = data.labels
    for row in 0..<20 {
      for column in 0..<5 { changed[row, column] = 10 - 3 * changed[row, 4 - column] }
      flipped[row] = 1 - flipped[row]
    }
    let penalty = LogisticPenalty.inverse(1)
    let rest = Array(20..<60)
    let objective = LogisticObjective(
      rows: data.rows.selectingRows(rest), labels: rest.map { data.labels[$0] },
      strength: penalty.strength(rowCount: 40))
    let fits = try [(data.rows, data.labels), (changed, flipped)].map { rows, labels in
      try LogisticRegression().crossValidate(
        rows: rows.view, labels: labels, folds: folds, penalties: [penalty])
    }
    let bounds = fits.map { objective.distanceBound($0.foldFits[0].weights) }
    let weights = fits.map { $0.foldFits[0].weights }
    #expect(distance(weights[0], weights[1]) <= bounds[0] + bounds[1])
    #expect(bounds.allSatisfy { $0 < 1e-3 * TestObjective.norm(weights[0]) })
    // The other fold learns from those rows, and so changes.
    #expect(distance(fits[0].foldFits[1].weights, fits[1].foldFits[1].weights) > 0.1)
  }

  /// Where nothing tells the classes apart all penalties do equally well, and the strongest is taken.
  @Test(arguments: [[0.1, 1, 10], [10, 1, 0.1], [1, 0.1, 10]])
  func ofEqualPenaltiesTheStrongestIsTaken(inverse: [Double]) throws {
    let rows = Matrix<Float>(rowCount: 12, columnCount: 3, repeating: 1)
    let validated = try LogisticRegression().crossValidate(
      rows: rows.view, labels: (0..<12).map { $0 % 2 }, folds: (0..<12).map { $0 / 4 },
      penalties: inverse.map { .inverse($0) })
    #expect(Set(validated.heldOutLosses).count == 1)
    #expect(validated.chosenPenalty == .inverse(0.1))
    #expect(validated.isAtEdge)
  }

  /// Both ends of a grid are edges, its inside and a grid of one are not.
  @Test func theEdgesOfTheGridAreSaid() throws {
    let data = PlantedRows(80, 30)
    func validate(_ inverse: [Double]) throws -> CrossValidatedLogisticRegression {
      try LogisticRegression().crossValidate(
        rows: data.rows.view, labels: data.labels, folds: data.labels.indices.map { $0 % 4 },
        penalties: inverse.map { .inverse($0) })
    }
    #expect(try validate([1e-6, 1e-5]).isAtEdge)
    #expect(try validate([1e-6, 1e-5]).chosenPenalty == .inverse(1e-5))
    #expect(try validate([0.5]).isAtEdge == false)
    let wide = try validate([1e-6, 0.1, 1e6])
    #expect(wide.chosenPenalty == .inverse(0.1) && !wide.isAtEdge)
    // Forms may be mixed: their order is that of their strength.
    let mixed = try LogisticRegression().crossValidate(
      rows: data.rows.view, labels: data.labels, folds: data.labels.indices.map { $0 % 4 },
      penalties: [.meanLoss(0.02), .meanLoss(1e4), .inverse(1e6)])
    #expect(mixed.chosenIndex == 0 && !mixed.isAtEdge)
  }
}
