public import Activations
public import Evaluation
internal import LinearAlgebra

/// A fitted direction: the score is the projection of the normalised features on it.
public struct FittedLinearProbe: FittedProbe {
  private let weights: ParameterArray<Double>
  /// Scores above this say label 1.
  public let threshold: Double
  /// Whether labels settled the sign.
  public let isOriented: Bool
  /// The training statistics that scoring applies.
  public let normalization: FittedNormalization
  /// What was remarkable about the fit.
  public let flags: [Flag]

  init(
    direction: [Double], threshold: Double, isOriented: Bool, normalization: FittedNormalization,
    flags: [Flag]
  ) {
    weights = ParameterArray(direction)
    self.threshold = threshold
    self.isOriented = isOriented
    self.normalization = normalization
    self.flags = flags
  }

  private enum CodingKeys: String, CodingKey {
    case weights
    case threshold
    case isOriented
    case normalization
    case flags
  }

  /// Reads a fitted direction, and checks that its parts fit together.
  ///
  /// - Parameter decoder: where to read.
  /// - Throws: `DecodingError` if the direction and the normalisation are not of one width.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    weights = try container.decode(ParameterArray<Double>.self, forKey: .weights)
    threshold = try container.decode(Double.self, forKey: .threshold)
    isOriented = try container.decode(Bool.self, forKey: .isOriented)
    normalization = try container.decode(FittedNormalization.self, forKey: .normalization)
    flags = try container.decode([Flag].self, forKey: .flags)
    guard weights.shape == [normalization.width] else {
      throw DecodingError.dataCorruptedError(
        forKey: .weights, in: container,
        debugDescription: "a direction of shape \(weights.shape) does not fit a normalisation of "
          + "width \(normalization.width)")
    }
  }

  /// One weight a feature.
  public var direction: [Double] { weights.values }

  /// One score a sample, higher for label 1.
  ///
  /// - Parameter data: Raw activations, normalised here by the training statistics.
  /// - Returns: One finite score a sample.
  /// - Throws: ``ProbeError`` if the data do not fit the probe.
  public func scores(_ data: consuming ProbeData) throws(ProbeError) -> [Double] {
    guard data.width == direction.count else {
      throw .widthMismatch(expected: direction.count, actual: data.width)
    }
    let features = try LinearFeatures.apply(normalization, to: data)
    let weights = direction.map { Float($0) }
    return product(of: features.view, and: weights.span).map { Double($0) }
  }
}
