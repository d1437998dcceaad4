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
    let squared = t * t
    return 0.5
      * IncompleteBeta.halfShape(
        degreesOfFreedom / (degreesOfFreedom + squared),
        complement: squared / (degreesOfFreedom + squared), degreesOfFreedom
      ).centre
  }

  private static func density(_ t: Double, degreesOfFreedom: Double) -> Double {
    let exponent = -0.5 * (degreesOfFreedom + 1) * Double.log(onePlus: t * t / degreesOfFreedom)
    return Double.exp(exponent) * IncompleteBeta.gammaRatio(0.5 * degreesOfFreedom)
      / (Double.pi * degreesOfFreedom).squareRoot()
  }
}
