public import Activations
public import LinearAlgebra
internal import Optimization

extension ContrastConsistentSearch {
  /// Fits the probe, as ``Probe/fit(_:seed:layer:)`` says.
  ///
  /// - Parameters:
  ///   - data: The raw training activations.
  ///   - seed: The seed of the run.
  ///   - layer: The layer's number.
  /// - Returns: The fitted probe.
  /// - Throws: ``ProbeError`` if the data cannot be fitted.
  public func fit(_ data: consuming ProbeData, seed: UInt64, layer: Int) throws(ProbeError)
    -> FittedContrastConsistentSearch
  {
    try fit(data, seed: seed, layer: layer, initialNetwork: nil)
  }

  /// Fits from given starting weights, to reproduce another implementation's run.
  ///
  /// - Parameters:
  ///   - pairs: The raw training pairs.
  ///   - initialWeights: One start a row, (tries, d + 1), the bias last. Linear probes only.
  ///   - seed: The seed of the run, which names only the order of minibatches here.
  ///   - layer: The layer's number.
  /// - Returns: The fitted probe.
  /// - Throws: ``ProbeError`` if the pairs cannot be fitted or the weights have another shape.
  public func fit(
    _ pairs: consuming ContrastPairs, initialWeights: Matrix<Float>, seed: UInt64 = 0,
    layer: Int = 0
  ) throws(ProbeError) -> FittedContrastConsistentSearch {
    let network = try initialNetwork(
      weights: initialWeights, width: pairs.width, method: Self.identifier)
    return try fit(.pairs(pairs), seed: seed, layer: layer, initialNetwork: network)
  }

  private func fit(
    _ data: consuming ProbeData, seed: UInt64, layer: Int, initialNetwork: ProbeNetwork?
  ) throws(ProbeError) -> FittedContrastConsistentSearch {
    try Self.check(data, minimumCount: 2)
    try validate(pairCount: data.sampleCount, method: Self.identifier)
    let labels = orientation == .unresolved ? nil : try Self.binaryLabels(of: data)
    guard case .pairs(let pairs) = consume data else {
      preconditionFailure("check lets pairs only")
    }
    let (statistics, normalized) = try normalize(pairs)
    var fitted = try search(
      normalized, normalization: statistics, seed: seed, layer: layer,
      initialNetwork: initialNetwork, method: Self.identifier)
    if let labels { try fitted.orient(orientation, normalizedPairs: normalized, labels: labels) }
    return fitted
  }

  /// Learns the normalisation of training pairs, and applies it to them.
  func normalize(_ pairs: consuming ContrastPairs) throws(ProbeError) -> (
    FittedNormalization, ContrastPairs
  ) {
    do throws(ActivationsError) {
      let statistics = try normalization.fit(pairs)
      try statistics.apply(to: &pairs)
      return (statistics, pairs)
    } catch {
      throw .activations(error)
    }
  }

  /// Trains every try on normalised pairs and chooses one; the sign is still open.
  ///
  /// - Parameters:
  ///   - pairs: The training pairs as the trainer sees them.
  ///   - normalization: What scoring applies to raw pairs.
  ///   - labelTerm: What labels add to the loss, for methods that learn from them.
  ///   - seed: The seed of the run.
  ///   - layer: The layer's number.
  ///   - initialNetwork: Given starting weights; drawn if `nil`.
  ///   - method: The name for errors of the method that is fitted.
  /// - Returns: The fitted probe.
  /// - Throws: ``ProbeError`` if there is no start, or no try ended with a finite loss.
  func search(
    _ pairs: ContrastPairs, normalization: FittedNormalization, labelTerm: LabelTerm? = nil,
    seed: UInt64, layer: Int, initialNetwork: ProbeNetwork? = nil, method: String
  ) throws(ProbeError) -> FittedContrastConsistentSearch {
    let start: ProbeNetwork
    if let initialNetwork {
      start = initialNetwork
    } else {
      start = try self.initialNetwork(pairs, seed: seed, layer: layer)
    }
    let loss = ContrastLoss(confidenceTerm: confidenceTerm, labelTerm: labelTerm)
    let network: ProbeNetwork
    var lastBatchLosses: [Double] = []
    var minimizations: [Minimization] = []
    switch optimizer {
    case .adamW:
      (network, lastBatchLosses) = train(start, loss, pairs, seed: seed, layer: layer)
    case .lbfgs:
      precondition(labelTerm == nil, "L-BFGS knows no label term")
      (network, minimizations) = try minimize(start, pairs)
    }
    func losses(_ loss: ContrastLoss) -> [Double] {
      ContrastTrainer.losses(
        loss, network: network, positive: pairs.positive, negative: pairs.negative,
        rows: 0..<pairs.count)
    }
    // The reported loss is that of the pairs alone, which has a baseline and is measured without labels.
    let trainingLosses = losses(loss.withoutLabels)
    let minimized = labelTerm == nil ? trainingLosses : losses(loss)
    let selection = lossSelection == .preStepLastBatch ? lastBatchLosses : minimized
    // A try that diverged can neither be chosen nor saved; how many there were is remembered.
    let finite = network.finiteTries.filter {
      trainingLosses[$0].isFinite && selection[$0].isFinite
    }
    guard let best = finite.indices.min(by: { selection[finite[$0]] < selection[finite[$1]] })
    else {
      throw .everyTryDiverged(method: method, tries: network.tryCount)
    }
    return FittedContrastConsistentSearch(
      settings: self, normalization: normalization, network: network.selecting(tries: finite),
      selectedTry: best, trainingLosses: finite.map { trainingLosses[$0] },
      selectionLosses: finite.map { selection[$0] },
      divergedTryCount: network.tryCount - finite.count, trainingCount: pairs.count,
      minimizations: minimizations.isEmpty ? [] : finite.map { minimizations[$0] })
  }

  /// Trains every try by AdamW.
  ///
  /// With minibatches each try visits the pairs in an order of its own, drawn once,
  /// so the tries are trained one after another; with the full batch they share every product.
  private func train(
    _ network: ProbeNetwork, _ loss: ContrastLoss, _ pairs: ContrastPairs, seed: UInt64, layer: Int
  ) -> (network: ProbeNetwork, lastBatchLosses: [Double]) {
    let trainer = ContrastTrainer(
      optimizer: AdamW(learningRate: learningRate, weightDecay: weightDecay), loss: loss,
      epochCount: epochs, decaysBias: biasDecay)
    let batches = batches(pairCount: pairs.count)
    if batches == [0..<pairs.count] {
      let outcome = trainer.train(
        network, positive: pairs.positive, negative: pairs.negative, batches: batches)
      return (outcome.network, outcome.lastBatchLosses)
    }
    precondition(loss.labelTerm == nil, "a label term knows the pairs by their place")
    let outcomes = (0..<network.tryCount).map { attempt in
      var generator = SeededGenerator(
        seed: seed, stream: RandomPurpose.batchOrder.rawValue, UInt64(layer), UInt64(attempt))
      let order = generator.permutation(count: pairs.count)
      return trainer.train(
        network.selecting(tries: [attempt]), positive: pairs.positive.selectingRows(order),
        negative: pairs.negative.selectingRows(order), batches: batches)
    }
    return (.stacking(outcomes.map(\.network)), outcomes.flatMap(\.lastBatchLosses))
  }
}
