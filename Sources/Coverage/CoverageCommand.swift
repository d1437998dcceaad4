import Plumbline

/// Measures how often intervals of uncertainty metrics hold what was planted.
///
/// Usage: `Coverage [DRAWS] [DESIGN…]`.
///
/// The planted value is the metric of samples so large that its error is a hundredth of an interval's width.
@main
struct CoverageCommand {
  private static let groupCount = 200
  private static let truthGroupCount = 400_000
  private static let truthDrawCount = 4
  private static let seed: UInt64 = 20_261_122

  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    let drawCount = arguments.first.flatMap { Int($0) } ?? 2000
    let names = arguments.filter { Int($0) == nil }
    for design in PlantedAnswers.Design.allCases
    where names.isEmpty || names.contains(design.rawValue) {
      try measure(design, drawCount: drawCount)
    }
  }

  private static func answers(
    _ design: PlantedAnswers.Design, _ groupCount: Int, _ stream: UInt64, _ draw: Int
  ) -> PlantedAnswers {
    var generator = SeededGenerator(seed: seed, stream: stream, UInt64(draw))
    return PlantedAnswers(design, groupCount: groupCount, using: &generator)
  }

  private static func measure(_ design: PlantedAnswers.Design, drawCount: Int) throws {
    let truths = try truths(design)
    let draws = try Parallel.map(drawCount) { (draw) throws(EvaluationError) in
      try DrawnIntervals(answers(design, groupCount, 1, draw), design, seed: UInt64(draw))
    }
    let evaluationNames = names(design)
    print("\n### \(design.rawValue)\n")
    print("| metric | of | planted | mean estimate | default | BCa | percentile |")
    print("|---|---|---|---|---|---|---|")
    for (place, name) in evaluationNames.enumerated() {
      var counts = DrawnIntervals.kinds.map { _ in CoverageCount() }
      for draw in draws {
        for kind in counts.indices {
          counts[kind].note(draw.intervals[kind][place], truth: truths[place])
        }
      }
      let estimates = draws.compactMap { $0.estimates[place] }
      let cells =
        [name.metric, name.score, text(truths[place], 4)]
        + [text(estimates.reduce(0, +) / Double(max(1, estimates.count)), 4)]
        + counts.map { $0.intervalCount > 0 ? text($0.coverage(of: drawCount), 3) : "none" }
      print("| " + cells.joined(separator: " | ") + " |")
    }
  }

  /// The planted values, from large samples.
  private static func truths(_ design: PlantedAnswers.Design) throws -> [Double] {
    var sums: [Double] = []
    for draw in 0..<truthDrawCount {
      let large = answers(design, truthGroupCount, 2, draw)
      let quality = try PreparedQuality(large.quality)
      var values: [[Double]] = large.scores.map { _ in [] }
      for metric in design.metrics {
        let found = try value(metric, quality, large.scores)
        for place in values.indices { values[place].append(found[place]) }
      }
      let all = values[0] + values[1] + zip(values[0], values[1]).map { $0 - $1 }
      sums = sums.isEmpty ? all : zip(sums, all).map { $0 + $1 }
    }
    return sums.map { $0 / Double(truthDrawCount) }
  }

  private static func value<Metric: UncertaintyMetric>(
    _ metric: Metric, _ quality: PreparedQuality, _ scores: [UncertaintyScore]
  ) throws -> [Double] {
    let prepared = try PreparedUncertaintyMetric(metric, quality: quality)
    return try scores.map { try prepared.value(uncertainty: $0.values).finiteValue ?? .nan }
  }

  private static func names(
    _ design: PlantedAnswers.Design
  ) -> [(metric: String, score: String)] {
    ["better", "worse", "difference"].flatMap { score in
      design.metrics.map { ($0.recordName, score) }
    }
  }

  /// A number with so many digits behind the point.
  private static func text(_ value: Double, _ digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let whole = Int((abs(value) * scale).rounded())
    let fraction = String(whole % Int(scale))
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return (value < 0 && whole > 0 ? "-" : "") + "\(whole / Int(scale)).\(zeros)\(fraction)"
  }
}
