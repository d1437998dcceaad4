internal import RealModule

/// Sums over the vocabulary from which a divergence follows, a chunk of tokens at a time.
///
/// With δ = z* − z and any number c, KL(P*‖P) = E*[δ − c] + ln E*[e^−(δ − c)]. Where δ varies by no more than 1, the
/// two terms nearly cancel, and the sum is taken as q + (ln(1 + q − a) − (q − a)) with a = E*[δ − c] and
/// q = E*[e^−(δ − c) − 1 + (δ − c)], whose terms are all at least 0. Otherwise log-partition functions are subtracted.
struct DivergenceSums: Sendable {
  /// max z* so far.
  private var idealLargest = -Double.infinity
  /// Σ e^(z* − max z*).
  private var idealTotal = 0.0
  /// Σ e^(z* − max z*) (z* − max z*).
  private var idealMoment = 0.0
  /// Σ e^(z* − max z*) (δ − c).
  private var gain = 0.0
  /// Σ e^(z* − max z*) (e^−(δ − c) − 1 + (δ − c)), as long as δ has varied by no more than 1.
  private var excess = 0.0
  /// max z so far.
  private var largest = -Double.infinity
  /// Σ e^(z − max z).
  private var total = 0.0
  /// c: the mean of δ over the first chunk, so that δ − c is small where δ varies little.
  private var center: Double?
  private var highest = -Double.infinity
  private var lowest = Double.infinity

  /// r, the range of δ.
  var range: Double { max(0, highest - lowest) }

  private var isNarrow: Bool { highest - lowest <= 1 }

  /// Adds a chunk of tokens.
  ///
  /// - Parameters:
  ///   - ideal: z*, finite.
  ///   - differences: δ, finite.
  /// - Complexity: Two exponentials a token; three where δ varies little.
  mutating func add(ideal: Span<Double>, differences: Span<Double>) {
    precondition(ideal.count == differences.count, "\(ideal.count) and \(differences.count) logits")
    guard !ideal.isEmpty else { return }
    let center = center ?? Self.mean(of: differences)
    self.center = center
    var newIdeal = idealLargest
    var newLargest = largest
    for token in ideal.indices {
      newIdeal = max(newIdeal, ideal[token])
      newLargest = max(newLargest, ideal[token] - differences[token])
      highest = max(highest, differences[token])
      lowest = min(lowest, differences[token])
    }
    rescale(ideal: newIdeal, actual: newLargest)
    let isNarrow = isNarrow
    for token in ideal.indices {
      let level = ideal[token] - idealLargest
      let weight = Double.exp(level)
      let step = differences[token] - center
      idealTotal += weight
      idealMoment += weight * level
      gain += weight * step
      total += Double.exp(ideal[token] - differences[token] - largest)
      if isNarrow { excess += weight * Self.exponentialRemainder(step) }
    }
  }

  private static func mean(of values: Span<Double>) -> Double {
    var sum = 0.0
    for place in values.indices { sum += values[place] }
    return sum / Double(values.count)
  }

  /// Makes sums relative to new largest logits.
  private mutating func rescale(ideal: Double, actual: Double) {
    if idealLargest > -.infinity {
      let drop = idealLargest - ideal
      let factor = Double.exp(drop)
      idealMoment = factor * (idealMoment + drop * idealTotal)
      idealTotal *= factor
      gain *= factor
      excess *= factor
      total *= Double.exp(largest - actual)
    }
    idealLargest = ideal
    largest = actual
  }

  /// H(P*).
  var entropy: Double { max(0, .log(idealTotal) - idealMoment / idealTotal) }

  /// KL(P*‖P).
  var divergence: Double {
    let mean = gain / idealTotal
    guard isNarrow else {
      let shift = (idealLargest + .log(idealTotal)) - (largest + .log(total))
      return max(0, mean + (center ?? 0) - shift)
    }
    let share = excess / idealTotal
    let argument = share - mean
    return max(0, share - Self.logarithmRemainder(argument))
  }

  /// e⁻ˣ − 1 + x, with all its digits where x is small.
  private static func exponentialRemainder(_ value: Double) -> Double {
    guard abs(value) < 0.03 else { return Double.expMinusOne(-value) + value }
    // x²/2 − x³/6 + …: what is left out is below 10⁻¹⁵ of it.
    var sum = 0.0
    for order in stride(from: 9.0, through: 3, by: -1) { sum = (1 + sum) * -value / order }
    return (1 + sum) * value * value / 2
  }

  /// x − ln(1 + x), with all its digits where x is small.
  private static func logarithmRemainder(_ value: Double) -> Double {
    guard abs(value) < 0.01 else { return value - Double.log(onePlus: value) }
    // x²/2 − x³/3 + …: what is left out is below 10⁻¹⁵ of it.
    var sum = 0.0
    for order in stride(from: 10.0, through: 2, by: -1) { sum = 1 / order - value * sum }
    return sum * value * value
  }
}
