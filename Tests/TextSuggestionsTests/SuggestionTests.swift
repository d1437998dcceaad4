import Testing
import TextSuggestions

@Suite struct SuggestionTests {
  static let known = ["positive", "negative", "labels", "tokenCounts", "adam-w", "lbfgs"]

  @Test(arguments: [
    ("positiv", "positive"), ("postive", "positive"), ("possitive", "positive"),
    ("pozitive", "positive"), ("lables", "labels"), ("LABELS", "labels"),
    ("token_counts", "tokenCounts"), ("token counts", "tokenCounts"), ("adamw", "adam-w"),
    ("lbgfs", "lbfgs"),
  ])
  func oneEditInThreeCharactersIsNear(name: String, meant: String) {
    #expect(Suggestion.nearest(to: name, among: Self.known) == meant)
  }

  @Test(arguments: ["", "x", "zz", "-", "activations", "lbaaa", "pxsxtxvx"])
  func whatIsFartherIsNotNamed(name: String) {
    #expect(Suggestion.nearest(to: name, among: Self.known) == nil)
  }

  @Test func ofEquallyNearNamesTheFirstIsTaken() {
    #expect(Suggestion.nearest(to: "layes", among: ["layer", "layers"]) == "layer")
    #expect(Suggestion.nearest(to: "layes", among: ["layers", "layer"]) == "layers")
    #expect(Suggestion.nearest(to: "layer", among: []) == nil)
  }

  @Test func aPhraseListsWhatIsKnownByTheAlphabet() {
    #expect(
      Suggestion.phrase(for: "widht", among: ["width", "layer"])
        == "did you mean \"width\"? (known: layer, width)")
    #expect(Suggestion.phrase(for: "zzz", among: ["width", "layer"]) == "known: layer, width")
  }

  /// A name of a million characters among as many names is refused about as fast as a short one.
  @Test func longNamesAreComparedOnlyInPart() {
    let long = String(repeating: "a", count: 1_000_000)
    let known = Array(repeating: "b", count: 100_000)
    #expect(Suggestion.nearest(to: long, among: known) == nil)
    #expect(Suggestion.nearest(to: long, among: ["b", long]) == long)
  }
}
