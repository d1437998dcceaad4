/// Finds what a misspelt name was probably meant to be, for messages that refuse it.
///
/// Every module that refuses a name by what it knows uses this one, so that all of them agree on what is
/// near enough: a role, a key, a member of a file, a setting, a method.
package enum Suggestion {
  /// Only so many names and so many characters of each are compared: a file that is refused may be
  /// made to be slow.
  private static let maximumNameCount = 1_000
  private static let maximumLength = 64

  /// The known name nearest to a misspelt one, if one is near enough to be worth naming.
  ///
  /// Near enough is one edit in three characters, and at least one; an edit inserts, deletes or
  /// replaces a character or swaps two neighbours. Letter case, `-`, `_` and spaces count for nothing.
  /// Of equally near names the first one is taken.
  ///
  /// - Parameters:
  ///   - name: The misspelt name.
  ///   - known: The names that exist.
  /// - Returns: The name that was probably meant, or `nil`.
  package static func nearest(to name: String, among known: [String]) -> String? {
    let wanted = folded(name)
    var best: (name: String, distance: Int)?
    for candidate in known.prefix(maximumNameCount) {
      let distance = editDistance(wanted, folded(candidate))
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    guard let best, best.distance <= Swift.max(1, wanted.count / 3), best.distance < wanted.count
    else { return nil }
    return best.name
  }

  /// The end of a message about an unknown name: what was probably meant, and what is known.
  ///
  /// - Parameters:
  ///   - name: The misspelt name.
  ///   - known: The names that exist; listed by the alphabet.
  /// - Returns: `did you mean "layer"? (known: layer, width)`, or `known: layer, width`.
  package static func phrase(for name: String, among known: [String]) -> String {
    let list = "known: " + known.sorted().joined(separator: ", ")
    guard let near = nearest(to: name, among: known) else { return list }
    return "did you mean \"\(near)\"? (\(list))"
  }

  private static func folded(_ name: String) -> [Character] {
    Array(name.prefix(maximumLength).lowercased()).filter { !"-_ ".contains($0) }
  }

  /// The optimal string alignment distance: Damerau's edits, each part of the text edited once.
  private static func editDistance(_ first: [Character], _ second: [Character]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...second.count)
    for row in first.indices {
      var current = [row + 1]
      for column in second.indices {
        let replacement = previous[column] + (first[row] == second[column] ? 0 : 1)
        var distance = Swift.min(replacement, previous[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
          distance = Swift.min(distance, beforePrevious[column - 1] + 1)
        }
        current.append(distance)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[second.count]
  }
}
