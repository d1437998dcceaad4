/// Finds the known word that a misspelt one was probably meant to be.
package enum Suggestion {
  /// The known word nearest to `word`, if it is near enough to be worth naming.
  ///
  /// Near means at most two edits (insertion, deletion, substitution), or a third of the length for
  /// long words; letter case and separators do not count.
  package static func nearest(to word: String, among known: [String]) -> String? {
    let target = folded(word)
    var best: (word: String, distance: Int)?
    for candidate in known.sorted() {
      let distance = editDistance(target, folded(candidate))
      if distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    guard let best, best.distance <= Swift.max(2, target.count / 3),
      best.distance < Swift.max(target.count, 1)
    else { return nil }
    return best.word
  }

  /// The end of a message about an unknown word: what was probably meant, and what is known.
  package static func phrase(for word: String, among known: [String]) -> String {
    let list = "known: " + known.sorted().joined(separator: ", ")
    guard let near = nearest(to: word, among: known) else { return list }
    return "did you mean \"\(near)\"? (\(list))"
  }

  private static func folded(_ word: String) -> [Character] {
    word.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }.prefix(64).map { $0 }
  }

  private static func editDistance(_ first: [Character], _ second: [Character]) -> Int {
    var previous = Array(0...second.count)
    for (row, character) in first.enumerated() {
      var current = [row + 1]
      for (column, other) in second.enumerated() {
        let substitution = previous[column] + (character == other ? 0 : 1)
        current.append(Swift.min(substitution, previous[column + 1] + 1, current[column] + 1))
      }
      previous = current
    }
    return previous[second.count]
  }
}
