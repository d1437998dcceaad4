import Activations
import LinearAlgebra
import Probes
import TestSupport
import Testing

@Suite struct LinearProbeTests {
  /// Closed form on four rows: means (0, 1) and (4, 1), so the direction is (4, 0) and the threshold,
  /// after centring at (2, 1), is 0.
  @Test func differenceOfMeansIsTheDifferenceOfMeans() throws {
    let rows = try LabelledActivations(
      activations: Matrix(rows: [[-1, 1], [1, 1], [3, 0], [5, 2]]), labels: [0, 0, 1, 1])
    let fitted = try DifferenceOfMeans().fit(.rows(rows), seed: 0, layer: 0)
    #expect(Tolerance.largestDifference(fitted.direction, [4, 0]) < 1e-6)
    #expect(abs(fitted.threshold) < 1e-6)
    #expect(try Tolerance.largestDifference(fitted.scores(.rows(rows)), [-12, -4, 4, 12]) < 1e-5)
  }

  /// Closed form: the threshold is the middle of the means, not their centre of mass.
  ///
  /// Centred rows are −1.5, −.5, −.5 and 2.5; class means −.8333 and 2.5.
  @Test func theThresholdIsTheMiddleOfTheMeans() throws {
    let rows = try LabelledActivations(
      activations: Matrix(rows: [[0], [1], [1], [4]]), labels: [0, 0, 0, 1])
    let fitted = try DifferenceOfMeans().fit(.rows(rows), seed: 0, layer: 0)
    let direction = 4 - 2.0 / 3
    #expect(abs(fitted.threshold - direction * (4 + 2.0 / 3) / 2 + direction * 1.5) < 1e-5)
  }

  /// Identity: swapping the sides of every pair turns the direction round.
  @Test func swappingSidesTurnsTheDirectionRound() throws {
    let pairs = try plantedPairs()
    let swapped = try ContrastPairs(
      positive: pairs.negative, negative: pairs.positive, labels: pairs.labels)
    let direction = try DifferenceOfMeans().fit(.pairs(pairs), seed: 0, layer: 0).direction
    let turned = try DifferenceOfMeans().fit(.pairs(swapped), seed: 0, layer: 0).direction
    let scale = direction.map { abs($0) }.max() ?? 0
    let tolerance = Tolerance.rounding(count: 60, scale: 2 * scale, in: Float.self)
    #expect(Tolerance.largestDifference(direction, turned.map { -$0 }) <= tolerance)
  }

  @Test func aConstantLayerHasNoDirection() throws {
    let rows = try LabelledActivations(
      activations: Matrix(rowCount: 4, columnCount: 3, repeating: 2), labels: [0, 1, 0, 1])
    let error = #expect(throws: ProbeError.self) {
      _ = try DifferenceOfMeans().fit(.rows(rows), seed: 0, layer: 0)
    }
    #expect(error?.description.contains("constant layer") == true)
  }

  /// Theorem: a random direction is uniform on the sphere, so its squared components have mean 1/d;
  /// five deviations of the mean of 200 · 8 squares, each of variance 2/d²·(1 + O(1/d)).
  @Test func randomDirectionsAreIsotropic() throws {
    let pairs = try plantedPairs()
    var sums = [Double](repeating: 0, count: 8)
    for seed in 0..<200 as Range<UInt64> {
      let direction = try RandomDirection().fit(.pairs(pairs), seed: seed, layer: 0).direction
      #expect(abs(direction.reduce(0) { $0 + $1 * $1 } - 1) < 1e-6)
      for column in 0..<8 { sums[column] += direction[column] * direction[column] / 200 }
    }
    let bound = 5 * (2.0 / 64 / 200).squareRoot()
    #expect(sums.allSatisfy { abs($0 - 1.0 / 8) < bound })
  }

  /// With the sign from training labels, random directions on planted data are right more than half of
  /// the time; without it their mean is one half.
  @Test func theSignFromTrainingLabelsIsAnAdvantage() throws {
    let pairs = try plantedPairs()
    let labels = try #require(pairs.labels)
    func meanAccuracy(isOriented: Bool) throws -> Double {
      let scores = try RandomDirection().projections(
        training: .pairs(pairs), test: .pairs(pairs), count: 300, isOriented: isOriented, seed: 1,
        layer: 0)
      return (0..<300).reduce(0) {
        $0 + accuracy(scores.row($1).map { Double($0) }, threshold: 0, labels: labels) / 300
      }
    }
    #expect(try meanAccuracy(isOriented: true) > 0.7)
    // The accuracies of a direction and its opposite add up to one; their spread is at most .5, so the
    // mean of 300 lies within five deviations, 5 · .5 / √300.
    #expect(abs(try meanAccuracy(isOriented: false) - 0.5) < 0.15)
  }
}

@Suite struct PlattScalingTests {
  /// Identity: negating the scores negates the slope and keeps the intercept.
  @Test func negatedScoresNegateTheSlope() throws {
    let scores = [0.1, 0.4, 0.35, 0.8, 0.9, 0.3]
    let labels = [0, 0, 1, 1, 1, 0]
    let plain = try PlattScaling.fit(scores: scores, labels: labels)
    let negated = try PlattScaling.fit(scores: scores.map { -$0 }, labels: labels)
    #expect(plain.slope > 0)
    #expect(abs(plain.slope + negated.slope) < 1e-6 * plain.slope)
    #expect(abs(plain.intercept - negated.intercept) < 1e-6)
  }

  /// Theorem: at the maximum of the likelihood the mean probability is the mean target.
  @Test func theMeanProbabilityIsTheMeanTarget() throws {
    let scores = [-1.0, 0.2, 0.5, 3, 2.5, 0.1, -2]
    let labels = [0, 1, 0, 1, 1, 0, 0]
    let scaling = try PlattScaling.fit(scores: scores, labels: labels)
    let mean = scores.map { scaling.probability(of: $0) }.reduce(0, +) / 7
    let targets = (3 * (4.0 / 5) + 4 * (1.0 / 6)) / 7
    #expect(abs(mean - targets) < 1e-9)
  }

  @Test func separableScoresStillHaveAFiniteSlope() throws {
    let scaling = try PlattScaling.fit(scores: [0, 0.1, 0.9, 1], labels: [0, 0, 1, 1])
    #expect(scaling.slope.isFinite && scaling.slope > 0)
  }

  @Test func oneClassOrEqualScoresAreRefused() {
    #expect(throws: ProbeError.oneClass(method: "platt", label: 1)) {
      _ = try PlattScaling.fit(scores: [0, 1], labels: [1, 1])
    }
    #expect(throws: ProbeError.self) {
      _ = try PlattScaling.fit(scores: [0.5, 0.5], labels: [0, 1])
    }
  }
}
