/// What becomes of several wordings (prompt templates) of one sample.
public enum VariantChoice: Equatable, Sendable, Codable {
  /// Every wording is a pair of its own, in the group of its sample.
  ///
  /// Samples come in order, each with all its wordings. Wordings of one sample share its group, so that
  /// a split does not part them and an interval does not take them for independent samples. Where the
  /// dump has no categories, the wording is the category, so that normalisation can be by template.
  case separatePairs
  /// One wording only, numbered from 0.
  case only(Int)
}
