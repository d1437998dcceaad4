public import Activations
internal import Evaluation
public import Steering

/// Steering vectors of one dump, as they are kept on disk, swept, and exported to other tools.
///
/// Written by `ParameterFile` as a JSON file and, beside it, a safetensors file of the same name.
public struct SavedVectors: Sendable, Codable {
  /// What `ParameterFile` calls this kind of content.
  public static let kind = "steering-vectors"

  /// One vector.
  public struct Vector: Sendable, Codable {
    /// The method, or the variant of it.
    public let method: String
    /// The vector, its layer and what tells how far to trust it.
    public let direction: SteeringDirection
  }

  /// The version of Plumbline that extracted the vectors.
  public let plumbline: String
  /// The path of the dump that they were extracted from.
  public let dump: String
  /// What that dump holds, by which it is known at any path.
  public let fingerprint: DumpFingerprint?
  /// The model whose states they steer.
  public let model: DumpManifest.Model
  /// Where the states were read.
  public let site: String?
  /// At which tokens the states were read.
  public let token: String?
  /// The vectors, layer by layer.
  public let vectors: [Vector]

  /// Collects the vectors of an experiment.
  ///
  /// Reads the files of activations once, for their digests.
  ///
  /// - Parameters:
  ///   - outcome: What the experiment found.
  ///   - digests: Digests of files that have been read before.
  public init(_ outcome: SteeringFitOutcome, digests: FileDigests = FileDigests()) {
    let manifest = outcome.dump.manifest
    plumbline = plumblineVersion
    dump = outcome.dump.path
    fingerprint = DumpFingerprint(of: outcome.dump, digests: digests)
    model = manifest.model
    site = manifest.site
    token = manifest.token
    vectors = outcome.cells.compactMap { cell in
      cell.direction.map { Vector(method: cell.name.description, direction: $0) }
    }
  }

  /// The vectors of one method.
  ///
  /// - Parameters:
  ///   - method: A method's name as it was fitted; may be left out where only one was.
  ///   - layer: The layer; all if not given.
  /// - Returns: The method's name, and its vectors by layer.
  /// - Throws: ``StudyError/usage(_:)`` if none match, or several methods do, with what there is.
  public func vectors(
    method: String?, layer: Int?
  ) throws(StudyError) -> (method: String, directions: [SteeringDirection]) {
    let methods = Set(vectors.map(\.method)).sorted()
    let matching = methods.filter { method == nil || $0 == method }
    guard let name = matching.first, matching.count == 1 else {
      throw .usage(
        "the file has vectors of \(methods.joined(separator: ", ")); choose one of them by --method"
      )
    }
    let found = vectors.filter { $0.method == name }.map(\.direction)
      .filter { layer == nil || $0.layer == layer }
    guard !found.isEmpty else {
      let layers = FlagLines.ranges(
        vectors.filter { $0.method == name }.map(\.direction.layer).sorted())
      throw .usage(
        "the file has no vector of \(name) at layer \(layer ?? 0); it has layers \(layers)")
    }
    return (name, found)
  }
}
