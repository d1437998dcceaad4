import AlignmentQuality
import Evaluation
import Studies
import TestSupport
import Testing

@Suite struct QualityStudyTests {
  private func study(_ analysis: String) throws -> Study {
    let folder = try TemporaryFolder()
    try folder.write(
      "{title: 'T', methods: {'random-direction': {}}, analyses: [\(analysis)]}",
      to: Study.fileName)
    return try Study(path: folder.path)
  }

  private func problem(_ analysis: String) -> String {
    let error = #expect(throws: StudyError.self) { _ = try study(analysis) }
    return error?.description ?? ""
  }

  @Test func anAnalysisOfQualitySaysItsOwnMethods() throws {
    let analysis = try study(
      """
      {name: 'q', quality: {methods: {'xie-beni': {}, 'debiased-separation': {}}, by: 'category',
       points: 'difference', classes: 'form', geometry: true, pool: 'simplex', compatibility: 'permetrics'}}
      """
    ).analyses[0]
    #expect(analysis.methods.isEmpty)
    let quality = try #require(analysis.quality)
    #expect(Set(quality.methods.keys) == ["xie-beni", "debiased-separation"])
    #expect(quality.category == "category" && quality.measuresGeometry)
    #expect(
      quality.points == PointChoice(activations: .difference, classes: .attribute("form")))
    #expect(quality.pooling == .simplex && quality.compatibility == .permetrics)
  }

  @Test func withoutMethodsTheDefaultOnesAreMeant() throws {
    let quality = try #require(try study("{name: 'q', quality: {}}").analyses[0].quality)
    #expect(quality.methods.isEmpty && quality.points == PointChoice())
  }

  @Test func mistakesAreNamedWithTheirPlace() {
    #expect(problem("{name: 'q', quality: {metods: {}}}").contains("analyses[0].quality"))
    #expect(problem("{name: 'q', quality: {pool: 'median'}}").contains("median"))
    #expect(problem("{name: 'q', quality: {geometry: 1}}").contains("true or false"))
    #expect(problem("{name: 'q', quality: {}, methods: {}}").contains("analyses[0].methods"))
    #expect(problem("{name: 'q', quality: {}, test: []}").contains("inside of quality"))
    #expect(problem("{name: 'q', quality: []}").contains("must be an object"))
  }

  /// Every default method exists, and its name in results is the one it was asked for by.
  @Test func theDefaultMethodsExist() throws {
    for name in QualityExperiment.defaultMethods {
      let index = try IndexFactory.index(named: name)
      let asked = MethodName(parsing: name)
      let named = try IndexFactory.name(of: index)
      #expect(named.identifier == asked.identifier)
      #expect(asked.variant == nil || named.variant == asked.variant)
    }
  }

  @Test func aPeersConventionsAreGivenToTheIndicesThatHaveThem() throws {
    let index = try IndexFactory.index(named: "davies-bouldin", compatibility: .sklearn)
    #expect(try IndexFactory.name(of: index).variant == "sklearn")
    let other = try IndexFactory.index(named: "trace-ratio", compatibility: .sklearn)
    #expect(try IndexFactory.name(of: other).variant == nil)
    #expect(throws: StudyError.self) {
      _ = try IndexFactory.index(named: "davies-bouldin/permetrics", compatibility: .sklearn)
    }
    #expect(throws: StudyError.self) {
      _ = try IndexFactory.index(named: "davies-bouldin/nothing")
    }
    #expect(throws: AlignmentQualityError.self) { _ = try IndexFactory.index(named: "nothing") }
  }
}
