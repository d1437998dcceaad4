/// One row a scored sample, for `--scores`.
public enum ScoreTable {
  /// The scores of cells as comma-separated values.
  ///
  /// The columns are dump, method, variant, layer, fold, sample, label (empty where unknown), score, threshold
  /// and prediction. With an unknown sign, predictions are those of the scores as they are.
  ///
  /// - Parameter cells: Measured cells.
  /// - Returns: A header line and one line a sample and cell.
  public static func commaSeparated(_ cells: [ProbeCell]) -> String {
    let rows = cells.flatMap { cell in
      cell.scores.samples.indices.map { position in
        [
          cell.dump, cell.method, cell.variant ?? "", "\(cell.layer)", cell.fold ?? "",
          "\(cell.scores.samples[position])",
          cell.scores.labels.map { $0[position] ? "1" : "0" } ?? "",
          cell.scores.scores[position].description, cell.scores.threshold.description,
          cell.scores.predictions[position] ? "1" : "0",
        ]
      }
    }
    return CommaSeparatedValues.text(
      header: [
        "dump", "method", "variant", "layer", "fold", "sample", "label", "score", "threshold",
        "prediction",
      ], rows: rows)
  }
}
