/// The part of the data that a dump says a sample belongs to.
public enum DumpPart: String, CaseIterable, Codable, Sendable {
  /// For training; stored as 0.
  case train
  /// For choosing settings; stored as 1.
  case validation
  /// For testing; stored as 2.
  case test
}
