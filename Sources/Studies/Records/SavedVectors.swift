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

  /// What they were extracted from.
  public let origin: SavedOrigin
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
    origin = SavedOrigin(outcome.dump, digests: digests)
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
