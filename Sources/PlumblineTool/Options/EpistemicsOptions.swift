import ArgumentParser
import Plumbline

/// Which scores of answers, of which answers.
struct EpistemicsOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Scores, separated by commas, or variants as SCORE/VARIANT; those that the dump has arrays for if not given. See "
        + "`plumbline methods`.", valueName: "a,b"))
  var method: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Change a setting, such as feature-gaps.ignoredLayerCount=2; may be repeated.",
      valueName: "method.setting=value"))
  var settings: [String] = []

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Use only the answers with this value of their categories or another attribute.",
      valueName: "attribute=value"))
  var selection: String?

  /// The scores that were asked for, or that the dump has arrays for.
  ///
  /// - Parameters:
  ///   - dump: The dump.
  ///   - isLearning: Whether feature gaps may be among those that were not named.
  /// - Returns: The scores, with the settings that `--set` gives.
  /// - Throws: What is wrong with a name or a setting.
  func scorers(of dump: ActivationDump, isLearning: Bool) throws -> [AnswerScorer] {
    let names = AnswerScorerFactory.defaultNames(for: dump).filter {
      isLearning || MethodName(parsing: $0).identifier != FeatureGaps.identifier
    }
    let request = try MethodRequest(method ?? names.joined(separator: ","), settings: settings)
    return try request.names.map { name in
      try AnswerScorerFactory.scorer(named: name, assignments: request.assignments(of: name))
    }
  }

  func selection(of dump: ActivationDump) throws -> SampleSelection {
    try selection.map { try SampleSelection(dump, option: "--where", text: $0) }
      ?? SampleSelection(all: dump)
  }
}

/// Fitted feature gaps that an option names.
struct FittedScores {
  let scorers: [AnswerScorer]
  let paths: [String]

  /// Reads what `epistemics fit --save` wrote, and refuses dumps of other models.
  init(_ path: String?, for dump: ActivationDump, isForced: Bool) throws {
    guard let path else {
      (scorers, paths) = ([], [])
      return
    }
    let saved = try ParameterFile.read(
      SavedFeatureGaps.self, kind: SavedFeatureGaps.kind, from: path)
    if !isForced, let mismatch = saved.origin.mismatch(with: dump) {
      throw ToolFailure(.badData, "\(mismatch); --force scores it all the same")
    }
    scorers = [.fitted(saved)]
    paths = ParameterFile.paths(for: path)
  }
}
