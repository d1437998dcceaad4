import Epistemics
import Testing

@Suite struct EpistemicsErrorTests {
  @Test func anUnknownScoreIsNamedWithTheNearestKnownOne() {
    let error = EpistemicsError.unknownScore(name: "perplexty", known: ["perplexity", "entropy"])
    #expect(error.description.contains("perplexty"))
    #expect(error.description.contains("did you mean \"perplexity\""))
  }
}
