import RealModule

/// The regularised incomplete beta function where one shape is one half, as Student's *t* needs it.
enum IncompleteBeta {
  /// Returns I_x(ν/2, 1/2) and its complement, both without cancellation.
  ///
  /// Lentz's evaluation of the continued fraction DLMF 8.17.22, on whichever side converges fast.
  ///
  /// - Parameters:
  ///   - x: Where to evaluate, between 0 and 1.
  ///   - complement: 1 − x, given apart so that neither loses digits.
  ///   - degreesOfFreedom: ν.
  /// - Returns: The function and its complement.
  static func halfShape(
    _ x: Double, complement: Double, _ degreesOfFreedom: Double
  ) -> (tail: Double, center: Double) {
    if x <= 0 { return (0, 1) }
    if complement <= 0 { return (1, 0) }
    let shape = 0.5 * degreesOfFreedom
    // x^a (1 − x)^b / B(a, b), where B(a, 1/2) = √π Γ(a) / Γ(a + 1/2).
    let logarithm =
      complement < 0.5 ? Double.log(onePlus: -complement) : Double.log(x)
    let front =
      Double.exp(shape * logarithm) * complement.squareRoot()
      * gammaRatio(shape) / Double.pi.squareRoot()
    if x < (shape + 1) / (shape + 2.5) {
      let tail = front * continuedFraction(x, shape, 0.5) / shape
      return (tail, 1 - tail)
    }
    let center = front * continuedFraction(complement, 0.5, shape) / 0.5
    return (1 - center, center)
  }

  /// Returns Γ(a + 1/2) / Γ(a).
  ///
  /// The recurrence raises *a* to 60, where the asymptotic series (Tricomi & Erdélyi 1951; DLMF 5.11.13)
  /// has an error below 1e−16.
  static func gammaRatio(_ a: Double) -> Double {
    var factor = 1.0
    var raised = a
    while raised < 60 {
      factor *= raised / (raised + 0.5)
      raised += 1
    }
    let inverse = 1 / raised
    var series = -399.0 / 262_144
    for coefficient in [-21.0 / 32_768, 5.0 / 1024, 1.0 / 128, -1.0 / 8, 1.0] {
      series = series * inverse + coefficient
    }
    return factor * raised.squareRoot() * series
  }

  private static func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let smallest = 1e-300
    var c = 1.0
    var d = 1 - (a + b) * x / (a + 1)
    d = 1 / (abs(d) < smallest ? smallest : d)
    var result = d
    for term in 1...10_000 {
      let m = Double(term)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 + even * d
      d = 1 / (abs(d) < smallest ? smallest : d)
      c = 1 + even / c
      if abs(c) < smallest { c = smallest }
      result *= c * d
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 + odd * d
      d = 1 / (abs(d) < smallest ? smallest : d)
      c = 1 + odd / c
      if abs(c) < smallest { c = smallest }
      let factor = c * d
      result *= factor
      if abs(factor - 1) < 2e-16 { break }
    }
    return result
  }
}
