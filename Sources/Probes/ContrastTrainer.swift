internal import Activations
internal import LinearAlgebra
internal import Optimization

/// Minimises the contrast-consistent loss of a network over normalised pairs with AdamW.
///
/// The rows are cut into blocks whose shape depends on the data alone. Each block goes forward and
/// backward while its rows are in cache and gathers a gradient of its own; the gradients are added in
/// block order. So any number of threads gives the same bytes.
///
/// - Complexity: O(epochs · n · d · tries).
struct ContrastTrainer: Sendable {
  let optimizer: AdamW
  let loss: ContrastLoss
  let epochCount: Int
  let decaysBias: Bool

  /// What a training run leaves behind.
  struct Outcome: Sendable {
    var network: ProbeNetwork
    /// The loss of the last batch before the last step, one per try.
    var lastBatchLosses: [Double]
  }

  /// Trains every try of a network on the same batches.
  ///
  /// - Parameters:
  ///   - network: The initial weights.
  ///   - positive: Normalised positive sides (n, d).
  ///   - negative: Normalised negative sides (n, d).
  ///   - batches: Row ranges, visited in order in every epoch.
  /// - Returns: The trained network.
  func train(
    _ network: ProbeNetwork, positive: Matrix<Float>, negative: Matrix<Float>,
    batches: [Range<Int>]
  ) -> Outcome {
    var network = network
    var state = AdamWState(optimizer, for: network.parameters)
    let isDecayed = network.isBias.map { decaysBias || !$0 }
    var plans = batches.map { BatchPlan(rows: $0, network: network) }
    var lastBatchLosses = [Double](repeating: 0, count: network.tryCount)
    for epoch in 0..<epochCount {
      for position in plans.indices {
        let isLast = epoch == epochCount - 1 && position == plans.count - 1
        if isLast {
          lastBatchLosses = Self.losses(
            loss, network: network, positive: positive, negative: negative,
            rows: batches[position])
        }
        plans[position].computeGradient(
          loss: loss, network: network, positive: positive, negative: negative)
        state.step(
          &network.parameters, gradients: plans[position].gradient, isDecayed: isDecayed)
      }
    }
    return Outcome(network: network, lastBatchLosses: lastBatchLosses)
  }

  /// The mean loss of each try over a range of pairs, summed in double precision.
  static func losses(
    _ loss: ContrastLoss, network: ProbeNetwork, positive: Matrix<Float>,
    negative: Matrix<Float>, rows: Range<Int>
  ) -> [Double] {
    let partials = Parallel.map(BlockRange.count(of: rows)) { index in
      let block = BlockRange.range(index, of: rows)
      var sums = [Double](repeating: 0, count: network.tryCount)
      let sides = probabilities(
        network: network, positive: positive.view(rows: block), negative: negative.view(rows: block)
      )
      for row in 0..<block.count {
        for attempt in 0..<network.tryCount {
          let positive = Double(sides.positive[row, attempt])
          let negative = Double(sides.negative[row, attempt])
          sums[attempt] += loss.value(positive: positive, negative: negative)
          if let labelTerm = loss.labelTerm {
            sums[attempt] += labelTerm.value(
              positive: positive, negative: negative, pair: block.lowerBound + row)
          }
        }
      }
      return sums
    }
    return (0..<network.tryCount).map { attempt in
      partials.reduce(0) { $0 + $1[attempt] } / Double(rows.count)
    }
  }

  /// The probabilities that each try gives to each side, (rows, tries).
  static func probabilities(
    network: ProbeNetwork, positive: MatrixView<Float>, negative: MatrixView<Float>
  ) -> (positive: Matrix<Float>, negative: Matrix<Float>) {
    var positivePass = NetworkPass(rowCount: positive.rowCount, network: network)
    var negativePass = NetworkPass(rowCount: negative.rowCount, network: network)
    positivePass.forward(positive, through: network)
    negativePass.forward(negative, through: network)
    positivePass.applySigmoid()
    negativePass.applySigmoid()
    return (positivePass.logits, negativePass.logits)
  }
}

/// How a range of rows is cut into blocks: by its length alone, never by the number of threads.
enum BlockRange {
  private static let smallestBlock = 64
  private static let largestBlock = 512
  private static let preferredBlockCount = 8

  static func count(of rows: Range<Int>) -> Int {
    (rows.count + length(of: rows) - 1) / length(of: rows)
  }

  static func range(_ index: Int, of rows: Range<Int>) -> Range<Int> {
    let start = rows.lowerBound + index * length(of: rows)
    return start..<min(start + length(of: rows), rows.upperBound)
  }

  /// Cuts a block into pieces whose activations, those of both sides, stay in the second-level cache
  /// between the forward and the backward pass.
  static func pieces(of block: Range<Int>, width: Int) -> [Range<Int>] {
    let rowByteCount = max(1, 2 * width * MemoryLayout<Float>.size)
    let length = max(8, (1 << 18) / rowByteCount)
    return stride(from: block.lowerBound, to: block.upperBound, by: length).map {
      $0..<min($0 + length, block.upperBound)
    }
  }

  private static func length(of rows: Range<Int>) -> Int {
    let even = (rows.count + preferredBlockCount - 1) / preferredBlockCount
    return min(max(even, smallestBlock), largestBlock)
  }
}

/// The blocks of one batch with the buffers that each reuses in every epoch.
private struct BatchPlan: Sendable {
  private var blocks: [Block]
  private(set) var gradient: [Matrix<Float>]
  private let rowCount: Int

  init(rows: Range<Int>, network: ProbeNetwork) {
    blocks = (0..<BlockRange.count(of: rows)).map {
      Block(rows: BlockRange.range($0, of: rows), network: network)
    }
    gradient = network.zeroGradient
    rowCount = rows.count
  }

  mutating func computeGradient(
    loss: ContrastLoss, network: ProbeNetwork, positive: Matrix<Float>, negative: Matrix<Float>
  ) {
    let scale = 1 / Float(rowCount)
    Parallel.forEach(in: &blocks) { _, block in
      block.computeGradient(
        loss: loss, scale: scale, network: network, positive: positive, negative: negative)
    }
    for position in gradient.indices {
      gradient[position].fill(0)
      for block in blocks { gradient[position].addElements(of: block.gradient[position]) }
    }
  }
}

/// A block of rows: its forward passes and its share of the gradient.
private struct Block: Sendable {
  let rows: Range<Int>
  private var pieces: [Piece]
  var gradient: [Matrix<Float>]

  init(rows: Range<Int>, network: ProbeNetwork) {
    self.rows = rows
    pieces = BlockRange.pieces(of: rows, width: network.width).map {
      Piece(rows: $0, network: network)
    }
    gradient = network.zeroGradient
  }

  mutating func computeGradient(
    loss: ContrastLoss, scale: Float, network: ProbeNetwork, positive: Matrix<Float>,
    negative: Matrix<Float>
  ) {
    for position in gradient.indices { gradient[position].fill(0) }
    for index in pieces.indices {
      pieces[index].addGradient(
        loss: loss, scale: scale, network: network, positive: positive, negative: negative,
        to: &gradient)
    }
  }
}

private struct Piece: Sendable {
  let rows: Range<Int>
  var positivePass: NetworkPass
  var negativePass: NetworkPass

  init(rows: Range<Int>, network: ProbeNetwork) {
    self.rows = rows
    positivePass = NetworkPass(rowCount: rows.count, network: network)
    negativePass = NetworkPass(rowCount: rows.count, network: network)
  }

  mutating func addGradient(
    loss: ContrastLoss, scale: Float, network: ProbeNetwork, positive: Matrix<Float>,
    negative: Matrix<Float>, to gradient: inout [Matrix<Float>]
  ) {
    positivePass.forward(positive.view(rows: rows), through: network)
    negativePass.forward(negative.view(rows: rows), through: network)
    positivePass.applySigmoid()
    negativePass.applySigmoid()
    Self.replaceProbabilitiesWithSlopes(
      positive: &positivePass.logits, negative: &negativePass.logits, loss: loss, scale: scale,
      firstPair: rows.lowerBound)
    positivePass.accumulateGradient(positive.view(rows: rows), through: network, into: &gradient)
    negativePass.accumulateGradient(negative.view(rows: rows), through: network, into: &gradient)
  }

  private static func replaceProbabilitiesWithSlopes(
    positive: inout Matrix<Float>, negative: inout Matrix<Float>, loss: ContrastLoss, scale: Float,
    firstPair: Int
  ) {
    let tryCount = positive.columnCount
    var positives = positive.mutableSpan
    var negatives = negative.mutableSpan
    // A loop of its own, so that a loss without labels does not ask about them at every element.
    guard let labelTerm = loss.labelTerm else {
      for element in positives.indices {
        let slopes = loss.logitSlopes(positive: positives[element], negative: negatives[element])
        positives[element] = slopes.positive * scale
        negatives[element] = slopes.negative * scale
      }
      return
    }
    for element in positives.indices {
      let (positive, negative) = (positives[element], negatives[element])
      let slopes = loss.logitSlopes(positive: positive, negative: negative)
      let labelSlopes = labelTerm.logitSlopes(
        positive: positive, negative: negative, pair: firstPair + element / tryCount)
      positives[element] = (slopes.positive + labelSlopes.positive) * scale
      negatives[element] = (slopes.negative + labelSlopes.negative) * scale
    }
  }
}
