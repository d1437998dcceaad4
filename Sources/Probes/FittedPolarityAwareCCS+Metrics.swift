internal import Activations
internal import Evaluation
internal import LinearAlgebra

extension FittedPolarityAwareCCS {
  /// The loss, the separation of the labels, the pair measures and the silhouette on held-out pairs.
  ///
  /// Only pairs of opposites of which both members are measured count for the pair measures; without any
  /// they are undefined.
  ///
  /// - Parameter data: Raw pairs with their opposites.
  /// - Returns: What ``FittedContrastConsistentSearch/metrics(on:)`` measures; with labels
  ///   `empirical-separation-accuracy`, max(a, 1 − a), with the share of the more frequent label as its
  ///   chance level, and `ideal-distance`; `polar-consistency`, `contradiction-index` and
  ///   `absolute-agreement`; and `silhouette`, that of the normalised differences x⁺ − x⁻ under the
  ///   predicted labels by the cosine distance, 0 if one label is predicted for all.
  /// - Throws: ``ProbeError`` if the data do not fit the probe, a sample has no opposite, or opposites have
  ///   one label.
  public func metrics(on data: consuming ProbeData) throws(ProbeError) -> [ProbeMetric] {
    let pairs = try search.normalized(data, method: PolarityAwareCCS.identifier)
    let opposites = try OppositePairs(pairs)
    let sides = search.probabilities(normalizedPairs: pairs)
    let predictions = search.scores(sides).map { $0 > threshold }
    var metrics = search.metrics(of: sides, labels: pairs.labels)
    let doubt: String?
    if let labels = pairs.labels {
      let separation = EmpiricalSeparation(predictions: predictions, labels: labels)
      metrics.append(separation.metric)
      doubt = separation.doubt(pairCount: opposites.count)
    } else {
      doubt = Self.doubt(inLosses: search.losses(sides))
    }
    metrics += try pairMetrics(of: pairs, opposites, doubt: doubt)
    metrics.append(try Self.silhouette(of: pairs, predictions: predictions))
    return metrics
  }

  /// The pair measures; `doubt` says why values that look perfect would show nothing, if they would not.
  private func pairMetrics(
    of pairs: ContrastPairs, _ opposites: OppositePairs, doubt: String?
  ) throws(ProbeError) -> [ProbeMetric] {
    let metrics = PolarityMetric.allCases.filter { pairs.labels != nil || !$0.seesOrientation }
    if let reason = reasonAgainstPairMetrics(pairs, opposites) {
      return metrics.map {
        ProbeMetric(
          $0.identifier, .undefined(reason), betterWhen: $0.betterWhen, flags: centeringFlags)
      }
    }
    let answers = try answers(normalizedPairs: pairs, opposites)
    // The measures that cannot see orientation are those of the probe as it was trained.
    let oriented = search.isTurned ? answers.map(\.complement) : answers
    let common = sharedFlags(of: answers, doubt: doubt)
    return metrics.map { metric in
      let answers = metric.seesOrientation ? oriented : answers
      return ProbeMetric(
        metric.identifier,
        .perPair(
          answers.map(metric.value(of:)), positions: opposites.first, summary: metric.summary),
        chance: metric.chance(of: answers), betterWhen: metric.betterWhen,
        flags: common + (metric.seesOrientation ? inversionFlags(of: answers) : []))
    }
  }

  private func reasonAgainstPairMetrics(_ pairs: ContrastPairs, _ opposites: OppositePairs)
    -> String?
  {
    if opposites.count == 0 {
      return "no sample is measured together with its opposite"
    }
    guard settings.metricCentering == .perSubset else { return nil }
    if pairs.labels == nil {
      return
        "metricCentering per-subset tells a statement from its opposite by labels, and there are "
        + "none"
    }
    return opposites.count < 2
      ? "metricCentering per-subset leaves nothing of a single pair of opposites" : nil
  }

  // MARK: - Flags

  /// How near to 0 polar consistency and contradiction index look perfect.
  private static let perfection = 0.05

  private var centeringFlags: [Flag] {
    guard settings.metricCentering == .perSubset else { return [] }
    return [
      Flag(
        "recentred-subsets",
        detail: "without the mean difference of the labels, which the probe is meant to find")
    ]
  }

  private func sharedFlags(of answers: [OppositeAnswers], doubt: String?) -> [Flag] {
    var flags = centeringFlags
    let consistency = PolarityMetric.polarConsistency.value(over: answers) ?? 1
    let contradiction = PolarityMetric.contradictionIndex.value(over: answers) ?? 1
    if let doubt, abs(consistency) < Self.perfection, contradiction < Self.perfection {
      flags.append(Flag("spuriously-perfect", detail: doubt))
    }
    return flags
  }

  private static func doubt(inLosses losses: [Double]) -> String? {
    let baseline = ContrastLoss.constantBaseline
    let loss = losses.reduce(0, +) / Double(max(losses.count, 1))
    return loss < baseline ? nil : "the held-out loss is not below \(baseline), a constant's"
  }

  /// Whether Yes goes with label 0: no constant answer is further from the ideal than √½.
  private func inversionFlags(of answers: [OppositeAnswers]) -> [Flag] {
    let distance = PolarityMetric.idealDistance.value(over: answers) ?? 0
    // A constant answer is off by rounding.
    guard distance > 0.5.squareRoot() + 1e-6 else { return [] }
    let reason =
      switch (isOriented, settings.ensembleThreshold) {
      case (false, _): "the sign of the probe is open, and fell that way"
      case (true, .positiveAboveHalf): "as ensembleThreshold positive-above-half reads Yes"
      case (true, .positiveBelowHalf): "the other way round than in the training samples"
      }
    return [Flag("inverted-yes", detail: "label 0 is answered Yes, \(reason)")]
  }

  // MARK: - Silhouette

  private static func silhouette(of pairs: ContrastPairs, predictions: [Bool])
    throws(ProbeError) -> ProbeMetric
  {
    // One class has no silhouette; published results have 0.
    guard predictions.contains(true), predictions.contains(false) else {
      return ProbeMetric(Silhouette.identifier, .single(0), betterWhen: Silhouette.preference)
    }
    do throws(EvaluationError) {
      let outcome = try Silhouette.outcome(
        of: pairs.differences, clusters: predictions.map { $0 ? 1 : 0 })
      let flags =
        outcome.zeroRowCount == 0
        ? []
        : [
          Flag(
            "zero-rows",
            detail: "\(outcome.zeroRowCount) measured differences are zero and have no direction")
        ]
      return ProbeMetric(
        Silhouette.identifier, .single(outcome.mean), betterWhen: Silhouette.preference,
        flags: flags)
    } catch {
      throw .evaluation(error)
    }
  }
}

/// The empirical separation accuracy, max(a, 1 − a).
private struct EmpiricalSeparation {
  let correct: [Bool]
  /// The share of the more frequent label, which always predicting it has; 1 for a single label.
  let majorityRate: Double

  init(predictions: [Bool], labels: [Int]) {
    correct = zip(predictions, labels).map { $0 == ($1 == 1) }
    majorityRate = (try? MajorityRate.value(labels: labels)) ?? 1
  }

  private var value: Double {
    Accuracy.folded(Double(correct.count { $0 }) / Double(max(correct.count, 1)))
  }

  var metric: ProbeMetric {
    let name = ProbeMetric.empiricalSeparationAccuracy
    guard majorityRate < 1 else {
      return ProbeMetric(
        name, .undefined("every sample has the same label, and either sign may be the right one"),
        betterWhen: .higher)
    }
    return ProbeMetric(
      name, .share(correct, isFolded: true), chance: majorityRate, betterWhen: .higher)
  }

  /// Why the probe may not separate the labels at all.
  ///
  /// Within two standard errors of the majority rate: a probe that knows nothing gets there by luck, the
  /// more so as the better of two signs is taken. The two members of a pair are not independent, so
  /// pairs are counted.
  func doubt(pairCount: Int) -> String? {
    let margin = 2 * (majorityRate * (1 - majorityRate) / Double(max(pairCount, 1))).squareRoot()
    guard value <= majorityRate + margin else { return nil }
    let rounded = (value * 1000).rounded() / 1000
    let rate = (majorityRate * 1000).rounded() / 1000
    return "the separation accuracy of \(rounded) is not above the majority rate of \(rate)"
  }
}
