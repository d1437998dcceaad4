/// What a manifest gives for a role.
public enum ManifestEntry: Equatable, Sendable {
  /// An array in a file.
  case array(ArrayReference)
  /// A JSONL file of texts, relative to the dump's folder.
  case texts(file: String)
  /// Whole numbers, in the manifest itself.
  case integers([Int])
  /// Numbers, in the manifest itself.
  case numbers([Double])
  /// One number.
  case number(Double)
  /// One word of a fixed choice.
  case choice(String)
}
