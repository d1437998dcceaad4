import Evaluation
import Probes
import Studies
import TestSupport
import Testing

@Suite struct StudyTests {
  private func study(_ text: String) throws -> Study {
    let folder = try TemporaryFolder()
    try folder.write(text, to: Study.fileName)
    return try Study(path: folder.path)
  }

  private func problem(_ text: String) -> String {
    let error = #expect(throws: StudyError.self) { _ = try study(text) }
    return error?.description ?? ""
  }

  @Test func analysesInheritWhatTheyDoNotSay() throws {
    let study = try study(
      """
      // Comments and trailing commas are allowed.
      {title: "T", layers: "0-1", seed: 7, methods: {"random-direction": {}}, analyses: [
        {name: "a"}, {name: "b", layers: "all", methods: {"difference-of-means": {}},
         where: {template: "x"}},
      ]}
      """)
    #expect(study.seed == 7)
    #expect(study.analyses[0].layers == "0-1")
    #expect(Array(study.analyses[0].methods.keys) == ["random-direction"])
    #expect(Array(study.analyses[1].methods.keys) == ["difference-of-means"])
    #expect(study.analyses[1].layers == "all")
    #expect(study.analyses[1].selection == ["template": "x"])
  }

  @Test func dumpsAreRelativeToTheRecipe() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      {title: "T", methods: {"random-direction": {}}, analyses: [
        {name: "a"}, {name: "b", dump: "other", test: [".", "/far/away"],
         compatibility: "polarity-aware"},
      ]}
      """, to: Study.fileName)
    let analyses = try Study(path: folder.path).analyses
    #expect(analyses[0].dumpPath == folder.path && analyses[0].testPaths.isEmpty)
    #expect(analyses[1].dumpPath == folder.file("other"))
    #expect(analyses[1].testPaths == [folder.path, "/far/away"])
    #expect(analyses[0].compatibility == nil)
    #expect(analyses[1].compatibility == .polarityAware)
  }

  @Test func mistakesAreNamedWithTheirPlace() {
    #expect(problem("{title: 'T', analyses: [{name: 'a', metods: {}}]}").contains("metods"))
    #expect(problem("{title: 'T', analyses: [{name: 'a', metods: {}}]}").contains("analyses[0]"))
    #expect(problem("{analyses: []}").contains("title"))
    #expect(problem("{title: 'T', analyses: []}").contains("no analyses"))
    #expect(problem("{title: 3}").contains("must be a text"))
    #expect(problem("{title: 'T', analyses: [{name: 'a'}]}").contains("no method"))
    #expect(problem("{title: ").contains("not valid JSON5"))
    #expect(
      problem("{title: 'T', analyses: [{name: 'a', compatibility: 'polarity'}]}")
        .contains("polarity-aware"))
  }

  @Test func aMissingRecipeIsMissingInput() {
    let error = #expect(throws: StudyError.self) { _ = try Study(path: "/nowhere/at/all") }
    guard case .notFound = error else {
      Issue.record("expected notFound, got \(String(describing: error))")
      return
    }
  }

  @Test(arguments: ["0", "0,3-6", "all", "2-2"])
  func layerListsAreRead(text: String) {
    #expect(LayerList(text) != nil)
  }

  @Test(arguments: ["", "a", "3-1", "1,,2", "-1", "1-2-3", "0 1"])
  func otherTextsAreNoLayerLists(text: String) {
    #expect(LayerList(text) == nil)
  }
}
