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

  /// A chunk of tokens as the unsteered model sees it: what steered logits are compared with.
  struct Chunk: Sendable {
    /// z₀.
    fileprivate let reference: [Float]
    /// exp(z₀ − m), with the largest unsteered logit m of the chunk.
    fileprivate let weights: [Float]
    /// What ``PromptSums/losses`` of earlier chunks, and of this one, are multiplied by, now that the largest logit
    /// of both is known.
    fileprivate let factors: (earlier: Double, own: Double)
    fileprivate let zeros: [Float]
  }

  /// Adds a chunk of unsteered logits.
  mutating func addUnsteered(
    _ logits: borrowing MovingLogits, count: Int, factor: Float
  ) -> Chunk {
    let zeros = [Float](repeating: 0, count: count)
    var reference = zeros
    var target = reference.mutableSpan
    let (sums, _) = logits.sums(
      coefficient: 0, scale: factor, reference: zeros.span, weights: zeros.span, logits: &target)
    var weights = reference.map { $0 - Float(sums.largest) }
    var exponents = weights.mutableSpan
    Elementwise.exponential(&exponents)
    let before = unsteered.largest
    unsteered.merge(sums)
    let factors = (
      earlier: before > -.infinity ? Double.exp(before - unsteered.largest) : 0,
      own: Double.exp(sums.largest - unsteered.largest)
    )
    return Chunk(reference: reference, weights: weights, factors: factors, zeros: zeros)
  }

  /// Adds the same chunk's logits at a coefficient.
  mutating func add(
    _ logits: borrowing MovingLogits, at place: Int, move: Float, factor: Float, chunk: Chunk
  ) {
    var scratch = chunk.zeros
    var room = scratch.mutableSpan
    let (sums, loss) = logits.sums(
      coefficient: move, scale: factor, reference: chunk.reference.span,
      weights: chunk.weights.span, logits: &room)
    steered[place].merge(sums)
    losses[place] = losses[place] * chunk.factors.earlier + loss * chunk.factors.own
  }

  /// log Σ exp z₀.
  var unsteeredLogarithm: Double { unsteered.logarithm }

  /// log Σ exp zᵣ.
  func logarithm(at place: Int) -> Double { steered[place].logarithm }

  /// The mean of zᵣ − z₀ under p₀.
  func meanChange(at place: Int) -> Double { losses[place] / unsteered.total }

  /// KL(p₀‖pᵣ): what rounding leaves below 0 is 0.
  func divergence(at place: Int) -> Double {
    max(
      0,
      steered[place].logarithm - unsteered.logarithm - meanChange(at: place))
  }

  /// KL(pᵣ‖p₀).
  func reverseDivergence(at place: Int) -> Double {
    max(0, steered[place].meanGain - steered[place].logarithm + unsteered.logarithm)
  }
}
