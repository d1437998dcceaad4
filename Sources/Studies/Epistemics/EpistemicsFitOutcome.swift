public import Activations
public import Epistemics
public import Evaluation

/// What an ``EpistemicsFitExperiment`` learned.
public struct EpistemicsFitOutcome: Outcome {
  /// The dump.
  public let dump: ActivationDump
  /// No other dumps.
  public var testDumps: [ActivationDump] { [] }
  /// The method, or the variant of it.
  public let name: MethodName
  /// What was learned.
  public let fitted: FittedFeatureGaps
  /// How many answers are left for testing.
  let testCount: Int
  /// Which answers were used; `nil` for all.
  public let selection: String?
  /// Every setting with its resolved value.
  public let settings: [String: SettingValue]
  /// A fit is made whole.
  public var isComplete: Bool { true }
  /// It has features.
  public var isEmpty: Bool { false }
  /// What the fit as a whole is flagged with.
  public var warnings: [String] { fitted.flags.map { "\($0)" } }

  /// Every number as a record.
  ///
  /// - Parameters:
  ///   - study: The name of the study.
  ///   - analysis: The name of the analysis in the study.
  /// - Returns: What each layer had to offer by each feature, in category of the feature's name, then what was chosen.
  public func records(study: String?, analysis: String?) -> [Record] {
    func record(_ metric: String, _ value: Double, layer: Int, feature: String, _ flags: [Flag])
      -> Record
    {
      var record = Record(
        Measurement(
          metric: metric, value: .finite(value), sampleCount: fitted.attemptedCount, groupCount: 0,
          flags: flags),
        method: name.identifier, layer: layer)
      record.study = study
      record.analysis = analysis
      record.variant = name.variant
      record.dump = dump.path
      record.category = feature
      record.seed = fitted.seed
      return record
    }
    return fitted.features.enumerated().flatMap { place, feature in
      let offers = feature.offers.flatMap { offer in
        let flags = fitted.flags + (offer.layer == feature.choice.layer ? [Flag("chosen")] : [])
        return [
          record(
            "validation-auroc", offer.areaUnderROC, layer: offer.layer, feature: feature.name,
            flags),
          record(
            "validation-prr", offer.predictionRejectionRatio, layer: offer.layer,
            feature: feature.name, flags),
        ]
      }
      return offers + [
        record(
          "regression-weight", fitted.ensemble.weights[place], layer: feature.choice.layer,
          feature: feature.name, fitted.flags)
      ]
    }
  }

  /// The features, their layers and what they are worth where they were chosen; 80 columns wide.
  ///
  /// - Parameters:
  ///   - style: Whether to use colour.
  ///   - explains: Whether the meaning of columns is said below.
  /// - Returns: Lines without newlines.
  public func lines(style: TerminalStyle, explains: Bool) -> [String] {
    let counts =
      "\(fitted.attemptedCount) judged answers choose layers and fit the regression, \(testCount) are left for "
      + "testing · seed \(fitted.seed)"
    var lines = [style.bold(name.description)]
    lines += Prose.lines([selection, counts].compactMap { $0 }.joined(separator: " · "), width: 79)
    var table = TextTable(columns: [
      TextTable.Column("feature", .left), TextTable.Column("contrasts"), TextTable.Column("layer"),
      TextTable.Column("sign"), TextTable.Column("AUROC"), TextTable.Column("PRR"),
      TextTable.Column("weight"),
    ])
    for (place, feature) in fitted.features.enumerated() {
      let choice = feature.choice
      table.append([
        feature.name, "\(feature.contrastCount)", "\(choice.layer)", choice.sign < 0 ? "-" : "+",
        NumberText.share(choice.areaUnderROC), NumberText.share(choice.predictionRejectionRatio),
        NumberText.significant(fitted.ensemble.weights[place]),
      ])
    }
    lines += table.lines(style: style)
    for flag in fitted.flags {
      lines += Prose.lines("! \(flag)", width: 78, indentation: "  ").map { "  " + $0 }
    }
    guard explains else { return lines }
    let text =
      "AUROC, PRR: of the signed score alone, on the answers that chose its layer: better than it is on others; "
      + "`plumbline epistemics evaluate` has those. weight: of the raw score in the regression."
    return lines + [""] + Prose.lines(text, width: 78).map { style.dim("  " + $0) }
  }
}
