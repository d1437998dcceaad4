public import Activations
public import Epistemics
internal import Evaluation

/// Fits feature gaps on a dump: directions from its contrasts; layers, signs and a regression from labelled answers.
public struct EpistemicsFitExperiment: Sendable {
  /// The dump.
  public var dump: ActivationDump
  /// The method; its number of ignored layers, left at its default, is scaled to the model's depth.
  public var method = FeatureGaps()
  /// The features; all that the dump has contrasts of if `nil`.
  public var features: [String]?
  /// Which answers are used.
  public var selection: SampleSelection
  /// The share of answers that is left for testing, where the dump does not say.
  public var testFraction = 0.4
  /// The seed of the split and of random directions.
  public var seed: UInt64 = 0

  /// Creates an experiment over all answers of a dump.
  ///
  /// - Parameter dump: A dump with contrasts, states of answers, and labels.
  public init(dump: ActivationDump) {
    self.dump = dump
    selection = SampleSelection(all: dump)
  }

  /// Fits.
  ///
  /// - Returns: What was learned.
  /// - Throws: `ActivationsError`, `EpistemicsError` or ``StudyError`` for data or settings that cannot be used.
  public func run() throws -> EpistemicsFitOutcome {
    let source = FeatureGapsSource(dump: dump, features: features)
    let parts = try AnswerParts(
      dump, selection: selection, testFraction: testFraction, isContrasted: source.isContrasted,
      seed: seed)
    let method = FeatureGapsSource.fitted(method, to: dump)
    let fitted = try method.fit(
      contrasts: try source.contrasts(parts), validation: try source.answers(parts.judged),
      seed: seed)
    let name = try MethodFactory.name(of: self.method)
    return EpistemicsFitOutcome(
      dump: dump, name: name, fitted: fitted, testCount: parts.test.count,
      selection: selection.summary,
      settings: [
        "method": .string(name.description), "settings": try Settings.resolved(method),
        "features": .list(source.names.map { .string($0) }), "split": .string(parts.summary),
        "where": selection.summary.map { .string($0) } ?? .null, "seed": .string("\(seed)"),
      ])
  }
}
