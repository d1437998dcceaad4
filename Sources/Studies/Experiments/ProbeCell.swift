public import Evaluation
public import Probes

/// Everything that one fitted method measured at one layer on one test side.
public struct ProbeCell: Sendable {
  /// The method's identifier.
  public let method: String
  /// The variant of the method, where its settings are those of one.
  public let variant: String?
  /// The layer.
  public let layer: Int
  /// The fold, where there are several cuts.
  public let fold: String?
  /// The dump that was measured.
  public let dump: String
  /// The dump that the method was fitted on, where it is another one.
  public let trainDump: String?
  /// The fitted method; `nil` if the training data determine no direction.
  public let fitted: (any FittedProbe)?
  /// The metrics of the method.
  public internal(set) var measurements: [Measurement]
  /// The metrics of its controls.
  public internal(set) var controls: [ControlMeasurement]
  /// What the fit and the scores say about how far to trust them.
  public internal(set) var flags: [Flag]
  /// The scored samples.
  public let scores: ProbeScores

  /// The method, or the variant of it.
  public var name: MethodName { MethodName(method, variant: variant) }

  /// Those flags that are about the data, and so hold for controls, too.
  var dataFlags: [Flag] {
    flags.filter { ["constant-layer", "duplicated-rows", "leaking-split"].contains($0.name) }
  }

  /// The measurement of a metric.
  ///
  /// - Parameter metric: A metric's name.
  /// - Returns: `nil` if the cell does not have it.
  public func measurement(_ metric: String) -> Measurement? {
    measurements.first { $0.metric == metric }
  }

  /// The measurement of a control.
  ///
  /// - Parameters:
  ///   - control: A control's name.
  ///   - metric: A metric's name.
  /// - Returns: `nil` if the control was not run.
  public func control(_ control: String, metric: String) -> Measurement? {
    controls.first { $0.control == control && $0.measurement.metric == metric }?.measurement
  }

  /// Accuracy, or folded accuracy if the sign is not known; `nil` without labels.
  public var accuracy: Measurement? {
    measurement(Accuracy.identifier) ?? measurement(Accuracy.foldedIdentifier)
  }

  /// Area under the ROC curve, folded if the sign is not known; `nil` without labels.
  public var areaUnderROC: Measurement? {
    measurement(AreaUnderROC.identifier) ?? measurement(AreaUnderROC.foldedIdentifier)
  }
}

/// A number that belongs to a control rather than to the method itself.
public struct ControlMeasurement: Sendable, Equatable {
  /// The control's name.
  public let control: String
  /// The method that the control ran, where it is another one.
  public let method: String?
  /// The category or attribute that the number is about.
  public let category: String?
  /// The number.
  public let measurement: Measurement
}

/// The scores of a fitted method on some samples.
public struct ProbeScores: Sendable, Equatable {
  /// Sample numbers in the dump.
  public let samples: [Int]
  /// One score a sample, higher for label 1.
  public let scores: [Double]
  /// Scores above this say label 1.
  public let threshold: Double
  /// Whether the sign is known.
  public let isOriented: Bool
  /// The true classes, where the dump has labels.
  public let labels: [Bool]?
  /// The groups of the samples.
  public let groups: Grouping

  /// What the scores say.
  public var predictions: [Bool] { scores.map { $0 > threshold } }

  /// Whether turning every prediction round would make more of them right.
  public var isInverted: Bool {
    guard !isOriented, let labels, !labels.isEmpty else { return false }
    let rightCount = zip(predictions, labels).count { $0 == $1 }
    return 2 * rightCount < labels.count
  }

  /// The samples that the method is most confidently wrong about, the worst first.
  ///
  /// With an unknown sign, "wrong" is under the better of the two. A score at the threshold says
  /// nothing and is left out.
  ///
  /// - Parameter count: How many to return at most.
  /// - Returns: Positions in ``samples``.
  public func worst(_ count: Int) -> [Int] {
    guard let labels else { return [] }
    let inverted = isInverted
    let predictions = predictions
    let wrong = samples.indices.filter {
      (predictions[$0] != inverted) != labels[$0] && abs(scores[$0] - threshold) > 1e-6
    }
    let ordered = wrong.sorted { first, second in
      let margins = (abs(scores[first] - threshold), abs(scores[second] - threshold))
      return margins.0 == margins.1 ? first < second : margins.0 > margins.1
    }
    return Array(ordered.prefix(count))
  }
}
