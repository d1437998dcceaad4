public import Activations
public import Evaluation
public import LinearAlgebra
internal import Optimization

/// A direction drawn at random, uniform on the sphere: what a probe must beat.
///
/// The score is the projection of x⁺ − x⁻, or of a row, after the same normalisation as the probe under
/// test. One draw says little; ``projections(training:test:count:isOriented:seed:layer:)`` gives many
/// at once for the control, whose 95th percentile a probe has to exceed. On easy data a random direction can
/// reach three quarters (Roger, 2023), which no accuracy alone would show.
public struct RandomDirection: Probe, Equatable {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "random-direction"
  /// One line of help.
  public static let summary = "a direction drawn at random, the control for every other probe"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Roger", year: 2023, title: "What Discovering Latent Knowledge Did and Did Not Find",
    link: "https://www.alignmentforum.org/posts/bWxNPMy5MhPnQTzKz")
  /// The kinds of data that the probe reads.
  public static let accepts: Set<ProbeInput> = [.contrastPairs, .rows]
  /// Whether the probe sees labels.
  public static let supervision = Supervision.none

  /// How activations are normalised; by default each side loses its training mean.
  public var normalization = Normalization()

  /// Creates the method with its published defaults.
  public init() {}

  /// Fits the probe, as ``Probe/fit(_:seed:layer:)`` says.
  ///
  /// - Parameters:
  ///   - data: The raw training activations.
  ///   - seed: The seed of the run.
  ///   - layer: The layer's number.
  /// - Returns: The fitted probe.
  /// - Throws: ``ProbeError`` if the data cannot be fitted.
  public func fit(_ data: consuming ProbeData, seed: UInt64, layer: Int) throws(ProbeError)
    -> FittedLinearProbe
  {
    try Self.check(data, minimumCount: 2)
    let (features, fitted) = try LinearFeatures.fit(data, normalization: normalization)
    let directions = Self.directions(
      count: 1, width: features.columnCount, seed: seed, layer: layer)
    let norm = directions.elements.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    return FittedLinearProbe(
      direction: directions.row(0).map { Double($0) / norm }, threshold: 0, isOriented: false,
      normalization: fitted, flags: fitted.flags)
  }

  /// Random directions as rows, (count, width), standard normal.
  private static func directions(count: Int, width: Int, seed: UInt64, layer: Int) -> Matrix<Float>
  {
    var generator = SeededGenerator(
      seed: seed, stream: RandomPurpose.randomDirections.rawValue, UInt64(layer))
    return Matrix(rowCount: count, columnCount: width) { _, _ in Float(generator.nextNormal()) }
  }

  /// The scores of many random directions on held-out data, normalised by training statistics.
  ///
  /// - Parameters:
  ///   - training: Raw training data, from which normalisation is fitted.
  ///   - test: Raw held-out data.
  ///   - count: How many directions.
  ///   - isOriented: Whether each direction takes the sign that gets at least half of the training
  ///     labels right, the advantage that a probe with labels has.
  ///   - seed: The seed of the run.
  ///   - layer: The layer's number.
  /// - Returns: Scores (count, samples), one row a direction, less its threshold: the middle of the two
  ///   classes' training means if oriented, as difference-of-means has it, else the training mean.
  /// - Throws: ``ProbeError`` if the data cannot be normalised.
  /// - Complexity: O(count · n · d), two matrix products.
  public func projections(
    training: consuming ProbeData, test: consuming ProbeData, count: Int, isOriented: Bool,
    seed: UInt64, layer: Int
  ) throws(ProbeError) -> Matrix<Float> {
    let labels = isOriented ? try Self.binaryLabels(of: training) : nil
    let (trainingFeatures, fitted) = try LinearFeatures.fit(training, normalization: normalization)
    let features = try LinearFeatures.apply(fitted, to: test)
    var directions = Self.directions(
      count: count, width: features.columnCount, seed: seed, layer: layer)
    let training = product(of: directions.view, and: trainingFeatures.view, rightTransposed: true)
    var thresholds = [Float](repeating: 0, count: count)
    for direction in 0..<count {
      let (threshold, sign) = Self.decision(training.row(direction), labels: labels)
      thresholds[direction] = sign * threshold
      if sign < 0 { directions.scaleRow(direction, by: -1) }
    }
    var scores = product(of: directions.view, and: features.view, rightTransposed: true)
    for direction in 0..<count {
      for sample in 0..<scores.columnCount { scores[direction, sample] -= thresholds[direction] }
    }
    return scores
  }

  /// Where a direction cuts its training scores, and which side says label 1.
  private static func decision(_ scores: [Float], labels: [Int]?) -> (threshold: Float, sign: Float)
  {
    func mean(_ label: Int?) -> Double {
      var sum = 0.0
      var count = 0
      for (position, score) in scores.enumerated() where label == nil || labels?[position] == label
      {
        sum += Double(score)
        count += 1
      }
      return sum / Double(count)
    }
    guard let labels else { return (Float(mean(nil)), 1) }
    let threshold = Float((mean(0) + mean(1)) / 2)
    let rightCount = labels.indices.count { (scores[$0] > threshold) == (labels[$0] == 1) }
    return (threshold, 2 * rightCount < labels.count ? -1 : 1)
  }
}
