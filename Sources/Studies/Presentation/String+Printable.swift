extension String {
  /// The text on one line and without control characters, which could steer a terminal: line breaks and
  /// tabs become spaces, the others U+FFFD.
  ///
  /// Texts of samples, paths and names come from files that somebody else made.
  public var printable: String {
    guard unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      return self
    }
    var text = UnicodeScalarView()
    for scalar in unicodeScalars {
      let isControl = scalar.properties.generalCategory == .control
      let isSpace = scalar.properties.isWhitespace
      text.append(isControl ? (isSpace ? " " : "\u{FFFD}") : scalar)
    }
    return String(text)
  }
}

extension String {
  /// The text, or its beginning and an ellipsis where it is longer than that.
  ///
  /// - Parameter limit: The most characters.
  /// - Returns: At most so many characters.
  func shortened(to limit: Int) -> String {
    count <= limit ? self : prefix(limit - 1) + "…"
  }

  /// The text, or an ellipsis and its end, which tells paths apart, where it is longer than that.
  ///
  /// - Parameter limit: The most characters.
  /// - Returns: At most so many characters.
  func shortenedKeepingEnd(to limit: Int) -> String {
    count <= limit ? self : "…" + suffix(limit - 1)
  }
}
