public import Activations
public import Evaluation
public import Optimization
internal import RealModule

/// A fitted logistic regression on normalised features: the score is the logit of label 1.
public struct FittedLogisticProbe: FittedProbe {
  /// C of the fit; lower is a stronger penalty.
  public let inversePenalty: Double
  /// The mean loss over the training samples, in nats, weighted as the fit was.
  public let trainingLoss: Double
  /// How many samples the probe was trained on.
  public let trainingCount: Int
  /// The share of label 1 among them.
  public let trainingShare: Double
  /// How much the samples of each class count.
  public let classWeight: LogisticRegression.ClassWeight
  private let linear: FittedLinearProbe

  init(
    _ fitted: FittedLogisticRegression, labels: [Int], classWeight: LogisticRegression.ClassWeight,
    normalization: FittedNormalization, flags: [Flag]
  ) {
    inversePenalty = fitted.penalty.inverse(rowCount: labels.count)
    trainingLoss = fitted.meanLoss
    trainingCount = labels.count
    trainingShare = Double(labels.count { $0 == 1 }) / Double(labels.count)
    self.classWeight = classWeight
    linear = FittedLinearProbe(
      direction: fitted.weights, threshold: -fitted.intercept, isOriented: true,
      normalization: normalization, flags: flags)
  }

  /// Even odds.
  public var threshold: Double { 0 }
  /// Labels settle the sign.
  public var isOriented: Bool { true }
  /// What was remarkable about the fit.
  public var flags: [Flag] { linear.flags }
  /// One weight a feature.
  public var direction: [Double] { linear.direction }
  /// The logit where all normalised features are 0.
  public var intercept: Double { -linear.threshold }
  /// The training statistics that scoring applies.
  public var normalization: FittedNormalization { linear.normalization }

  /// One logit of label 1 a sample.
  ///
  /// - Parameter data: Raw activations, normalised here by the training statistics.
  /// - Returns: One finite score a sample.
  /// - Throws: ``ProbeError`` if the data do not fit the probe.
  public func scores(_ data: consuming ProbeData) throws(ProbeError) -> [Double] {
    try linear.scores(data).map { $0 + intercept }
  }

  /// The logistic loss on held-out samples and in training, and the penalty.
  ///
  /// - Parameter data: Raw activations; without labels of 0 and 1 there is no held-out loss.
  /// - Returns: `loss` and `training-loss`, whose chance level is that of the best constant, and
  ///   `inverse-penalty`. Classes that count the same in the fit do so here.
  /// - Throws: ``ProbeError`` if the data do not fit the probe.
  public func metrics(on data: consuming ProbeData) throws(ProbeError) -> [ProbeMetric] {
    var metrics: [ProbeMetric] = []
    if let labels = data.labels, labels.contains(0), labels.contains(1),
      labels.allSatisfy({ $0 == 0 || $0 == 1 })
    {
      let share = Double(labels.count { $0 == 1 }) / Double(labels.count)
      let losses = zip(try scores(data), labels).map { score, label in
        sampleWeight(label, share: share) * LogisticLoss.value(logit: score, label: label)
      }
      metrics.append(
        ProbeMetric(
          MeanLoss.identifier, .perSample(losses), chance: constantLoss(share: share),
          betterWhen: .lower))
    }
    return metrics + [
      ProbeMetric(
        MeanLoss.trainingIdentifier, .training(trainingLoss, count: trainingCount),
        chance: constantLoss(share: trainingShare), betterWhen: .lower),
      ProbeMetric("inverse-penalty", .training(inversePenalty, count: trainingCount)),
    ]
  }

  /// How much a sample counts among samples with a share of label 1; 1 in the mean.
  private func sampleWeight(_ label: Int, share: Double) -> Double {
    classWeight == .none ? 1 : 0.5 / (label == 1 ? share : 1 - share)
  }

  /// The loss of the best constant: the entropy of the classes as they count.
  private func constantLoss(share: Double) -> Double {
    let weighted = classWeight == .none ? share : 0.5
    return -weighted * Double.log(weighted) - (1 - weighted) * Double.log(1 - weighted)
  }
}
