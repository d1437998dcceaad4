import Foundation
import Plumbline

/// Logistic regression with its penalty chosen by cross-validation, against scikit-learn's.
struct LogisticRegressionBenchmark: Benchmark, Contestant {
  static let name = "logistic-regression"
  private static let targetRatio = 5.0
  /// How much higher the held-out loss may be, for both sides stop at a tolerance.
  private static let lossTolerance = 1e-4
  private static let patientIterationCount = 10_000

  func measure(in workspace: Workspace) throws -> BenchmarkRow {
    try workspace.withFolder(Self.name) { folder in
      _ = try workspace.runPeer("make_logistic_data", on: folder)
      var ours: [MeasuredRun] = []
      var peer: [MeasuredRun] = []
      for _ in 0..<workspace.repeatCount {
        ours.append(try workspace.runContestant(Self.self, on: folder))
        peer.append(try workspace.runPeer("logistic_regression", on: folder))
        ours.append(try workspace.runContestant(Self.self, on: folder))
      }
      let patient = try workspace.runPeer(
        "logistic_regression", on: folder,
        environment: ["MAXIMUM_ITERATIONS": "\(Self.patientIterationCount)"])
      return try row(
        Comparison(ours: ours, peer: peer), patient: Comparison(ours: ours, peer: [patient]))
    }
  }

  private func row(_ comparison: Comparison, patient: Comparison) throws -> BenchmarkRow {
    let (own, other) = (try Choice(comparison.ours), try Choice(comparison.peer))
    let last = try Choice(patient.peer)
    return BenchmarkRow(
      claim:
        "Logistic regression: 2000 samples, width 4096, 10 penalties × 5 folds and the final fit",
      ours: Quantity.seconds(comparison.ours.seconds),
      peer: Quantity.seconds(comparison.peer.seconds) + ", " + comparison.peerName
        + " LogisticRegressionCV",
      ratio: comparison.ratioText, cpuTime: comparison.cpuTime,
      peakMemory: comparison.peakMemory, target: "≥ 5×, held-out loss no higher",
      isMet: comparison.ratio >= Self.targetRatio
        && own.loss <= min(other.loss, last.loss) + Self.lossTolerance,
      remarks: [
        "The best held-out log loss is \(own) here and \(other) for scikit-learn, where "
          + "\(comparison.peer.note ?? ""). Given \(Self.patientIterationCount) steps it takes "
          + "\(Quantity.seconds(patient.peer.seconds)), \(Quantity.ratio(patient.ratio)) (CPU "
          + "\(Quantity.ratio(patient.peer.cpuSeconds / comparison.ours.cpuSeconds))), and has "
          + "\(last)."
      ])
  }

  /// The penalty that a side chose, and its loss.
  private struct Choice: CustomStringConvertible {
    let loss: Double
    let inverse: Double

    init(_ report: ContestantReport) throws {
      guard let inverse = report.values.last, let loss = report.values.dropLast().min() else {
        throw BenchmarkFailure("a side reports no losses")
      }
      (self.loss, self.inverse) = (loss, inverse)
    }

    var description: String {
      "\((loss * 1e5).rounded() / 1e5) at C = \(Quantity.scientific(inverse))"
    }
  }

  static func run(in folder: String) throws -> ContestantReport {
    let activations = try ArrayFile.matrix("\(folder)/activations.npy")
    let labels = try ArrayFile.open("\(folder)/labels.npy").integers()
    let folds = try ArrayFile.open("\(folder)/folds.npy").integers()
    let watch = Stopwatch()
    let chosen = try LogisticRegression().crossValidate(
      rows: activations.view, labels: labels, folds: folds)
    return ContestantReport(
      seconds: watch.seconds, cpuSeconds: watch.cpuSeconds,
      values: chosen.heldOutLosses + [chosen.chosenPenalty.inverse(rowCount: labels.count)],
      versions: [:], note: nil)
  }
}
