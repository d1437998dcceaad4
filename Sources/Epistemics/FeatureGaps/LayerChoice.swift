internal import Evaluation

/// The layer and the sign that labelled answers choose for a feature, or what one layer had to offer.
public struct LayerChoice: Sendable, Codable, Equatable {
  /// The layer's number.
  public let layer: Int
  /// 1, or −1 where correct answers have lower raw scores.
  public let sign: Double
  /// The probability that a correct answer has a higher signed score than an incorrect one, from .5 to 1.
  public let areaUnderROC: Double
  /// The prediction rejection ratio of the signed score as a confidence, at most 1; layers are chosen by it.
  public let predictionRejectionRatio: Double

  /// What an ignored layer counts as.
  init(ignored layer: Int) {
    self.layer = layer
    sign = 1
    areaUnderROC = 0.5
    predictionRejectionRatio = 0
  }

  fileprivate init(layer: Int, area: Double, predictionRejectionRatio: Double) {
    self.layer = layer
    sign = area < 0.5 ? -1 : 1
    areaUnderROC = max(area, 1 - area)
    self.predictionRejectionRatio = predictionRejectionRatio
  }
}

/// Labels that layers are judged by, with what all layers share computed once.
private struct LayerJudge {
  private let labels: [Bool]
  private let metric: PreparedUncertaintyMetric<PredictionRejectionRatio>

  /// Prepares labels, 1 or 0, both of them present.
  init(labels: [Int]) throws(EvaluationError) {
    self.labels = labels.map { $0 == 1 }
    metric = try PreparedUncertaintyMetric(
      PredictionRejectionRatio(), quality: try PreparedQuality(labels.map { Double($0) }))
  }

  /// What a layer offers by its raw scores of those answers.
  func choice(layer: Int, scores: [Double]) throws(EpistemicsError) -> LayerChoice {
    let area: Double
    let ratio: MeasuredValue
    do throws(EvaluationError) {
      area = try AreaUnderROC.value(scores: scores, labels: labels)
      ratio = try metric.value(uncertainty: area < 0.5 ? scores : scores.map { -$0 })
    } catch {
      throw .evaluation(error)
    }
    guard let value = ratio.finiteValue else {
      throw .undefinedMetric(
        metric: PredictionRejectionRatio.identifier, reason: ratio.flag?.detail ?? "")
    }
    return LayerChoice(layer: layer, area: area, predictionRejectionRatio: value)
  }
}

extension FeatureGaps {
  /// The layers that are read: those that may be chosen, and with ``IgnoredLayers/scoreZero`` layer 0, which
  /// is fallen back on.
  ///
  /// - Throws: ``EpistemicsError/noEligibleLayer(layerCount:ignoredCount:)``.
  func layers(of layerCount: Int) throws(EpistemicsError) -> [Int] {
    guard ignoredLayerCount < layerCount else {
      throw .noEligibleLayer(layerCount: layerCount, ignoredCount: ignoredLayerCount)
    }
    let fallback = ignoredLayers == .scoreZero && ignoredLayerCount > 0 ? [0] : []
    return fallback + Array(ignoredLayerCount..<layerCount)
  }

  /// What each layer offers for each feature.
  ///
  /// - Parameters:
  ///   - scores: Scores of answers at the layers that are read.
  ///   - labels: 1, 0 or −1, one an answer; those of −1 do not count.
  /// - Returns: By feature and place of the layer.
  /// - Throws: ``EpistemicsError/mismatch(what:expected:actual:)``,
  ///   ``EpistemicsError/oneLabel(what:label:count:)``.
  func offers(
    _ scores: LayeredScores, labels: [Int]
  ) throws(EpistemicsError) -> [[LayerChoice]] {
    let attempted = labels.indices.filter { labels[$0] >= 0 }
    let known = attempted.map { labels[$0] }
    try JudgedAnswers.requireBothLabels(known, of: "those that choose layers")
    let judge: LayerJudge
    do throws(EvaluationError) {
      judge = try LayerJudge(labels: known)
    } catch {
      throw .evaluation(error)
    }
    var result: [[LayerChoice]] = []
    for own in scores.values {
      var offers: [LayerChoice] = []
      for (layer, values) in zip(scores.layers, own) {
        guard layer >= ignoredLayerCount, let values else {
          offers.append(LayerChoice(ignored: layer))
          continue
        }
        try requireEqual(values.count, labels.count, "the scores at layer \(layer), one a label,")
        offers.append(
          try judge.choice(layer: layer, scores: attempted.map { values[$0] }))
      }
      result.append(offers)
    }
    return result
  }

  /// The best layer for each feature: the highest prediction rejection ratio, the first of equal ones.
  static func best(_ offers: [[LayerChoice]]) -> [LayerChoice] {
    offers.map { own in
      own.dropFirst().reduce(own[0]) { best, next in
        next.predictionRejectionRatio > best.predictionRejectionRatio ? next : best
      }
    }
  }
}
