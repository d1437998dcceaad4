import RealModule

/// Student's *t* distribution.
public enum StudentDistribution {
  /// Returns the chance of a value at most `t`.
  ///
  /// Relative error below 1e−12 in the lower tail.
  ///
  /// - Parameters:
  ///   - t: Any number.
  ///   - degreesOfFreedom: The degrees of freedom, positive; they need not be whole.
  /// - Returns: A chance between 0 and 1.
  public static func cumulative(_ t: Double, degreesOfFreedom: Double) -> Double {
    let tail = upperTail(abs(t), degreesOfFreedom: degreesOfFreedom)
    return t > 0 ? 1 - tail : tail
  }

  /// Returns the value that a share `p` of the distribution does not exceed.
  ///
  /// Relative error below 1e−12 where the result fits a `Double`; the root of the cumulative
  /// distribution by Newton's method inside a shrinking bracket.
  ///
  /// - Parameters:
  ///   - p: A chance strictly between 0 and 1.
  ///   - degreesOfFreedom: The degrees of freedom, positive; they need not be whole.
  /// - Returns: The quantile.
  public static func quantile(_ p: Double, degreesOfFreedom: Double) -> Double {
    precondition(p > 0 && p < 1, "a quantile needs a chance strictly between 0 and 1, got \(p)")
    precondition(
      degreesOfFreedom > 0, "degrees of freedom must be positive, got \(degreesOfFreedom)")
    if p == 0.5 { return 0 }
    let tail = min(p, 1 - p)
    let magnitude =
      tail > 0.25
      ? solve(p < 0.5 ? 0.5 - p : p - 0.5, degreesOfFreedom, start: 0.5) { (t) in
        centralHalf(t, degreesOfFreedom: degreesOfFreedom)
      }
      : solve(-tail, degreesOfFreedom, start: -NormalDistribution.quantile(tail)) { (t) in
        -upperTail(t, degreesOfFreedom: degreesOfFreedom)
      }
    return p < 0.5 ? -magnitude : magnitude
  }

  /// Finds the positive `t` at which an increasing function with the density as its slope takes a value.
  private static func solve(
    _ target: Double, _ degreesOfFreedom: Double, start: Double, _ function: (Double) -> Double
  ) -> Double {
    var lower = 0.0
    var upper = start
    while function(upper) < target, upper < 1e300 {
      lower = upper
      upper *= 2
    }
    var t = 0.5 * (lower + upper)
    for _ in 0..<200 {
      let difference = function(t) - target
      if difference < 0 { lower = t } else { upper = t }
      // In the logarithm of the tail, in which the far tail is nearly straight.
      let slope = density(t, degreesOfFreedom: degreesOfFreedom)
      var step = difference / slope
      if target < 0, target + difference < 0 {
        step = Double.log(onePlus: difference / target) * (target + difference) / slope
      }
      var next = t - step
      if !(next > lower && next < upper) { next = 0.5 * (lower + upper) }
      if abs(next - t) <= 2 * next.ulp { return next }
      t = next
    }
    return t
  }

  /// P(T > t) for t ≥ 0.
  private static func upperTail(_ t: Double, degreesOfFreedom: Double) -> Double {
    if degreesOfFreedom > largeDegrees {
      return NormalDistribution.cumulative(-equivalentNormal(t, degreesOfFreedom))
    }
    let squared = t * t
    if squared.isInfinite { return 0 }
    let inTail = degreesOfFreedom / (degreesOfFreedom + squared)
    return 0.5
      * IncompleteBeta.halfShape(
        inTail, complement: squared / (degreesOfFreedom + squared), degreesOfFreedom
      ).tail
  }

  /// P(0 < T < t) for t ≥ 0.
  private static func centralHalf(_ t: Double, degreesOfFreedom: Double) -> Double {
    if degreesOfFreedom > largeDegrees {
      return 0.5 * Double.erf(equivalentNormal(t, degreesOfFreedom) * 0.5.squareRoot())
    }
    let squared = t * t
    return 0.5
      * IncompleteBeta.halfShape(
        degreesOfFreedom / (degreesOfFreedom + squared),
        complement: squared / (degreesOfFreedom + squared), degreesOfFreedom
      ).center
  }

  /// The degrees of freedom from which the continued fraction loses digits and ``equivalentNormal`` has
  /// no error that shows.
  private static let largeDegrees = 1e4

  /// The normal deviate with the same tail: Hill (1970), algorithm 395, doi:10.1145/355598.355599.
  private static func equivalentNormal(_ t: Double, _ degreesOfFreedom: Double) -> Double {
    let a = degreesOfFreedom - 0.5
    let b = 48 * a * a
    let w = (a * Double.log(onePlus: t * t / degreesOfFreedom)).squareRoot()
    let squared = w * w
    let second = ((4 * squared + 33) * squared + 240) * squared + 855
    let fourth = 0.8 * squared * squared + 100 + b
    return w + w * ((squared + 3) - second / (10 * fourth)) / b
  }

  private static func density(_ t: Double, degreesOfFreedom: Double) -> Double {
    let exponent = -0.5 * (degreesOfFreedom + 1) * Double.log(onePlus: t * t / degreesOfFreedom)
    return Double.exp(exponent) * IncompleteBeta.gammaRatio(0.5 * degreesOfFreedom)
      / (Double.pi * degreesOfFreedom).squareRoot()
  }
}
