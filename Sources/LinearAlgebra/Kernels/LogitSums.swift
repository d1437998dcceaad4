internal import CArrayKernels
internal import RealModule

/// What the softmax of one token's logits z is judged by: sums over the vocabulary, from one pass.
///
/// With m the largest logit and e = exp(z − m), so that nothing overflows. A logit of −∞ is a token that cannot
/// come: it adds nothing, and is not counted.
public struct LogitSums: Sendable, Equatable {
  /// m, the largest logit; −∞ if every logit is.
  public let largest: Double
  /// The largest logit but one, which is m again where two tokens share it; −∞ if there is no other.
  public let second: Double
  /// Σ e.
  public let total: Double
  /// Σ e (z − m).
  public let weighted: Double
  /// Σ e², Σ e³ and Σ e⁴; `nil` if they were not asked for.
  public let powers: Powers?
  /// Σ z over the finite logits.
  public let finiteSum: Double
  /// How many logits are finite.
  public let finiteCount: Int

  /// Sums of powers of e.
  public struct Powers: Sendable, Equatable {
    /// Σ e².
    public let squares: Double
    /// Σ e³.
    public let cubes: Double
    /// Σ e⁴.
    public let fourths: Double
  }

  /// log Σ exp z.
  public var logarithm: Double { largest + .log(total) }

  /// Adds up stored logits, at the speed of memory where the processor has AVX-512 or AVX2.
  ///
  /// Exponentials are float32: sums are within about 2 · 10⁻⁶ of their size.
  ///
  /// - Parameters:
  ///   - bytes: The logits of one token side by side, in the machine's byte order, at any alignment.
  ///   - element: What the bytes hold: float16, bfloat16 or float32.
  ///   - includingPowers: Whether to add up the powers too, which takes a quarter longer.
  /// - Throws: ``LinearAlgebraError/nonFinite(row:column:)`` with the first NaN or +∞ as its column.
  /// - Complexity: One exponential a logit.
  public init(
    of bytes: RawSpan, element: Widening.Element, includingPowers: Bool = false
  ) throws(LinearAlgebraError) {
    try self.init(of: bytes, element: element, includingPowers: includingPowers, form: .automatic)
  }

  /// The same by a chosen form.
  package init(
    of bytes: RawSpan, element: Widening.Element, includingPowers: Bool, form: KernelForm
  ) throws(LinearAlgebraError) {
    let code: array_element
    switch element {
    case .float16: code = array_element_float16
    case .bfloat16: code = array_element_bfloat16
    case .float32: code = array_element_float32
    default: preconditionFailure("logits in \(element.rawValue) have to be widened first")
    }
    let count = bytes.byteCount / element.byteCount
    var sums = array_kernels_logit_sums()
    let choice =
      switch form {
      case .automatic: array_kernels_widest
      case .portable: array_kernels_portable
      case .narrow: array_kernels_avx2
      }
    // The kernel reads `count` elements, which the bytes hold, at any alignment.
    let place = unsafe bytes.withUnsafeBytes { from in
      guard let start = from.baseAddress, count > 0 else {
        sums.largest = -.infinity
        sums.second = -.infinity
        return -1
      }
      return unsafe array_kernels_logit_sums(
        Int32(code.rawValue), start, count, includingPowers ? 1 : 0, &sums, Int32(choice.rawValue))
    }
    guard place < 0 else { throw .nonFinite(row: 0, column: place) }
    largest = sums.largest
    second = sums.second
    total = sums.total
    weighted = sums.weighted
    powers =
      includingPowers
      ? Powers(squares: sums.squares, cubes: sums.cubes, fourths: sums.fourths) : nil
    finiteSum = sums.finite_sum
    finiteCount = sums.finite_count
  }

  /// Adds up logits in float64.
  ///
  /// - Parameter logits: One a token of the vocabulary.
  /// - Throws: ``LinearAlgebraError/nonFinite(row:column:)`` with the first NaN or +∞ as its column.
  public init(of logits: Span<Double>) throws(LinearAlgebraError) {
    var (first, second) = (-Double.infinity, -Double.infinity)
    for place in logits.indices {
      let z = logits[place]
      guard z < .infinity else { throw .nonFinite(row: 0, column: place) }
      if z > first {
        (first, second) = (z, first)
      } else if z > second {
        second = z
      }
    }
    var (total, weighted, finiteSum, finiteCount) = (0.0, 0.0, 0.0, 0)
    var (squares, cubes, fourths) = (0.0, 0.0, 0.0)
    for place in logits.indices where logits[place] > -.infinity {
      let e = Double.exp(logits[place] - first)
      total += e
      weighted += e * (logits[place] - first)
      squares += e * e
      cubes += e * e * e
      fourths += e * e * (e * e)
      finiteSum += logits[place]
      finiteCount += 1
    }
    largest = first
    self.second = second
    self.total = total
    self.weighted = weighted
    powers = Powers(squares: squares, cubes: cubes, fourths: fourths)
    self.finiteSum = finiteSum
    self.finiteCount = finiteCount
  }
}
