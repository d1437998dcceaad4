public import Evaluation

extension AlignmentQualityIndex {
  /// Every formula under its own name, and those of the released code with that code's conventions too.
  public static var variants: [MethodVariant] {
    AlignmentQualityFormula.allCases.flatMap { formula in
      let name = formula.rawValue
      let own = MethodVariant(name, summary: formula.summary, overrides: ["formula": .string(name)])
      guard formula.isReleased else { return [own] }
      let released = MethodVariant(
        name + "-released",
        summary: "\(name), with the released code's numbers where a component has none",
        overrides: [
          "formula": .string(name),
          "compatibility": .string(IndexCompatibility.aqiEval.rawValue),
        ])
      return [own, released]
    }
  }
}

extension AlignmentQualityFormula {
  /// One line of help.
  fileprivate var summary: String {
    switch self {
    case .paperLinear: "the paper's section 3: λ/XB + (1 − λ) CH; grows with n"
    case .paperGeometric: "the paper's appendix B.4: (CH/CH_max)^λ exp(−XB)^(1 − λ); needs CH_max"
    case .codeMinMaxSigmoid:
      "released xb_chi: CH and XB scaled among the categories of one model, 0 to 100"
    case .codePercentile: "the copy in D-STEER: CH and XB scaled by percentiles, 0 to 100"
    case .daviesBouldinDunn: "released aqi_dealign: γ/(1 + DB) + (1 − γ) Dunn/(1 + Dunn)"
    case .silhouetteCalinskiHarabasz: "released chi_sil: γ (s + 1)/2 + (1 − γ) CH/(1 + CH)"
    case .silhouetteXieBeni: "released ss_xb: γ (s + 1)/2 + (1 − γ)/(1 + XB)"
    case .linearLog: "a third party's: λ/XB + (1 − λ) ln(1 + CH)"
    }
  }
}
