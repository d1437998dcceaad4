internal import Evaluation
internal import Steering

/// The terminal's view of a ``SteeringSweepOutcome``: the sweep, what was fitted to it, and where steering pays.
///
/// Every line fits 80 columns.
struct SteeringSweepTable {
  let outcome: SteeringSweepOutcome
  let style: TerminalStyle
  let explains: Bool
  private static let width = 80
  /// The most coefficients that the terminal shows; records have all.
  private static let mostRows = 13

  func lines() -> [String] {
    let vector = outcome.vector
    let place = vector.layer.map { " of layer \($0)" } ?? ""
    let kind =
      (vector.isMeasured
        ? "measured by running the model"
        : outcome.settings["source"] == "linear-response"
          ? "extrapolated from two runs" : "computed at the last layer")
      + (operation == .add ? "" : " · \(operation.rawValue)")
    let title = "\(vector.name) vector\(place), length \(NumberText.significant(vector.norm))"
    let curves = outcome.curves
    let summary =
      "\(kind) · \(curves.behaviour.count) prompts for behaviour, \(curves.helpfulness.count) for "
      + "helpfulness · \(outcome.controls.count) random directions"
    var lines = [style.bold(title)] + Prose.lines(summary, width: Self.width - 1)
    lines += table().lines(style: style)
    lines += [""] + facts()
    for flag in outcome.flags {
      lines += Prose.lines("! \(flag)", width: Self.width - 2, indentation: "  ").map { "  " + $0 }
    }
    return lines + (explains ? legend() : [])
  }

  private func table() -> TextTable {
    let level = outcome.points.lazy.compactMap { $0.measurements[0].interval?.level }.first
    let interval = level.map { " [\(Int(($0 * 100).rounded()))%]" } ?? ""
    var columns = [
      "r", "behaviour" + interval, "bounds", "helpfulness" + interval, "at most", "KL",
    ]
    if !outcome.controls.isEmpty { columns.append("rand P") }
    var table = TextTable(columns: columns.map { TextTable.Column($0) })
    for point in SweepPoint.thinned(
      outcome.points, to: Self.mostRows,
      keeping: outcome.analysis.measuredOptimum.coefficient)
    {
      func share(_ metric: String) -> String {
        point.value(metric).map { NumberText.share($0, decimals: 2) } ?? ""
      }
      var row = [
        NumberText.significant(point.coefficient), point.measurements[0].shareText,
        "\(share(SweepPoint.behaviourLower)) … \(share(SweepPoint.behaviourUpper))",
        point.measurements[1].shareText, share(SweepPoint.helpfulnessUpper),
        point.value(SweepPoint.divergence).map(NumberText.significant) ?? "",
      ]
      if !outcome.controls.isEmpty {
        let random = point.controls.first { $0.metric == SweepPoint.helpfulness }
        row.append(random?.value.finiteValue.map { NumberText.share($0, decimals: 2) } ?? "")
      }
      table.append(row, isMarked: point.coefficient == outcome.analysis.measuredOptimum.coefficient)
    }
    return table
  }

  /// What was fitted, and the regime, one line each.
  private func facts() -> [String] {
    let analysis = outcome.analysis
    let names = [
      ("optimum", "by the fits, best at"), ("break-even", "pays up to"),
      ("budget", "helpfulness falls by the tolerance at"),
      ("saturation", "behaviour saturates at"), ("regime-end", "steering pays from 0 to"),
      ("efficiency", "efficiency, gain² over loss"), ("knee", "knee of the front"),
    ]
    var lines = fits()
    let measured = outcome.crossings.map(\.text)
    lines += Prose.lines(
      "measured: w·B + P is highest at r = "
        + NumberText.significant(analysis.measuredOptimum.coefficient)
        + "; helpfulness has fallen by the tolerance at \(measured.first ?? ""), behaviour passes "
        + "\(NumberText.share(SteeringRegime.saturatedBehaviour, decimals: 2)) at \(measured.last ?? "")",
      width: Self.width - 2, indentation: "  "
    ).map { "  " + $0 }
    for (metric, name) in names {
      guard let measured = analysis.measurements.first(where: { $0.metric == metric }) else {
        continue
      }
      lines += Prose.lines(
        "\(name): \(measured.text)", width: Self.width - 2, indentation: "  "
      ).map { "  " + $0 }
    }
    let approximations = [
      ("direct-path", "computed as if added at the last layer"),
      ("linear-response", "extrapolated from the coefficients 0 and nearest to 1"),
    ]
    for (name, words) in approximations {
      let errors = outcome.approximationErrors.filter { $0.metric.hasPrefix(name) }
      guard let behaviour = errors.first, let helpfulness = errors.last else { continue }
      lines += Prose.lines(
        "\(words), behaviour is off by up to \(behaviour.text) and helpfulness by "
          + helpfulness.text, width: Self.width - 2, indentation: "  "
      ).map { "  " + $0 }
    }
    for line in localLines() {
      lines += Prose.lines(line, width: Self.width - 2, indentation: "  ").map { "  " + $0 }
    }
    for measured in outcome.comparisons {
      let name = measured.metric.replacing("-at-equal-divergence", with: "")
      let chance = measured.chance.map { NumberText.share($0, decimals: 2) } ?? ""
      let p = measured.pValue.map { NumberText.share($0) } ?? ""
      lines += Prose.lines(
        "\(name) at the divergence of r = 1: \(measured.shareText), random directions \(chance) (p \(p))",
        width: Self.width - 2, indentation: "  "
      ).map { "  " + $0 }
    }
    return lines
  }

  private func localLines() -> [String] {
    func measured(_ metric: String) -> Measurement? {
      outcome.local.first { $0.metric == metric }
    }
    var lines: [String] = []
    if let behaviour = measured(SweepLocalMeasurements.behaviourSlope),
      let helpfulness = measured(SweepLocalMeasurements.linearTerm),
      let efficiency = measured(SweepLocalMeasurements.efficiency)
    {
      let p = helpfulness.pValue.map { " (p \(NumberText.share($0)))" } ?? ""
      lines.append(
        "near 0, exactly: behaviour rises by \(behaviour.text) r, helpfulness by "
          + "\(helpfulness.text) r\(p); squared gain a nat \(efficiency.text)")
    }
    if let share = measured(SweepLocalMeasurements.antiSteerable) {
      lines.append("prompts that move the other way: \(share.shareText)")
    }
    return lines
  }

  private func fits() -> [String] {
    let alignment = outcome.analysis.alignment
    func quality(_ value: MeasuredValue) -> String {
      value.finiteValue.map { "R² \(NumberText.share($0))" } ?? "R² undefined"
    }
    var lines = [
      "behaviour: tanh(\(NumberText.significant(alignment.slope)) r "
        + "\(alignment.offset < 0 ? "-" : "+") \(NumberText.significant(abs(alignment.offset)))), "
        + "\(quality(alignment.rSquared))\(largestMiss); a straight line has "
        + quality(alignment.line.rSquared)
    ]
    let helpfulness = outcome.analysis.helpfulness
    if let bell = helpfulness.bell {
      lines.append(
        "helpfulness: peak \(NumberText.share(bell.peak)), loss \(NumberText.significant(bell.loss)) r² near 0, "
          + quality(helpfulness.rSquared))
    } else {
      lines.append(
        "helpfulness: no bell in r² fits; the regime is that of the parabola, "
          + (outcome.analysis.quadratic.map { quality($0.rSquared) } ?? "which does not fit either")
      )
    }
    if let quadratic = outcome.analysis.quadratic {
      let p = quadratic.linear.pValue.map { NumberText.share($0) } ?? "undefined"
      lines.append(
        "linear term of helpfulness: \(NumberText.significant(quadratic.linear.mean)) r (p \(p))")
    }
    return lines.flatMap { line in
      Prose.lines(line, width: Self.width - 2, indentation: "  ").map { "  " + $0 }
    }
  }

  /// Where the fit is furthest from what was measured, for R² hides it.
  private var largestMiss: String {
    let alignment = outcome.analysis.alignment
    let misses = outcome.points.compactMap { point in
      point.value(SweepPoint.behaviour).map {
        (at: point.coefficient, by: ($0 - alignment.value(at: point.coefficient)).magnitude)
      }
    }
    guard let worst = misses.max(by: { $0.by < $1.by }) else { return "" }
    return ", off by \(NumberText.share(worst.by, decimals: 2)) at r = "
      + NumberText.significant(worst.at)
  }

  private var operation: SteeringOperation.Family {
    guard case .string(let name)? = outcome.settings["operation"] else { return .add }
    return SteeringOperation.Family(rawValue: name) ?? .add
  }

  /// What r is.
  private var meaning: String {
    switch operation {
    case .add, .addOutward:
      if case .string(let unit)? = outcome.settings["unit"], unit != CoefficientUnit.raw.rawValue {
        "what is added along the vector, in units of \(unit)"
      } else {
        "multiples of the vector"
      }
    case .ablate: "the share of the projection on the vector that is taken away"
    case .set: "what the projection on the vector becomes"
    case .raise: "what the projection on the vector is raised to"
    case .lower: "what the projection on the vector is lowered to"
    }
  }

  private func legend() -> [String] {
    let text =
      "r: \(meaning); behaviour: (P aligned − P misaligned) / their sum; helpfulness: P of the right "
      + "answer; bounds, at most: what can be proved from the logits; KL: from the unsteered distribution, in "
      + "nats; rand P: helpfulness under random directions of the same length; * best by w·B + P."
    return [""] + Prose.lines(text, width: Self.width - 2).map { style.dim("  " + $0) }
  }
}

extension SteeringSweepOutcome {
  /// The sweep, what was fitted, and where steering pays.
  ///
  /// - Parameters:
  ///   - style: Whether to use colour.
  ///   - explains: Whether the meaning of columns is said below.
  /// - Returns: Lines without newlines.
  public func lines(style: TerminalStyle, explains: Bool) -> [String] {
    SteeringSweepTable(outcome: self, style: style, explains: explains).lines()
  }
}
