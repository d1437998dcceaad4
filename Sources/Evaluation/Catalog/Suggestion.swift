/// Finds what a misspelt name was probably meant to be.
public enum Suggestion {
  /// Returns the known name that is closest to a misspelt one, if one is close enough.
  ///
  /// Close enough is at most one edit in three characters, and at least one; an edit inserts, deletes
  /// or replaces a character or swaps two neighbours. Letter case counts for nothing. Of equally close
  /// names the first one is taken.
  ///
  /// - Parameters:
  ///   - name: The misspelt name.
  ///   - known: The names that exist.
  /// - Returns: The name that was probably meant, or `nil`.
  public static func closest(to name: String, among known: [String]) -> String? {
    let lowercased = name.lowercased()
    var best: (name: String, distance: Int)?
    for candidate in known {
      let distance = editDistance(lowercased, candidate.lowercased())
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    guard let best, best.distance <= max(1, name.count / 3) else { return nil }
    return best.name
  }

  /// The optimal string alignment distance: Damerau's edits, each part of the text edited once.
  private static func editDistance(_ first: String, _ second: String) -> Int {
    let rows = Array(first)
    let columns = Array(second)
    var beforePrevious: [Int] = []
    var previous = Array(0...columns.count)
    for row in 0..<rows.count {
      var current = [row + 1]
      for column in 0..<columns.count {
        let replacement = previous[column] + (rows[row] == columns[column] ? 0 : 1)
        var distance = min(replacement, previous[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, rows[row] == columns[column - 1], rows[row - 1] == columns[column] {
          distance = min(distance, beforePrevious[column - 1] + 1)
        }
        current.append(distance)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[columns.count]
  }
}
