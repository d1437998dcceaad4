public import Evaluation
public import Probes

/// Fitted probes of one dump, as they are kept on disk and applied to other dumps of the same model.
///
/// Written by `ParameterFile` as a JSON file and, beside it, a safetensors file of the same name.
public struct SavedProbes: Sendable, Codable {
  /// What `ParameterFile` calls this kind of content.
  public static let kind = "probes"

  /// What they were fitted on.
  public let origin: SavedOrigin
  /// The probes, one a method, layer and fold.
  public let probes: [SavedProbe]

  /// Collects the fitted probes of an experiment.
  ///
  /// Reads the files of activations once, for their digests.
  ///
  /// - Parameters:
  ///   - outcome: What the experiment measured.
  ///   - digests: Digests of files that have been read before.
  public init(_ outcome: ProbeOutcome, digests: FileDigests = FileDigests()) {
    origin = SavedOrigin(outcome.dump, digests: digests)
    probes = outcome.cells.filter { $0.trainDump == nil }.compactMap { cell in
      cell.fitted.map {
        SavedProbe(
          method: cell.method, variant: cell.variant, layer: cell.layer, fold: cell.fold, fitted: $0
        )
      }
    }
  }
}

/// One fitted probe with the layer that it reads.
public struct SavedProbe: Sendable {
  /// The method's identifier.
  public let method: String
  /// The variant of the method, where its settings are those of one.
  public let variant: String?
  /// The layer.
  public let layer: Int
  /// The fold, where there were several.
  public let fold: String?
  /// The fitted method.
  public let fitted: any FittedProbe
}

extension SavedProbe {
  /// The method, or the variant of it.
  public var name: MethodName { MethodName(method, variant: variant) }
}

extension SavedProbe: Codable {
  private enum CodingKeys: String, CodingKey {
    case method
    case variant
    case layer
    case fold
    case fitted
  }

  /// Reads a probe of any method in the catalogue.
  ///
  /// - Parameter decoder: The decoder.
  /// - Throws: `ProbeError/unknownMethod(name:known:)`, or a decoding error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    method = try container.decode(String.self, forKey: .method)
    variant = try container.decodeIfPresent(String.self, forKey: .variant)
    layer = try container.decode(Int.self, forKey: .layer)
    fold = try container.decodeIfPresent(String.self, forKey: .fold)
    func fitted<Method: Probe>(_ type: Method.Type) throws -> any FittedProbe {
      try container.decode(Method.Fitted.self, forKey: .fitted)
    }
    self.fitted = try fitted(try ProbeCatalog.probe(named: method))
  }

  /// Writes the method's name beside what it learned.
  ///
  /// - Parameter encoder: The encoder.
  /// - Throws: An encoding error.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(method, forKey: .method)
    try container.encodeIfPresent(variant, forKey: .variant)
    try container.encode(layer, forKey: .layer)
    try container.encodeIfPresent(fold, forKey: .fold)
    try container.encode(fitted, forKey: .fitted)
  }
}
