internal import Evaluation
internal import Probes

extension LayerSummary {
  /// One column.
  struct Column: Sendable {
    let header: String
    let meaning: String?
    let text: @Sendable (LayerSummary) -> String
  }

  /// Columns that make one table.
  struct ColumnGroup: Sendable {
    let title: String?
    let namesLayers: Bool
    let columns: [Column]
  }

  /// The tables, with those columns that have something to show in at least one row.
  static func columnGroups(for rows: [LayerSummary]) -> [ColumnGroup] {
    [
      ColumnGroup(title: nil, namesLayers: true, columns: accuracyColumns(for: rows)),
      ColumnGroup(
        title: polarityTitle(for: rows), namesLayers: false, columns: polarityColumns(for: rows)),
    ].compactMap { group in
      let shown = group.columns.filter { column in rows.contains { !column.text($0).isEmpty } }
      // What stands in every table is no reason to show one.
      guard group.title == nil || rows.contains(where: \.measuresOpposites) else { return nil }
      return ColumnGroup(title: group.title, namesLayers: group.namesLayers, columns: shown)
    }
  }

  private static func polarityTitle(for rows: [LayerSummary]) -> String {
    let majority = rows.lazy.map(\.majorityRate).first { !$0.isEmpty }
    return "pairs of opposites" + (majority.map { ", majority rate \($0)" } ?? "")
  }

  private static func header(_ name: String, _ level: Double?) -> String {
    name + (level.map { " [\(Int(($0 * 100).rounded()))%]" } ?? "")
  }

  /// What a constant answer has, where all rows are held against the same.
  private static func constantLoss(in rows: [LayerSummary]) -> String {
    let constants = Set(
      rows.flatMap { row in
        row.cells.compactMap { $0.measurement(MeanLoss.identifier)?.chance }
          .map { ($0 * 1000).rounded() / 1000 }
      })
    guard constants.count == 1, let constant = constants.first else { return "" }
    return ", a constant has \(constant)"
  }

  private static func accuracyColumns(for rows: [LayerSummary]) -> [Column] {
    let isFolded = rows.contains { row in
      row.cells.contains { $0.measurement(Accuracy.foldedIdentifier) != nil }
    }
    let level = rows.lazy.compactMap { $0.interval(\.accuracy)?.level }.first
    return [
      Column(
        header: header("accuracy", level),
        meaning: isFolded
          ? "accuracy: folded, max(a, 1-a), as the sign is unknown" : nil
      ) { row in row.estimate { $0.accuracy } },
      Column(header: "p adj", meaning: "p adj: by label permutation, for all layers at once") {
        row in row.largest { $0.accuracy?.pValueAdjusted }
      },
      Column(
        header: "chance",
        meaning: "chance: its mean under permutation, or the majority rate if higher"
      ) { row in
        row.mean { $0.accuracy?.chance }
      },
      Column(header: "rand95", meaning: "rand95: 95th percentile of random directions") { row in
        row.mean { cell in
          cell.accuracy.flatMap {
            cell.control(ProbeControl.random95, metric: $0.metric)?.value.finiteValue
          }
        }
      },
      Column(header: "AUROC", meaning: nil) { row in
        row.mean { $0.areaUnderROC?.value.finiteValue }
      },
      Column(header: "loss", meaning: "loss: held out\(constantLoss(in: rows))") { row in
        row.mean(NumberText.significant) { $0.measurement(MeanLoss.identifier)?.value.finiteValue }
      },
      Column(
        header: "labels", meaning: "labels: accuracy of logistic regression, which sees labels"
      ) { row in
        row.mean {
          $0.control(ProbeControl.supervised, metric: Accuracy.identifier)?.value.finiteValue
        }
      },
      Column(header: "shuffled", meaning: "shuffled: refitted on shuffled training labels") { row in
        row.mean { cell in
          cell.accuracy.flatMap {
            cell.control(ProbeControl.shuffledLabels, metric: $0.metric)?.value.finiteValue
          }
        }
      },
    ]
  }

  /// What a probe makes of statements and their opposites: never without separation accuracy and loss,
  /// since a probe that answers 0 to everything has a perfect consistency.
  private static func polarityColumns(for rows: [LayerSummary]) -> [Column] {
    let isRecentered = rows.contains { row in
      row.cells.contains { cell in
        cell.measurement(ProbeMetric.contradictionIndex)?.flags.contains {
          $0.name == "recentred-subsets"
        } == true
      }
    }
    let centring =
      isRecentered
      ? "each subset of the test rows centred by itself, as released, which inflates CI"
      : "test rows centred by training statistics"
    let level = rows.lazy.compactMap { row in
      row.interval { $0.measurement(ProbeMetric.contradictionIndex) }?.level
    }.first
    return [
      Column(
        header: header("PC", level), meaning: "PC: polar consistency, ideally 0; \(centring)"
      ) { row in row.estimate({ $0.measurement(ProbeMetric.polarConsistency) }, endDecimals: 2) },
      Column(header: header("CI", level), meaning: "CI: contradiction index, ideally 0") { row in
        row.estimate({ $0.measurement(ProbeMetric.contradictionIndex) }, endDecimals: 2)
      },
      Column(header: "chance", meaning: "chance: CI of statements that are no opposites") { row in
        row.mean { $0.measurement(ProbeMetric.contradictionIndex)?.chance }
      },
      Column(
        header: "ideal", meaning: "ideal: distance from the ideal answers, 1 if all are inverted"
      ) { row in
        row.mean {
          $0.measurement(ProbeMetric.idealDistance)?.value.finiteValue
        }
      },
      Column(
        header: "ESA",
        meaning: "ESA: empirical separation accuracy, which the majority rate is the chance of"
      ) { row in
        row.mean {
          $0.measurement(ProbeMetric.empiricalSeparationAccuracy)?.value.finiteValue
        }
      },
      Column(header: "loss", meaning: nil) { row in
        row.mean(NumberText.significant) { $0.measurement(MeanLoss.identifier)?.value.finiteValue }
      },
    ]
  }
}
