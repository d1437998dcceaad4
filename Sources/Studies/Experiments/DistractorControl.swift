internal import Activations
internal import Evaluation
internal import Probes

/// Whether the scores of a method tell something known about the samples, such as the prompt template,
/// better than the label.
///
/// A probe without labels finds whatever is consistent, and that need not be the truth. Each value of
/// each attribute is held against all others by the folded area under the ROC curve.
///
/// Farquhar et al. (2023), "Challenges with unsupervised LLM knowledge discovery", arXiv:2312.10029.
struct DistractorControl: Sendable {
  let dump: ActivationDump
  let test: ProbeData
  let level: Double

  /// A value that fewer groups hold, or lack, is not looked at: a single sample is at an end of the
  /// scores often enough.
  private static let fewestGroups = 5
  /// With as many groups on both sides the interval keeps its level: of random scores 5 % are outside
  /// at level .95, but 10 % with 5 groups on a side and 25 % with 2.
  private static let groupsForInterval = 10
  /// Without an interval only a gross case counts.
  private static let grossArea = 0.9

  private struct Attribute {
    let name: String
    let comparisons: [Comparison]
  }

  /// One value against all others.
  private struct Comparison {
    let holds: [Bool]
    let hasInterval: Bool
  }

  private struct Finding {
    let measurement: Measurement
    let area: Double
    /// Whether chance and the label are no explanation.
    let isRemarkable: Bool
  }

  /// Adds a measurement for each attribute, that of the value which the scores tell best, and a flag
  /// for each that they tell better than the label.
  func addMeasurements(to cell: inout ProbeCell) throws(EvaluationError) {
    let attributes = attributes(groups: cell.scores.groups)
    let comparisonCount = attributes.reduce(0) { $0 + $1.comparisons.count }
    // The best of all comparisons is looked at, so each is held to a stricter level.
    let strictLevel = 1 - (1 - level) / Double(max(comparisonCount, 1))
    for attribute in attributes {
      guard let best = try best(of: attribute, in: cell, level: strictLevel) else { continue }
      cell.controls.append(
        ControlMeasurement(
          control: ProbeControl.distractor, method: nil, category: attribute.name,
          measurement: best.measurement))
      if best.isRemarkable {
        cell.flags.append(
          Flag(
            "distractor", detail: "\(attribute.name), which the scores tell better than the label"))
      }
    }
  }

  private func best(of attribute: Attribute, in cell: ProbeCell, level: Double)
    throws(EvaluationError) -> Finding?
  {
    let own = cell.areaUnderROC?.value.finiteValue ?? 0.5
    var best: Finding?
    for comparison in attribute.comparisons {
      let measurement = try AreaUnderROC.measure(
        scores: cell.scores.scores, labels: comparison.holds, groups: cell.scores.groups,
        folded: true, level: level)
      guard let area = measurement.value.finiteValue else { continue }
      let interval = comparison.hasInterval ? measurement.interval : nil
      let isBeyondChance = interval.map { $0.lower > 0.5 } ?? (area >= Self.grossArea)
      let finding = Finding(
        measurement: measurement, area: area,
        isRemarkable: isBeyondChance && area > max(own, 1 - own))
      let isBetter =
        best.map { other in
          finding.isRemarkable == other.isRemarkable
            ? finding.area > other.area : finding.isRemarkable
        } ?? true
      if isBetter { best = finding }
    }
    return best
  }

  /// Everything known about the tested rows that enough groups differ in.
  private func attributes(groups: Grouping) -> [Attribute] {
    var known = dump.attributes.map { attribute in
      (attribute.name, test.samples.map { attribute.values[$0] })
    }
    if case .pairs(let pairs) = test, let variants = pairs.variants {
      known.append(("variant", variants))
    }
    return known.map { name, values in
      Attribute(name: name, comparisons: Self.comparisons(of: values, groups: groups))
    }
  }

  private static func comparisons(of values: [Int], groups: Grouping) -> [Comparison] {
    let present = Set(values).sorted()
    guard present.count > 1 else { return [] }
    // Of two values either says all.
    return present.prefix(present.count == 2 ? 1 : present.count).compactMap { value in
      let holds = values.map { $0 == value }
      func groupCount(where isHeld: Bool) -> Int {
        Set(holds.indices.filter { holds[$0] == isHeld }.map { groups.indices[$0] }).count
      }
      let smaller = min(groupCount(where: true), groupCount(where: false))
      guard smaller >= fewestGroups else { return nil }
      return Comparison(holds: holds, hasInterval: smaller >= groupsForInterval)
    }
  }
}
