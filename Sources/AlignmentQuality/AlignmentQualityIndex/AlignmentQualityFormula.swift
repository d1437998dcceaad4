/// What somebody has called the alignment quality index.
///
/// The paper has three formulas that do not agree with each other, and released code has others. None is
/// *the* index: a value is reported under the name of its formula. <doc:WhatAQIMeasures> compares them.
///
/// CH, XB, DB and GD₁₁ are the Caliński–Harabasz, Xie–Beni, Davies–Bouldin and Dunn indices, s the mean
/// silhouette; the weight is called λ in the paper and γ in code.
public enum AlignmentQualityFormula: String, Sendable, Codable, CaseIterable {
  /// λ/XB + (1 − λ) · CH, from 0 up. Paper, section 3.
  case paperLinear = "paper-linear"
  /// (CH/CH_max)^λ · exp(−XB)^(1 − λ), from 0 up, above 1 where CH exceeds CH_max. Paper, appendix B.4.
  case paperGeometric = "paper-geometric"
  /// γ times CH between the smallest and the largest of all sets, and 1 − γ times a falling sigmoid of XB
  /// around the median of all sets, with a floor; from 0 to 100. Released code `xb_chi`.
  case codeMinMaxSigmoid = "code-min-max-sigmoid"
  /// γ times CH and 1 − γ times falling XB, each between the 5th and the 95th percentile of all sets; from
  /// 0 to 100. Code of D-STEER.
  case codePercentile = "code-percentile"
  /// γ/(1 + DB) + (1 − γ) · GD₁₁/(1 + GD₁₁), from 0 to 1. Released code `aqi_dealign`.
  case daviesBouldinDunn = "db-dunn"
  /// γ · (s + 1)/2 + (1 − γ) · CH/(1 + CH), from 0 to 1. Released code `chi_sil`.
  case silhouetteCalinskiHarabasz = "silhouette-ch"
  /// γ · (s + 1)/2 + (1 − γ)/(1 + XB), from 0 to 1. Released code `ss_xb`.
  case silhouetteXieBeni = "silhouette-xb"
  /// λ/XB + (1 − λ) · ln(1 + CH), from 0 up. A third party's code.
  case linearLog = "linear-log"

  /// λ or γ where nothing else is said: what the formula was published with.
  public var publishedWeight: Double {
    switch self {
    case .silhouetteCalinskiHarabasz: 0.3
    default: 0.5
    }
  }

  /// Whether a value is relative to those of other sets of points of the same model, so that it says
  /// nothing beside the value of another model.
  public var isKeyed: Bool { self == .codeMinMaxSigmoid || self == .codePercentile }

  /// Whether the code that was released with the index computes the formula.
  var isReleased: Bool {
    switch self {
    case .codeMinMaxSigmoid, .daviesBouldinDunn, .silhouetteCalinskiHarabasz, .silhouetteXieBeni:
      true
    case .paperLinear, .paperGeometric, .codePercentile, .linearLog: false
    }
  }

  /// The indices that the formula combines.
  var components: [AlignmentQualityComponent] {
    switch self {
    case .paperLinear, .paperGeometric, .codeMinMaxSigmoid, .codePercentile, .linearLog:
      [.calinskiHarabasz, .xieBeni]
    case .daviesBouldinDunn: [.daviesBouldin, .dunn]
    case .silhouetteCalinskiHarabasz: [.silhouette, .calinskiHarabasz]
    case .silhouetteXieBeni: [.silhouette, .xieBeni]
    }
  }
}
