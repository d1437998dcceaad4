public import Epistemics

/// Fitted feature gaps of one dump, as they are kept on disk and applied to other dumps of the same model.
///
/// Written by `ParameterFile` as a JSON file and, beside it, a safetensors file of the same name.
public struct SavedFeatureGaps: Sendable, Codable {
  /// What `ParameterFile` calls this kind of content.
  public static let kind = FittedFeatureGaps.kind

  /// What they were fitted on.
  public let origin: SavedOrigin
  /// What was learned.
  public let fitted: FittedFeatureGaps

  /// Collects the result of a fit.
  ///
  /// Reads the files of activations once, for their digests.
  ///
  /// - Parameters:
  ///   - outcome: What was fitted.
  ///   - digests: Digests of files that have been read before.
  public init(_ outcome: EpistemicsFitOutcome, digests: FileDigests = FileDigests()) {
    origin = SavedOrigin(outcome.dump, digests: digests)
    fitted = outcome.fitted
  }
}
