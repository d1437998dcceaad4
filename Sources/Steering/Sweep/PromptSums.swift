internal import LinearAlgebra
internal import RealModule

/// What one prompt's softmax sums over the vocabulary, unsteered and at every coefficient.
struct PromptSums: Sendable {
  private var unsteered = SoftmaxSums()
  private var steered: [SoftmaxSums]
  /// Σ exp(z₀ − m₀) (zᵣ − z₀), with the largest unsteered logit m₀.
  private var losses: [Double]

  init(coefficientCount: Int) {
    steered = [SoftmaxSums](repeating: SoftmaxSums(), count: coefficientCount)
    losses = [Double](repeating: 0, count: coefficientCount)
  }

  /// Adds a chunk of tokens.
  mutating func add(
    _ logits: borrowing MovingLogits, count: Int, baseFactor: Float, moves: [Float],
    factors: [Float]
  ) {
    let zeros = [Float](repeating: 0, count: count)
    var reference = zeros
    var target = reference.mutableSpan
    let (chunk, _) = logits.sums(
      coefficient: 0, scale: baseFactor, reference: zeros.span, weights: zeros.span,
      logits: &target)
    var weights = reference.map { $0 - Float(chunk.largest) }
    var exponents = weights.mutableSpan
    Elementwise.exponential(&exponents)
    let before = unsteered.largest
    unsteered.merge(chunk)
    // Weights are relative to the largest logit so far, which this chunk may have raised.
    let kept = before > -.infinity ? exponential(before - unsteered.largest) : 0
    let added = exponential(chunk.largest - unsteered.largest)
    var scratch = zeros
    var room = scratch.mutableSpan
    for place in steered.indices {
      let (sums, loss) = logits.sums(
        coefficient: moves[place], scale: factors[place], reference: reference.span,
        weights: weights.span, logits: &room)
      steered[place].merge(sums)
      losses[place] = losses[place] * kept + loss * added
    }
  }

  /// log Σ exp zᵣ.
  func logarithm(at place: Int) -> Double { steered[place].logarithm }

  /// KL(p₀‖pᵣ): what rounding leaves below 0 is 0.
  func divergence(at place: Int) -> Double {
    max(
      0,
      steered[place].logarithm - unsteered.logarithm - losses[place] / unsteered.total)
  }

  /// KL(pᵣ‖p₀).
  func reverseDivergence(at place: Int) -> Double {
    max(0, steered[place].meanGain - steered[place].logarithm + unsteered.logarithm)
  }
}

private func exponential(_ value: Double) -> Double { .exp(value) }
