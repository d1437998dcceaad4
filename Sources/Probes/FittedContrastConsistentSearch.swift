public import Activations
public import Evaluation
internal import LinearAlgebra
internal import Optimization

/// A fitted contrast-consistent probe: every try, the one that was chosen, and what was learned about
/// the training data.
public struct FittedContrastConsistentSearch: FittedProbe {
  /// The settings of the fit.
  public let settings: ContrastConsistentSearch
  /// The training statistics that scoring applies.
  public let normalization: FittedNormalization
  /// The number of the chosen try.
  public let selectedTry: Int
  /// How many tries ended without finite weights or loss and were left out.
  public let divergedTryCount: Int
  /// The loss of each kept try over all training pairs, after the last step.
  public let trainingLosses: [Double]
  /// The losses of the kept tries by which one was chosen.
  public let selectionLosses: [Double]
  /// How many pairs the probe was trained on.
  public let trainingCount: Int
  /// How the kept tries got to their ends; empty for AdamW, which takes the steps it is told to.
  public let minimizations: [Minimization]
  /// A logistic map of the raw score, where ``OrientationRule/platt`` asked for it.
  public private(set) var calibration: PlattScaling?
  /// −1 if training labels turned the scores round, else 1.
  public private(set) var sign: Double
  let network: ProbeNetwork

  init(
    settings: ContrastConsistentSearch, normalization: FittedNormalization, network: ProbeNetwork,
    selectedTry: Int, trainingLosses: [Double], selectionLosses: [Double], divergedTryCount: Int,
    trainingCount: Int, minimizations: [Minimization], calibration: PlattScaling? = nil,
    sign: Double = 1
  ) {
    self.settings = settings
    self.normalization = normalization
    self.network = network
    self.selectedTry = selectedTry
    self.trainingLosses = trainingLosses
    self.selectionLosses = selectionLosses
    self.divergedTryCount = divergedTryCount
    self.trainingCount = trainingCount
    self.minimizations = minimizations
    self.calibration = calibration
    self.sign = sign
  }

  /// One half: scores are probabilities.
  public var threshold: Double { 0.5 }

  /// Whether training labels settled the sign.
  public var isOriented: Bool { settings.orientation != .unresolved }

  /// How the chosen try got to its end; `nil` for AdamW.
  public var minimization: Minimization? {
    minimizations.isEmpty ? nil : minimizations[selectedTry]
  }

  /// The training loss of the chosen try.
  public var trainingLoss: Double { trainingLosses[selectedTry] }

  /// 1 − q of the chosen try for each pair, turned round or calibrated where labels said so.
  ///
  /// - Parameter data: Raw activations, normalised here by the training statistics.
  /// - Returns: One score in [0, 1] a pair.
  /// - Throws: ``ProbeError`` if the data do not fit the probe.
  public func scores(_ data: consuming ProbeData) throws(ProbeError) -> [Double] {
    scores(try probabilities(data))
  }

  /// The probabilities that the chosen try gives to each side.
  ///
  /// - Parameter pairs: Raw pairs, normalised here by the training statistics.
  /// - Returns: p⁺ and p⁻, one a pair, in [0, 1].
  /// - Throws: ``ProbeError`` if the pairs do not fit the probe.
  public func probabilities(_ pairs: consuming ContrastPairs) throws(ProbeError) -> (
    positive: [Double], negative: [Double]
  ) {
    let sides = try probabilities(.pairs(pairs))
    return (
      sides.positive.column(selectedTry).map { Double($0) },
      sides.negative.column(selectedTry).map { Double($0) }
    )
  }

  /// Both sides' probabilities, (pairs, tries).
  func probabilities(_ data: consuming ProbeData) throws(ProbeError) -> (
    positive: Matrix<Float>, negative: Matrix<Float>
  ) {
    probabilities(
      normalizedPairs: try normalized(data, method: ContrastConsistentSearch.identifier))
  }

  /// Raw pairs normalised by the training statistics.
  func normalized(_ data: consuming ProbeData, method: String) throws(ProbeError) -> ContrastPairs {
    guard case .pairs(var pairs) = consume data else {
      throw .unsupportedInput(method: method, accepts: [.contrastPairs], got: .rows)
    }
    guard pairs.width == network.width else {
      throw .widthMismatch(expected: network.width, actual: pairs.width)
    }
    do throws(ActivationsError) {
      try normalization.apply(to: &pairs)
      return pairs
    } catch {
      throw .activations(error)
    }
  }

  /// Both sides' probabilities for normalised pairs, (pairs, tries).
  func probabilities(normalizedPairs pairs: ContrastPairs) -> (
    positive: Matrix<Float>, negative: Matrix<Float>
  ) {
    ContrastTrainer.probabilities(
      network: network, positive: pairs.positive.view, negative: pairs.negative.view)
  }

  /// 1 − q of the chosen try, or q under the opposite convention.
  private func rawScores(_ sides: (positive: Matrix<Float>, negative: Matrix<Float>)) -> [Double] {
    Self.scores(of: selectedTry, sides, threshold: settings.ensembleThreshold)
  }

  static func scores(
    of attempt: Int, _ sides: (positive: Matrix<Float>, negative: Matrix<Float>),
    threshold: ContrastConsistentSearch.EnsembleThreshold
  ) -> [Double] {
    (0..<sides.positive.rowCount).map { row in
      let positive = Double(sides.positive[row, attempt])
      let negative = Double(sides.negative[row, attempt])
      let belief = (positive + (1 - negative)) / 2
      return threshold == .positiveBelowHalf ? belief : 1 - belief
    }
  }

  /// The scores for both sides' probabilities.
  func scores(_ sides: (positive: Matrix<Float>, negative: Matrix<Float>)) -> [Double] {
    orient(rawScores(sides))
  }

  /// Whether training labels turned the scores round.
  var isTurned: Bool { calibration.map { $0.slope < 0 } ?? (sign < 0) }

  private func orient(_ raw: [Double]) -> [Double] {
    if let calibration { return raw.map { calibration.probability(of: $0) } }
    return sign < 0 ? raw.map { 1 - $0 } : raw
  }

  /// Settles the sign with training labels, which the flags then say.
  mutating func orient(
    _ rule: OrientationRule, normalizedPairs pairs: ContrastPairs, labels: [Int]
  ) throws(ProbeError) {
    let raw = rawScores(probabilities(normalizedPairs: pairs))
    switch rule {
    case .unresolved: break
    case .trainLabels:
      let correctCount = zip(raw, labels).count { ($0 > 0.5 ? 1 : 0) == $1 }
      sign = 2 * correctCount >= labels.count ? 1 : -1
    case .platt:
      calibration = try PlattScaling.fit(scores: raw, labels: labels)
    }
  }
}

extension FittedContrastConsistentSearch {
  /// What was wrong or remarkable about the fit.
  public var flags: [Flag] {
    [orientationFlag] + trainingFlags
  }

  /// Who settled the sign.
  var orientationFlag: Flag {
    isOriented
      ? Flag("label-assisted", detail: "the sign comes from training labels")
      : Flag("orientation-unresolved", detail: "accuracy and AUROC are folded")
  }

  /// What was remarkable about the training, whoever settles the sign.
  var trainingFlags: [Flag] {
    var flags: [Flag] = []
    if divergedTryCount > 0 { flags.append(Flag("diverged-tries", detail: "\(divergedTryCount)")) }
    if let minimization, !settings.isAtMinimum(minimization) {
      flags.append(
        Flag(
          "not-converged",
          detail: "\(minimization.stop.rawValue) after \(minimization.iterationCount) steps"))
    }
    if network.width > trainingCount {
      flags.append(
        Flag(
          "more-features-than-pairs",
          detail: "\(network.width) > \(trainingCount), so the training loss says nothing"))
    }
    return flags + normalization.flags
  }

  /// The loss on held-out pairs and in training, and how far the tries agree.
  ///
  /// - Parameter data: Raw pairs.
  /// - Returns: `loss` and `training-loss`, whose chance level is that of the best constant; for L-BFGS the
  ///   `iterations` of the chosen try; with labels the smallest and the largest folded accuracy of the
  ///   tries; and their mean agreement up to sign.
  /// - Throws: ``ProbeError`` if the data do not fit the probe.
  public func metrics(on data: consuming ProbeData) throws(ProbeError) -> [ProbeMetric] {
    let labels = data.labels
    return metrics(of: try probabilities(data), labels: labels)
  }

  /// The metrics for both sides' probabilities.
  func metrics(
    of sides: (positive: Matrix<Float>, negative: Matrix<Float>), labels: [Int]?
  ) -> [ProbeMetric] {
    let baseline = ContrastLoss.constantBaseline
    var metrics = [
      ProbeMetric(
        MeanLoss.identifier, .perSample(losses(sides)), chance: baseline, betterWhen: .lower),
      ProbeMetric(
        MeanLoss.trainingIdentifier, .training(trainingLoss, count: trainingCount),
        chance: baseline,
        betterWhen: .lower),
    ]
    if let minimization {
      metrics.append(
        ProbeMetric(
          ProbeMetric.iterations,
          .training(Double(minimization.iterationCount), count: trainingCount)))
    }
    let predictions = trainingLosses.indices.map { attempt in
      Self.scores(of: attempt, sides, threshold: settings.ensembleThreshold).map { $0 > 0.5 }
    }
    if let labels, predictions.count > 1, labels.contains(0), labels.contains(1) {
      let accuracies = predictions.map { prediction in
        let rightCount = zip(prediction, labels).count { $0 == ($1 == 1) }
        return Double(max(rightCount, labels.count - rightCount)) / Double(labels.count)
      }
      metrics.append(ProbeMetric("restart-accuracy-minimum", .single(accuracies.min() ?? 0)))
      metrics.append(ProbeMetric("restart-accuracy-maximum", .single(accuracies.max() ?? 0)))
    }
    if let agreement = Self.agreement(of: predictions) {
      metrics.append(ProbeMetric("restart-agreement", .single(agreement), betterWhen: .higher))
    }
    return metrics
  }

  /// The contrast-consistent loss of each pair for the chosen try.
  func losses(_ sides: (positive: Matrix<Float>, negative: Matrix<Float>)) -> [Double] {
    let loss = ContrastLoss(confidenceTerm: settings.confidenceTerm)
    return (0..<sides.positive.rowCount).map { row in
      loss.value(
        positive: Double(sides.positive[row, selectedTry]),
        negative: Double(sides.negative[row, selectedTry]))
    }
  }

  /// The mean over pairs of tries of the share of samples on which the two agree, up to sign.
  private static func agreement(of predictions: [[Bool]]) -> Double? {
    guard predictions.count > 1, let sampleCount = predictions.first?.count, sampleCount > 0 else {
      return nil
    }
    var total = 0.0
    var comparisonCount = 0.0
    for first in predictions.indices {
      for second in (first + 1)..<predictions.count {
        let same = zip(predictions[first], predictions[second]).count { $0 == $1 }
        total += Double(max(same, sampleCount - same)) / Double(sampleCount)
        comparisonCount += 1
      }
    }
    return total / comparisonCount
  }
}
