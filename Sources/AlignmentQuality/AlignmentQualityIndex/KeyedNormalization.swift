internal import Evaluation
internal import RealModule

/// How code puts the indices of several sets of points on one scale from 0 to 100: by their place among
/// those sets.
///
/// The sets are the categories of one model and all of its points together. Adding a set changes the
/// values of all others, and values of two models lie on two scales.
public enum KeyedNormalization {
  /// Two components of one set, both on a scale from 0 to 100 on which higher is better.
  public struct Scaled: Sendable, Equatable {
    /// The scaled Caliński–Harabasz index.
    public let calinskiHarabasz: Double
    /// The scaled and turned Xie–Beni index.
    public let xieBeni: Double

    /// The value of the set.
    ///
    /// - Parameter weight: γ, from 0 to 1.
    /// - Returns: γ · CHn + (1 − γ) · XBn.
    public func combined(weight: Double) -> Double {
      AlignmentQualityFormula.weighted(weight, calinskiHarabasz, xieBeni)
    }
  }

  /// The scales of ``AlignmentQualityFormula/codeMinMaxSigmoid``.
  ///
  /// CHn = 100 (CH − min)/(max − min), or 50 if the range is below 1e-9, or 0 if the largest is then 0.
  /// XBn = 100 (1 − σ(z)) with z = (XB − median)/(interquartile range + 1e-9), but at least 10.
  ///
  /// - Parameters:
  ///   - calinskiHarabasz: CH of each set, finite.
  ///   - xieBeni: XB of each set, finite.
  /// - Returns: The scaled components of each set; none for no sets.
  public static func minMaxSigmoid(calinskiHarabasz: [Double], xieBeni: [Double]) -> [Scaled] {
    precondition(calinskiHarabasz.count == xieBeni.count, "each set has both components")
    guard let lowest = calinskiHarabasz.min(), let highest = calinskiHarabasz.max() else {
      return []
    }
    let range = highest - lowest
    let sorted = xieBeni.sorted()
    let median = Quantile.value(at: 0.5, ofSorted: sorted)
    let scale =
      Quantile.value(at: 0.75, ofSorted: sorted) - Quantile.value(at: 0.25, ofSorted: sorted)
      + smallest
    return zip(calinskiHarabasz, xieBeni).map { separation, compactness in
      let place = (separation - lowest) / range
      return Scaled(
        calinskiHarabasz: range < smallest ? (highest == 0 ? 0 : 50) : 100 * place,
        xieBeni: max(floor, 100 * falling((compactness - median) / scale)))
    }
  }

  /// The scales of ``AlignmentQualityFormula/codePercentile``.
  ///
  /// CHn = 100 (CH − p₅)/(p₉₅ − p₅) and XBn = 100 (1 − (XB − p₅)/(p₉₅ − p₅)), clipped to 0 and 100, with
  /// the percentiles over all sets.
  ///
  /// - Parameters:
  ///   - calinskiHarabasz: CH of each set, finite.
  ///   - xieBeni: XB of each set, finite.
  /// - Returns: The scaled components of each set; `nil` if all sets have the same CH or the same XB, so
  ///   that there is no scale, and for no sets.
  public static func percentiles(calinskiHarabasz: [Double], xieBeni: [Double]) -> [Scaled]? {
    precondition(calinskiHarabasz.count == xieBeni.count, "each set has both components")
    guard let separations = places(calinskiHarabasz), let compactnesses = places(xieBeni) else {
      return nil
    }
    return zip(separations, compactnesses).map {
      Scaled(calinskiHarabasz: 100 * $0, xieBeni: 100 * (1 - $1))
    }
  }

  /// The least that a turned Xie–Beni index scores in the released code.
  private static let floor = 10.0
  /// A range or scale below this counts as none in the released code.
  private static let smallest = 1e-9

  /// 1 − σ(z), without the overflow of exp.
  private static func falling(_ z: Double) -> Double {
    z > 0 ? .exp(-z) / (1 + .exp(-z)) : 1 / (1 + .exp(z))
  }

  /// Where each value lies between the 5th and the 95th percentile, from 0 to 1.
  private static func places(_ values: [Double]) -> [Double]? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let low = Quantile.value(at: 0.05, ofSorted: sorted)
    let range = Quantile.value(at: 0.95, ofSorted: sorted) - low
    guard range > 0 else { return nil }
    return values.map { min(1, max(0, ($0 - low) / range)) }
  }
}
