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
    let width = pairs.width
    guard probe == .linear, initialWeights.rowCount == tries,
      initialWeights.columnCount == width + 1
    else {
      throw .invalidSetting(
        method: Self.identifier, name: "initialWeights",
        value: "of shape (\(initialWeights.rowCount), \(initialWeights.columnCount))",
        expected: "shape (\(tries), \(width + 1)) for a linear probe, the bias last")
    }
    let network = ProbeNetwork(
      architecture: .linear, tryCount: tries, width: width,
      parameters: [
        Matrix(initialWeights.view.columns(0..<width)),
        Matrix(rowCount: 1, columnCount: tries, elements: initialWeights.column(width)),
      ])
    return try fit(.pairs(pairs), seed: seed, layer: layer, initialNetwork: network)
  }

  private func fit(
    _ data: consuming ProbeData, seed: UInt64, layer: Int, initialNetwork: ProbeNetwork?
  ) throws(ProbeError) -> FittedContrastConsistentSearch {
    try Self.check(data, minimumCount: 2)
    try validate(pairCount: data.sampleCount)
    let labels = orientation == .unresolved ? nil : try Self.binaryLabels(of: data)
    guard case .pairs(var pairs) = consume data else {
      preconditionFailure("check lets pairs only")
    }
    let statistics: FittedNormalization
    do throws(ActivationsError) {
      statistics = try normalization.fit(pairs)
      try statistics.apply(to: &pairs)
    } catch {
      throw .activations(error)
    }
    let start: ProbeNetwork
    if let initialNetwork {
      start = initialNetwork
    } else {
      start = try self.initialNetwork(pairs, seed: seed, layer: layer)
    }
    let (network, lastBatchLosses) = train(start, pairs, seed: seed, layer: layer)
    let loss = ContrastLoss(confidenceTerm: confidenceTerm)
    let trainingLosses = ContrastTrainer.losses(
      loss, network: network, positive: pairs.positive, negative: pairs.negative,
      rows: 0..<pairs.count)
    let selection = lossSelection == .preStepLastBatch ? lastBatchLosses : trainingLosses
    // A try that diverged can neither be chosen nor saved; how many there were is remembered.
    let finite = network.finiteTries.filter {
      trainingLosses[$0].isFinite && selection[$0].isFinite
    }
    guard let best = finite.indices.min(by: { selection[finite[$0]] < selection[finite[$1]] })
    else {
      throw .everyTryDiverged(method: Self.identifier, tries: network.tryCount)
    }
    var fitted = FittedContrastConsistentSearch(
      settings: self, normalization: statistics, network: network.selecting(tries: finite),
      selectedTry: best, trainingLosses: finite.map { trainingLosses[$0] },
      selectionLosses: finite.map { selection[$0] },
      divergedTryCount: network.tryCount - finite.count, trainingCount: pairs.count)
    if let labels { try fitted.orient(orientation, normalizedPairs: pairs, labels: labels) }
    return fitted
  }

  /// Trains every try.
  ///
  /// With minibatches each try visits the pairs in an order of its own, drawn once,
  /// so the tries are trained one after another; with the full batch they share every product.
  private func train(
    _ network: ProbeNetwork, _ pairs: ContrastPairs, seed: UInt64, layer: Int
  ) -> (network: ProbeNetwork, lastBatchLosses: [Double]) {
    let trainer = ContrastTrainer(
      optimizer: AdamW(learningRate: learningRate, weightDecay: weightDecay),
      loss: ContrastLoss(confidenceTerm: confidenceTerm), epochCount: epochs,
      decaysBias: biasDecay)
    let batches = batches(pairCount: pairs.count)
    if batches == [0..<pairs.count] {
      let outcome = trainer.train(
        network, positive: pairs.positive, negative: pairs.negative, batches: batches)
      return (outcome.network, outcome.lastBatchLosses)
    }
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
