internal import RealModule

/// The formulas as functions of numbers, so that published tables can be checked.
///
/// Components may be +∞, as indices can be. A term of weight 0 is left out even where it is infinite.
extension AlignmentQualityFormula {
  /// ``paperLinear``: λ/XB + (1 − λ) · CH.
  ///
  /// - Parameters:
  ///   - calinskiHarabasz: CH ≥ 0.
  ///   - xieBeni: XB ≥ 0.
  ///   - weight: λ, from 0 to 1.
  /// - Returns: The value, from 0 to +∞.
  public static func paperLinear(
    calinskiHarabasz: Double, xieBeni: Double, weight: Double
  ) -> Double {
    weighted(weight, 1 / xieBeni, calinskiHarabasz)
  }

  /// ``paperGeometric``: (CH/CH_max)^λ · exp(−XB)^(1 − λ).
  ///
  /// - Parameters:
  ///   - calinskiHarabasz: CH ≥ 0.
  ///   - xieBeni: XB ≥ 0.
  ///   - weight: λ, from 0 to 1.
  ///   - reference: CH_max > 0, the 99th percentile of CH over a pool of models.
  /// - Returns: The value; above 1 where CH exceeds CH_max, as the paper's formula does not clip.
  public static func paperGeometric(
    calinskiHarabasz: Double, xieBeni: Double, weight: Double, reference: Double
  ) -> Double {
    let separation: Double = weight == 0 ? 1 : .pow(calinskiHarabasz / reference, weight)
    // exp(−XB)^(1 − λ) as one exponential, which does not underflow before its root is taken.
    let compactness: Double = weight == 1 ? 1 : .exp(-xieBeni * (1 - weight))
    return separation * compactness
  }

  /// ``daviesBouldinDunn``: γ/(1 + DB) + (1 − γ) · GD₁₁/(1 + GD₁₁).
  ///
  /// - Parameters:
  ///   - daviesBouldin: DB ≥ 0.
  ///   - dunn: GD₁₁ ≥ 0.
  ///   - weight: γ, from 0 to 1.
  /// - Returns: The value, from 0 to 1.
  public static func daviesBouldinDunn(
    daviesBouldin: Double, dunn: Double, weight: Double
  ) -> Double {
    weighted(weight, 1 / (1 + daviesBouldin), saturated(dunn))
  }

  /// ``silhouetteCalinskiHarabasz``: γ · (s + 1)/2 + (1 − γ) · CH/(1 + CH).
  ///
  /// - Parameters:
  ///   - silhouette: s, from −1 to 1.
  ///   - calinskiHarabasz: CH ≥ 0.
  ///   - weight: γ, from 0 to 1.
  /// - Returns: The value, from 0 to 1.
  public static func silhouetteCalinskiHarabasz(
    silhouette: Double, calinskiHarabasz: Double, weight: Double
  ) -> Double {
    weighted(weight, (silhouette + 1) / 2, saturated(calinskiHarabasz))
  }

  /// ``silhouetteXieBeni``: γ · (s + 1)/2 + (1 − γ)/(1 + XB).
  ///
  /// - Parameters:
  ///   - silhouette: s, from −1 to 1.
  ///   - xieBeni: XB ≥ 0.
  ///   - weight: γ, from 0 to 1.
  /// - Returns: The value, from 0 to 1.
  public static func silhouetteXieBeni(
    silhouette: Double, xieBeni: Double, weight: Double
  ) -> Double {
    weighted(weight, (silhouette + 1) / 2, 1 / (1 + xieBeni))
  }

  /// ``linearLog``: λ/XB + (1 − λ) · ln(1 + CH).
  ///
  /// - Parameters:
  ///   - calinskiHarabasz: CH ≥ 0.
  ///   - xieBeni: XB ≥ 0.
  ///   - weight: λ, from 0 to 1.
  /// - Returns: The value, from 0 to +∞.
  public static func linearLog(
    calinskiHarabasz: Double, xieBeni: Double, weight: Double
  ) -> Double {
    weighted(weight, 1 / xieBeni, .log(onePlus: calinskiHarabasz))
  }

  /// w · first + (1 − w) · second, without a term of weight 0.
  static func weighted(_ weight: Double, _ first: Double, _ second: Double) -> Double {
    (weight == 0 ? 0 : weight * first) + (weight == 1 ? 0 : (1 - weight) * second)
  }

  /// x/(1 + x), and its limit 1.
  private static func saturated(_ value: Double) -> Double {
    value == .infinity ? 1 : value / (1 + value)
  }
}
