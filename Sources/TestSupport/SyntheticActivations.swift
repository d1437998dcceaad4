public import Activations
internal import LinearAlgebra

/// Contrast pairs with a truth direction planted in them, as in the PA-CCS specification's check.
///
/// Samples come in two halves: sample i of the first states the reverse of sample i of the second. A side
/// is topic + label · strength · direction ± offset + noise, with the topic shared by both opposites and
/// both sides, so that only the planted directions tell samples apart.
public struct SyntheticActivations: Sendable {
  /// The number of samples; even.
  public var sampleCount: Int
  /// The number of features.
  public var width: Int
  /// The number of layers; the signal grows from nothing at the first to full strength at the last.
  public var layerCount: Int
  /// How far the planted truth moves a sample along its direction.
  public var strength: Float
  /// The size of the offset between the two sides, for each feature.
  public var offset: Float
  /// The size of the topic, for each feature.
  public var topic: Float
  /// The standard deviation of the noise, for each feature.
  public var noise: Float
  /// How far a distractor attribute, independent of the truth, moves a sample; 0 for none.
  public var distractorStrength: Float

  /// Data as in the specification, at any size.
  ///
  /// - Parameters:
  ///   - sampleCount: the number of samples; even.
  ///   - width: the number of features.
  ///   - layerCount: the number of layers.
  ///   - strength: the size of the planted truth.
  ///   - offset: the size of the offset between the sides.
  ///   - topic: the size of the topic.
  ///   - noise: the standard deviation of the noise.
  ///   - distractorStrength: the size of the distractor.
  public init(
    sampleCount: Int = 200, width: Int = 32, layerCount: Int = 1, strength: Float = 3,
    offset: Float = 1, topic: Float = 1, noise: Float = 0.3, distractorStrength: Float = 0
  ) {
    precondition(sampleCount >= 2 && sampleCount.isMultiple(of: 2), "an even number of samples")
    precondition(width > 0 && layerCount > 0, "needs features and layers")
    self.sampleCount = sampleCount
    self.width = width
    self.layerCount = layerCount
    self.strength = strength
    self.offset = offset
    self.topic = topic
    self.noise = noise
    self.distractorStrength = distractorStrength
  }

  /// What was drawn.
  public struct Drawn: Sendable {
    /// The contrast pairs of each layer.
    public let layers: [ContrastPairs]
    /// The class of each sample: 0 in the first half, 1 in the second.
    public let labels: [Int]
    /// The sample that states the reverse.
    public let opposites: [Int]
    /// The value of the distractor, 0 or 1.
    public let distractor: [Int]
    /// The planted direction, of length 1.
    public let direction: [Float]
    /// The direction of the distractor, of length 1.
    public let distractorDirection: [Float]
  }

  /// Draws the data.
  ///
  /// - Parameter generator: the source of randomness.
  /// - Returns: the pairs and what was planted in them.
  /// - Throws: never for counts that the initialiser accepts.
  public func draw(using generator: inout some RandomNumberGenerator) throws -> Drawn {
    let half = sampleCount / 2
    let direction = Self.unit(width, using: &generator)
    let distractorDirection = Self.unit(width, using: &generator)
    let sideOffset = Self.normal(width, using: &generator).map { $0 * offset }
    let topics = (0..<half).map { _ in
      Self.normal(width, using: &generator).map { $0 * topic }
    }
    let distractor = (0..<sampleCount).map { _ in Int(generator.next() & 1) }
    let labels = (0..<sampleCount).map { $0 < half ? 0 : 1 }
    let opposites = (0..<sampleCount).map { ($0 + half) % sampleCount }
    var layers: [ContrastPairs] = []
    for layer in 0..<layerCount {
      let share = layerCount == 1 ? 1 : Float(layer) / Float(layerCount - 1)
      var sides: [[Float]] = [[], []]
      for sample in 0..<sampleCount {
        let truth = (labels[sample] == 1 ? strength : -strength) * share
        let attribute = distractor[sample] == 1 ? distractorStrength : -distractorStrength
        for (side, sign) in [(0, Float(1)), (1, Float(-1))] {
          let noises = Self.normal(width, using: &generator)
          for column in 0..<width {
            let planted =
              truth * direction[column] + attribute * distractorDirection[column]
              + sideOffset[column]
            sides[side].append(
              topics[sample % half][column] + sign * planted + noise * noises[column])
          }
        }
      }
      layers.append(
        try ContrastPairs(
          positive: Matrix(rowCount: sampleCount, columnCount: width, elements: sides[0]),
          negative: Matrix(rowCount: sampleCount, columnCount: width, elements: sides[1]),
          labels: labels, groups: (0..<sampleCount).map { $0 % half }, opposites: opposites))
    }
    return Drawn(
      layers: layers, labels: labels, opposites: opposites, distractor: distractor,
      direction: direction, distractorDirection: distractorDirection)
  }

  private static func unit(_ count: Int, using generator: inout some RandomNumberGenerator)
    -> [Float]
  {
    let values = normal(count, using: &generator)
    let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return values.map { $0 / norm }
  }

  /// Normal numbers, each the sum of twelve uniform ones less six: exact on every platform.
  private static func normal(_ count: Int, using generator: inout some RandomNumberGenerator)
    -> [Float]
  {
    (0..<count).map { _ in
      var sum: Float = -6
      for _ in 0..<12 { sum += Float(generator.next() >> 40) * 0x1p-24 }
      return sum
    }
  }
}
