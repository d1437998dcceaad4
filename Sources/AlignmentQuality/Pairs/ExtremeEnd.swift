/// Which extreme is looked for.
///
/// A search looks for the smallest of sign · D², so that one search does for both ends.
enum ExtremeEnd: Int, CaseIterable, Sendable {
  case smallest
  case largest

  var sign: Double { self == .smallest ? 1 : -1 }
}
