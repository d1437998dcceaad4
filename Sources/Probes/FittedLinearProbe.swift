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

/// The features of linear probes: normalised rows, or the difference of normalised sides.
enum LinearFeatures {
  static func fit(_ data: consuming ProbeData, normalization: Normalization) throws(ProbeError) -> (
    Matrix<Float>, FittedNormalization
  ) {
    do throws(ActivationsError) {
      switch consume data {
      case .pairs(var pairs):
        let fitted = try normalization.fit(pairs)
        try fitted.apply(to: &pairs)
        return (pairs.differences, fitted)
      case .rows(var rows):
        let fitted = try normalization.fit(rows)
        try fitted.apply(to: &rows)
        return (rows.activations, fitted)
      }
    } catch {
      throw .activations(error)
    }
  }

  static func apply(_ normalization: FittedNormalization, to data: consuming ProbeData)
    throws(ProbeError) -> Matrix<Float>
  {
    do throws(ActivationsError) {
      switch consume data {
      case .pairs(var pairs):
        try normalization.apply(to: &pairs)
        return pairs.differences
      case .rows(var rows):
        try normalization.apply(to: &rows)
        return rows.activations
      }
    } catch {
      throw .activations(error)
    }
  }
}

extension Probe {
  /// The roles that a dump lacks for this method; none if it can be fitted.
  ///
  /// - Parameter dump: The dump.
  /// - Returns: Words for people, such as `positive and negative`.
  public static func missingRoles(in dump: ActivationDump) -> [String] {
    let hasPairs = dump.arrays[.positive] != nil && dump.arrays[.negative] != nil
    let hasRows = dump.arrays[.activations] != nil
    var missing: [String] = []
    if !(accepts.contains(.contrastPairs) && hasPairs || accepts.contains(.rows) && hasRows) {
      missing.append(
        ProbeInput.allCases.filter(accepts.contains).map(\.roles).joined(separator: " or "))
    }
    if supervision == .labels, dump.labels == nil { missing.append("labels") }
    return missing
  }

  /// Refuses data of the wrong kind or too few samples.
  static func check(_ data: borrowing ProbeData, minimumCount: Int) throws(ProbeError) {
    guard accepts.contains(data.input) else {
      throw .unsupportedInput(
        method: identifier, accepts: ProbeInput.allCases.filter(accepts.contains), got: data.input)
    }
    guard data.sampleCount >= minimumCount else {
      throw .tooFewSamples(method: identifier, count: data.sampleCount, minimum: minimumCount)
    }
  }

  /// The labels, both of which must occur.
  static func binaryLabels(of data: borrowing ProbeData) throws(ProbeError) -> [Int] {
    guard let labels = data.labels else { throw .missingLabels(method: identifier) }
    for label in labels where label != 0 && label != 1 {
      throw .notBinary(method: identifier, label: label)
    }
    guard labels.contains(0), labels.contains(1) else {
      throw .oneClass(method: identifier, label: labels[0])
    }
    return labels
  }
}
