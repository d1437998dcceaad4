import Activations
import Evaluation
import Studies
import TestSupport
import Testing

@Suite struct SteeringStudyTests {
  private func study(_ analysis: String) throws -> Study {
    let folder = try TemporaryFolder()
    try folder.write("{title: 'T', analyses: [\(analysis)]}", to: Study.fileName)
    return try Study(path: folder.path)
  }

  private func problem(_ analysis: String) -> String {
    let error = #expect(throws: StudyError.self) { _ = try study(analysis) }
    return error?.description ?? ""
  }

  @Test func anAnalysisOfVectorsSaysItsOwnMethods() throws {
    let analysis = try study(
      "{name: 's', steering: {methods: {'linear-discriminant': {ridge: 0.1}}, sides: 'labels'}}"
    ).analyses[0]
    #expect(analysis.methods.isEmpty && analysis.quality == nil && analysis.sweep == nil)
    let request = try #require(analysis.steering)
    #expect(request.methods == ["linear-discriminant": ["ridge": 0.1]])
    #expect(request.sides == .labels)
    #expect(try study("{name: 's', steering: {}}").analyses[0].steering?.sides == .stored)
  }

  @Test func mistakesAreNamedWithTheirPlace() {
    #expect(problem("{name: 's', steering: {side: 'labels'}}").contains("analyses[0].steering"))
    #expect(problem("{name: 's', steering: {sides: 'left'}}").contains("left"))
    #expect(problem("{name: 's', steering: {}, methods: {}}").contains("inside of steering"))
    #expect(problem("{name: 's', sweep: {}, layers: 'all'}").contains("samples and layers"))
    #expect(problem("{name: 's', sweep: {}, quality: {}}").contains("quality and sweep"))
    #expect(problem("{name: 's', sweep: {behaviour: {a: 'x', b: 'y'}}}").contains("one attribute"))
  }

  /// The ready study, on the dumps that it names: what a reader is told to expect is what comes out.
  @Test func theReadyStudyShowsWhatItSays() throws {
    let folder = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
    let study = try Study(path: "/\(folder)/probes/steering")
    let runner = try StudyRunner(study)
    let outcomes = try study.analyses.map { try runner.run($0) }
    func values(_ outcome: any Outcome, _ metric: String) -> [Double: Double] {
      Dictionary(
        uniqueKeysWithValues: outcome.records().filter {
          $0.metric == metric && $0.control == nil && $0.coefficient != nil
        }.map { ($0.coefficient ?? .nan, $0.estimate ?? .nan) })
    }
    let harmful = values(outcomes[1], "behaviour")
    #expect(harmful.count == 41)
    #expect(try #require(harmful[-2]) < -0.95)
    #expect(try #require(harmful[2]) > 0.97)
    #expect(abs(try #require(harmful[0]) - 0.81) < 0.01)
    let helpful = values(outcomes[1], "helpfulness")
    #expect(try #require(helpful[0]) > 0.99)
    #expect(try #require(helpful[2]) < 0.1)
    let safe = values(outcomes[2], "behaviour")
    #expect(abs(try #require(safe[0]) + 0.89) < 0.01)
    #expect(abs(try #require(safe[1]) - 0.54) < 0.01)
    // Bounds hold on what a real model did.
    let (lower, upper) = (
      values(outcomes[1], "behaviour-lower-bound"), values(outcomes[1], "behaviour-upper-bound")
    )
    for (coefficient, value) in harmful {
      #expect(try #require(lower[coefficient]) <= value + 1e-6)
      #expect(try #require(upper[coefficient]) >= value - 1e-6)
    }
    // What two blocks make of the vector is most of what it does.
    let errors = outcomes[1].records().filter { $0.metric == "direct-path-behaviour-error" }
    #expect(try #require(errors.first?.estimate) > 0.2)
    let measured = outcomes[1].records().filter { $0.metric == "measured-saturation" }
    #expect(abs((measured.first?.estimate ?? 0) - 1.16) < 0.05)
  }
}
