import Activations
import ArrayFiles
import Epistemics
import Evaluation
import Foundation
import Optimization
import Studies
import TestSupport
import Testing

/// Oracle: answers whose states hold, along the planted feature, whether they are right; their probabilities do not.
@Suite struct EpistemicsExperimentTests {
  private let folder: TemporaryFolder
  private static let (samples, layers, width, contrasts) = (240, 3, 6, 50)

  init() throws {
    folder = try TemporaryFolder()
    try Self.write(to: folder)
  }

  /// The feature lies along coordinate 1 at the last layer, and is half of what makes an answer right.
  private static func write(
    to folder: TemporaryFolder, labels change: ([Int]) -> [Int] = { $0 },
    contrastCount: Int = contrasts,
    split: [Int]? = nil
  ) throws {
    var generator = SeededGenerator(seed: 71)
    func noise(_ scale: Double) -> Double { scale * generator.nextNormal() }
    var labels: [Int] = []
    var states: [Float] = []
    for _ in 0..<samples {
      let feature = noise(1)
      labels.append(feature + noise(0.7) > 0 ? 1 : 0)
      for layer in 0..<layers {
        for column in 0..<width {
          states.append(Float((layer == 2 && column == 1 ? feature : 0) + noise(0.3)))
        }
      }
    }
    func contrast(_ column: Int) -> [[Float]] {
      var sides: [[Float]] = [[], []]
      for _ in 0..<contrastCount {
        for _ in 0..<layers {
          let size = 1 + noise(1)
          for place in 0..<width {
            let middle = noise(0.2)
            sides[0].append(Float(middle + (place == column ? size : 0)))
            sides[1].append(Float(middle))
          }
        }
      }
      return sides
    }
    func write(_ name: String, _ values: [Float], _ shape: [Int]) throws {
      try GoldenArrays.write(values, shape: shape, to: folder.file(name + ".npy"))
    }
    try write("activations", states, [samples, layers, width])
    for (name, column) in [("planted", 1), ("idle", 4)] {
      let sides = contrast(column)
      try write("\(name).positive", sides[0], [contrastCount, layers, width])
      try write("\(name).negative", sides[1], [contrastCount, layers, width])
    }
    try write("labels", change(labels).map { Float($0) }, [samples])
    try write("tokenCounts", [Float](repeating: 2, count: samples), [samples])
    try write(
      "logProbabilities", (0..<2 * samples).map { _ in Float(-abs(noise(1))) }, [2 * samples])
    if let split { try write("split", split.map { Float($0) }, [samples]) }
    func pair(_ name: String, _ side: String) -> String {
      "\"contrasts.\(name).\(side)\": {file: \"\(name).\(side).npy\", axes: [\"sample\", \"layer\", \"width\"]}"
    }
    try folder.write(
      """
      {format: "plumbline-dump", version: 1, model: {name: "planted"}, token: "predicting-mean",
       arrays: {
         activations: {file: "activations.npy", axes: ["sample", "layer", "width"]},
         \(pair("planted", "positive")), \(pair("planted", "negative")),
         \(pair("idle", "positive")), \(pair("idle", "negative")),
         labels: {file: "labels.npy", axes: ["sample"]},
         \(split == nil ? "" : "split: {file: \"split.npy\", axes: [\"sample\"], values: [\"train\", \"validation\", \"test\"]},")
         tokenCounts: {file: "tokenCounts.npy", axes: ["sample"]},
         logProbabilities: {file: "logProbabilities.npy", axes: ["token"]}}}
      """, to: "dump.json")
  }

  private func experiment(_ names: [String]? = nil) throws -> EpistemicsExperiment {
    let dump = try ActivationDump.open(folder.path)
    var experiment = EpistemicsExperiment(
      dump: dump,
      scorers: try (names ?? AnswerScorerFactory.defaultNames(for: dump)).map {
        try AnswerScorerFactory.scorer(named: $0)
      },
      metrics: try AnswerScorerFactory.defaultMetricNames.map {
        try AnswerScorerFactory.metric(named: $0)
      })
    (experiment.randomCount, experiment.permutationCount) = (20, 50)
    return experiment
  }

  private func estimate(_ outcome: EpistemicsOutcome, _ score: String, _ metric: String) -> Double?
  {
    let name = MethodName(parsing: score)
    return outcome.records().first {
      $0.method == name.identifier && $0.variant == name.variant && $0.metric == metric
        && $0.control == nil && $0.category == nil
    }?.estimate
  }

  @Test func thePlantedFeatureBeatsProbabilitiesAndRandomDirections() throws {
    let outcome = try experiment().run()
    // An answer is right if f + .7 e > 0: the area of f alone is near .9.
    let area = try #require(estimate(outcome, "feature-gaps", "auroc"))
    #expect(area > 0.8 && area < 0.97)
    let planted = try #require(estimate(outcome, "feature-gaps:planted", "auroc"))
    #expect(abs(planted - area) < 0.05)
    let idle = try #require(estimate(outcome, "feature-gaps:idle", "auroc"))
    #expect(abs(idle - 0.5) < 0.15)
    let blind = try #require(estimate(outcome, "perplexity", "auroc"))
    #expect(abs(blind - 0.5) < 0.15)
    let differences = outcome.records().filter {
      $0.method == "feature-gaps" && $0.variant == nil && $0.category == "less perplexity"
        && $0.metric.hasPrefix("prr")
    }
    let difference = try #require(differences.first)
    #expect((difference.lower ?? -1) > 0 && (difference.pValue ?? 1) < 0.05, "\(difference)")
    let permuted = outcome.records().filter {
      $0.control == "shuffled-labels" && $0.metric == "prr"
    }
    #expect(permuted.count == 1 && (permuted[0].estimate ?? 1) < 0.6)
    #expect((permuted[0].pValue ?? 1) < 0.1)
    #expect(["feature-gaps", "feature-gaps:planted"].contains(outcome.best ?? ""))
    for line in outcome.lines(style: .plain, explains: true) {
      #expect(line.count <= 80, "\(line)")
    }
  }

  @Test func calibrationIsOfProbabilitiesOnly() throws {
    let outcome = try experiment(["feature-gaps", "perplexity"]).run()
    #expect((estimate(outcome, "feature-gaps", "brier") ?? 1) < 0.25)
    let refused = outcome.records().filter { $0.method == "perplexity" && $0.metric == "brier" }
    #expect(refused.count == 1 && refused[0].estimate == nil)
    #expect(refused[0].flags.contains { $0.name == "undefined" })
  }

  @Test func whatWasFittedScoresTheSameAfterwards() throws {
    let dump = try ActivationDump.open(folder.path)
    let outcome = try EpistemicsFitExperiment(dump: dump).run()
    // Of three layers the share of 7 in 33 is none.
    #expect(outcome.fitted.settings.ignoredLayerCount == 0)
    #expect(outcome.fitted.features.first { $0.name == "planted" }?.choice.layer == 2)
    let path = folder.file("gaps.json")
    try ParameterFile.write(SavedFeatureGaps(outcome), kind: SavedFeatureGaps.kind, to: path)
    let saved = try ParameterFile.read(
      SavedFeatureGaps.self, kind: SavedFeatureGaps.kind, from: path)
    #expect(saved.fitted == outcome.fitted && saved.origin.model.name == "planted")
    var again = try experiment(["feature-gaps"])
    let direct = try again.run()
    again.scorers = [.fitted(saved)]
    let kept = try again.run()
    for metric in ["auroc", "prr", "brier"] {
      #expect(estimate(direct, "feature-gaps", metric) == estimate(kept, "feature-gaps", metric))
    }
    let table = try AnswerScoreTable(
      of: dump, scorers: [.fitted(saved)], selection: SampleSelection(all: dump))
    let rows = table.commaSeparated.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(rows.count == Self.samples + 1)
    #expect(rows[0].prefix(4) == ["sample", "label", "seen", "feature-gaps"])
    // 60 % of the answers taught; the contrasts are of other questions.
    #expect(rows.dropFirst().count { $0[2] == "1" } == outcome.fitted.validationCount)
    for line in outcome.lines(style: .plain, explains: true) {
      #expect(line.count <= 80, "\(line)")
    }
  }

  @Test func arraysOfScoresAreThoseOfTheTable() throws {
    let dump = try ActivationDump.open(folder.path)
    let table = try AnswerScoreTable(
      of: dump, scorers: [try AnswerScorerFactory.scorer(named: "perplexity")],
      selection: SampleSelection(all: dump))
    let path = folder.file("scores.npz")
    try table.writeNPZ(to: path)
    let values = try ArrayFile.open(path, member: "perplexity").doubles()
    let rows = table.commaSeparated.split(separator: "\n").dropFirst().map {
      Double($0.split(separator: ",", omittingEmptySubsequences: false)[3])
    }
    #expect(rows == values.map { Optional($0) })
    #expect(throws: StudyError.self) {
      try AnswerScoreTable(
        of: dump, scorers: [try AnswerScorerFactory.scorer(named: "feature-gaps")],
        selection: SampleSelection(all: dump))
    }
  }

  @Test func contrastsOfTheSameSamplesGiveUpTheOnesThatJudge() throws {
    try Self.write(to: folder, contrastCount: Self.samples)
    let outcome = try EpistemicsFitExperiment(dump: try ActivationDump.open(folder.path)).run()
    let counts = Set(outcome.fitted.features.map(\.contrastCount))
    #expect(counts.count == 1)
    // 40 % test, and the others give directions or judge: nobody does both.
    let identifiers = try #require(outcome.fitted.trainingIdentifiers)
    let judges = try #require(outcome.fitted.validationIdentifiers)
    #expect(Set(identifiers).isDisjoint(with: judges))
    #expect(identifiers.count + judges.count == 144)
    #expect(!outcome.fitted.flags.contains { $0.name == "split-not-checked" })
  }

  @Test func theDumpsOwnSplitIsUsed() throws {
    let split = (0..<Self.samples).map { $0 % 4 == 0 ? 1 : $0 % 4 == 1 ? 2 : 0 }
    try Self.write(to: folder, split: split)
    let outcome = try experiment(["perplexity"]).run()
    #expect(outcome.records().first?.samples == 60)
    // Contrasts are of other questions, so that train and validation both judge.
    let fitted = try EpistemicsFitExperiment(dump: try ActivationDump.open(folder.path)).run()
    #expect(fitted.fitted.validationCount == 180)
  }

  @Test func answersThatCannotBeJudgedAreRefused() throws {
    func refuses(_ change: @escaping ([Int]) -> [Int], _ words: String) throws {
      try Self.write(to: folder, labels: change)
      let error = #expect(throws: (any Error).self) {
        try experiment(["perplexity", "feature-gaps"]).run()
      }
      #expect("\(error.map { "\($0)" } ?? "")".contains(words), "\(String(describing: error))")
    }
    try refuses(
      { $0.enumerated().map { $0.offset == 17 ? 2 : $0.element } }, "the label of answer 17 is 2")
    try refuses({ $0.map { _ in 1 } }, "class 1")
    try refuses({ $0.map { _ in -1 } }, "class -1")
    // Answers that were not attempted drop out of both sides.
    try Self.write(
      to: folder, labels: { $0.enumerated().map { $0.offset % 3 == 0 ? -1 : $0.element } })
    let outcome = try experiment(["perplexity"]).run()
    #expect((outcome.records().first?.samples ?? 0) < 80)
  }

  @Test func unknownScoresMetricsAndReferencesAreNamed() throws {
    #expect(throws: EpistemicsError.self) { try AnswerScorerFactory.scorer(named: "perplexty") }
    #expect(throws: EvaluationError.self) { try AnswerScorerFactory.metric(named: "prr") }
    var experiment = try experiment(["perplexity"])
    experiment.reference = "chow-quantile"
    #expect(throws: StudyError.self) { try experiment.run() }
    experiment.scorers += experiment.scorers
    experiment.reference = nil
    #expect(throws: StudyError.self) { try experiment.run() }
    experiment.scorers = []
    #expect(throws: StudyError.self) { try experiment.run() }
  }

  /// The ready study, on the dump that it names: what a reader is told to expect is what comes out.
  @Test func theReadyStudyShowsWhatItSays() throws {
    let root = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
    let study = try Study(path: "/\(root)/probes/epistemics")
    let outcome = try #require(
      try StudyRunner(study).run(study.analyses[0]) as? EpistemicsOutcome)
    #expect(outcome.best == "perplexity")
    #expect(abs((estimate(outcome, "feature-gaps", "prr") ?? 0) - 0.62) < 0.01)
    #expect(abs((estimate(outcome, "perplexity", "prr") ?? 0) - 0.68) < 0.01)
    let difference = outcome.records().first {
      $0.method == "feature-gaps" && $0.variant == nil && $0.category == "less perplexity"
        && $0.metric.hasPrefix("prr")
    }
    #expect((difference?.lower ?? 1) < 0 && (difference?.upper ?? -1) > 0)
    let two = try #require(try StudyRunner(study).run(study.analyses[1]) as? EpistemicsOutcome)
    #expect(abs((estimate(two, "perplexity", "auroc") ?? 0) - 0.51) < 0.01)
    #expect(abs((estimate(two, "feature-gaps", "auroc") ?? 0) - 0.77) < 0.01)
    #expect(two.records().first?.samples == 23 && two.records().first?.groups == 13)
    // Of a ratio as high one random direction in twenty has as much.
    let random = two.records().first { $0.control == "random-direction" && $0.metric == "prr" }
    #expect(abs((random?.pValue ?? 0) - 2.0 / 21) < 1e-12)
    let beside = outcome.records().first { $0.control == "random-direction" && $0.metric == "prr" }
    #expect(abs((beside?.estimate ?? 0) - 0.33) < 0.01)
  }
}
