public import Activations
public import LinearAlgebra

extension PolarityAwareCCS {
  /// Fits the probe, as ``Probe/fit(_:seed:layer:)`` says.
  ///
  /// - Parameters:
  ///   - data: The raw training activations.
  ///   - seed: The seed of the run.
  ///   - layer: The layer's number.
  /// - Returns: The fitted probe.
  /// - Throws: ``ProbeError`` if the data cannot be fitted, such as
  ///   ``ProbeError/missingOpposites(method:missing:count:first:)`` or, where labels are needed,
  ///   ``ProbeError/invalidSetting(method:name:value:expected:)``.
  public func fit(_ data: consuming ProbeData, seed: UInt64, layer: Int) throws(ProbeError)
    -> FittedPolarityAwareCCS
  {
    try fit(data, seed: seed, layer: layer, initialNetwork: nil)
  }

  /// Fits from given starting weights, to reproduce another implementation's run.
  ///
  /// - Parameters:
  ///   - pairs: The raw training pairs with their opposites.
  ///   - initialWeights: One start a row, (tries, d + 1), the bias last.
  /// - Returns: The fitted probe.
  /// - Throws: ``ProbeError`` if the pairs cannot be fitted or the weights have another shape.
  public func fit(_ pairs: consuming ContrastPairs, initialWeights: Matrix<Float>)
    throws(ProbeError) -> FittedPolarityAwareCCS
  {
    let network = try search.initialNetwork(
      weights: initialWeights, width: pairs.width, method: Self.identifier)
    return try fit(.pairs(pairs), seed: 0, layer: 0, initialNetwork: network)
  }

  private func fit(
    _ data: consuming ProbeData, seed: UInt64, layer: Int, initialNetwork: ProbeNetwork?
  ) throws(ProbeError) -> FittedPolarityAwareCCS {
    try Self.check(data, minimumCount: 2)
    try validate(pairCount: data.sampleCount)
    let labels = try labelsToLearnFrom(in: data)
    guard case .pairs(let pairs) = consume data else {
      preconditionFailure("check lets pairs only")
    }
    try OppositePairs.requireOpposites(of: pairs)
    let (statistics, normalized) = try search.normalize(pairs)
    var trained = normalized
    let offset = doubleCentering == .off ? 0 : try Self.center(&trained)
    var fitted = try search.search(
      trained, normalization: statistics, labelTerm: labels.flatMap(labelTerm), seed: seed,
      layer: layer, initialNetwork: initialNetwork, method: Self.identifier)
    if let labels {
      // By the activations as they will be scored, not as they were trained on.
      try fitted.orient(orientation, normalizedPairs: normalized, labels: labels)
    }
    return FittedPolarityAwareCCS(settings: self, search: fitted, trainingOffset: offset)
  }

  private func validate(pairCount: Int) throws(ProbeError) {
    try search.validate(pairCount: pairCount, method: Self.identifier)
    guard labelWeight >= 0, labelWeight.isFinite else {
      throw .invalidSetting(
        method: Self.identifier, name: "labelWeight", value: "\(labelWeight)",
        expected: "0 or a positive number")
    }
  }

  /// The training labels, if a setting asks for them.
  private func labelsToLearnFrom(in data: borrowing ProbeData) throws(ProbeError) -> [Int]? {
    let asking = [
      (labelWeight > 0, "labelWeight", "\(labelWeight)", "0"),
      (orientation != .unresolved, "orientation", orientation.rawValue, "unresolved"),
    ].first { $0.0 }
    guard let (_, name, value, alternative) = asking else { return nil }
    guard data.labels != nil else {
      throw .invalidSetting(
        method: Self.identifier, name: name, value: value,
        expected:
          "\(alternative) for samples without labels; add the role labels to learn from them")
    }
    return try Self.binaryLabels(of: data)
  }

  /// The label term, whose targets are those of the belief that the positive side is true.
  private func labelTerm(_ labels: [Int]) -> LabelTerm? {
    guard labelWeight > 0 else { return nil }
    let positive = ensembleThreshold == .positiveBelowHalf ? 1 : 0
    return LabelTerm(weight: labelWeight, targets: labels.map { $0 == positive ? 1 : 0 })
  }
}
