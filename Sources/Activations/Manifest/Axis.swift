/// What an axis of a stored array counts.
///
/// The order in which a file stores its axes is free: a manifest, or `--axes`, says it by these
/// names.
public enum Axis: String, CaseIterable, Codable, Sendable {
  /// One text.
  case sample
  /// One wording (prompt template) of the same sample.
  case variant
  /// A hidden-state index: 0 is the embeddings, l the output of block l.
  case layer
  /// The features of one activation vector.
  case width
  /// The entries of the model's vocabulary.
  case vocabulary
  /// A steering coefficient.
  case coefficient
  /// A random direction that a sweep was repeated along, to compare with.
  case direction
  /// One token of the concatenated answers; in `attention`, a position (query first, then key).
  case token
  /// The place in a list of the most likely tokens, best first.
  case rank
  /// One sampled answer to the same sample.
  case answer
  /// An attention head.
  case head
}

extension Axis: CustomStringConvertible {
  /// The name used in manifests.
  public var description: String { rawValue }
}

extension [Axis] {
  /// The names in order, as `--axes` takes them: `sample,layer,width`.
  package var listed: String {
    isEmpty ? "none" : map(\.rawValue).joined(separator: ",")
  }
}
