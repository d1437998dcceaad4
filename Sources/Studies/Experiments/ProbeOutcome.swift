public import Activations
public import Evaluation
internal import Probes

/// What a ``ProbeExperiment`` measured.
public struct ProbeOutcome: Outcome {
  /// The dump that the methods were fitted on, or that saved probes were applied to.
  public let dump: ActivationDump
  /// The other dumps that were measured.
  public let testDumps: [ActivationDump]
  /// The methods, or variants of them, in the order asked for.
  public let methods: [MethodName]
  /// Which samples were used; `nil` for all.
  public let selection: String?
  /// Every setting with its resolved value.
  public let settings: [String: SettingValue]
  /// The seed of everything random.
  public let seed: UInt64
  /// One cell a method, layer, fold and measured dump, in order of fold and layer.
  public let cells: [ProbeCell]
  /// How the samples were cut.
  public let cuts: [TrainTest]
  /// What the user should know about the choice of samples.
  public let remarks: [String]
  /// Whether every layer was measured; `false` after an interruption.
  public let isComplete: Bool

  /// Whether nothing was measured at all.
  public var isEmpty: Bool { cells.isEmpty }

  /// The remarks, and that there are no labels to measure against, where that is so.
  public var warnings: [String] {
    remarks
      + (dump.labels == nil
        ? ["the dump has no labels, so accuracy and AUROC are not measured"] : [])
  }

  /// The cells of one method on the experiment's own dump, by layer.
  ///
  /// - Parameter method: A method, or a variant of one.
  /// - Returns: Cells in order of fold and layer.
  public func cells(of method: MethodName) -> [ProbeCell] {
    cells.filter { $0.name == method && $0.dump == dump.path }
  }

  /// The cells of one method on the experiment's own dump, by layer.
  ///
  /// - Parameter method: A method's identifier; its variants are others.
  /// - Returns: Cells in order of fold and layer.
  public func cells(of method: String) -> [ProbeCell] { cells(of: MethodName(method)) }

  /// The layer at which a method's accuracy, averaged over folds, is highest; the first of equals.
  ///
  /// It was chosen by looking at test labels, so its own accuracy is optimistic: the adjusted p value
  /// accounts for that, the interval does not.
  ///
  /// - Parameter method: A method, or a variant of one.
  /// - Returns: `nil` without labels.
  public func bestLayer(of method: MethodName) -> Int? {
    var sums: [Int: (total: Double, count: Int)] = [:]
    for cell in cells(of: method) {
      guard let value = cell.accuracy?.value.finiteValue else { continue }
      let sum = sums[cell.layer] ?? (0, 0)
      sums[cell.layer] = (sum.total + value, sum.count + 1)
    }
    return sums.max { first, second in
      let means = (
        first.value.total / Double(first.value.count),
        second.value.total / Double(second.value.count)
      )
      return means.0 == means.1 ? first.key > second.key : means.0 < means.1
    }?.key
  }

  /// Every number as a record.
  ///
  /// - Parameters:
  ///   - study: The name of the study.
  ///   - analysis: The name of the analysis in the study.
  /// - Returns: The metrics of each cell, then those of its controls; after folds, their means.
  public func records(study: String?, analysis: String?) -> [Record] {
    var records = cells.flatMap { cell in
      cell.measurements.map { record($0, cell, study: study, analysis: analysis) }
        + cell.controls.map { control in
          var record = record(control.measurement, cell, study: study, analysis: analysis)
          record.control = control.control
          record.category = control.category ?? record.category
          record.flags = control.measurement.flags + cell.dataFlags
          return record
        }
    }
    if cuts.count > 1 { records += foldMeans(of: records) }
    return records
  }

  private func record(
    _ measurement: Measurement, _ cell: ProbeCell, study: String?, analysis: String?
  ) -> Record {
    var record = Record(measurement, method: cell.method, layer: cell.layer)
    record.study = study
    record.analysis = analysis
    record.variant = cell.variant
    record.fold = cell.fold
    record.dump = cell.dump
    record.trainDump = cell.trainDump
    record.category = selection
    record.seed = seed
    for flag in cell.flags where !record.flags.contains(flag) { record.flags.append(flag) }
    return record
  }

  /// The mean of each number over folds.
  ///
  /// Folds share training samples, so their spread gives no valid
  /// interval and none is reported.
  private func foldMeans(of records: [Record]) -> [Record] {
    struct Key: Hashable {
      let dump, method, variant, control, category: String?
      let layer: Int?
      let metric: String
    }
    var order: [Key] = []
    var members: [Key: [Record]] = [:]
    for record in records {
      let key = Key(
        dump: record.dump, method: record.method, variant: record.variant, control: record.control,
        category: record.category, layer: record.layer, metric: record.metric)
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(record)
    }
    return order.compactMap { key in
      guard let group = members[key], var mean = group.first else { return nil }
      let values = group.compactMap(\.estimate)
      guard values.count == cuts.count else { return nil }
      mean.fold = "mean of \(cuts.count) folds"
      mean.estimate = values.reduce(0, +) / Double(values.count)
      mean.lower = nil
      mean.upper = nil
      mean.level = nil
      mean.pValue = nil
      mean.pValueAdjusted = nil
      let chances = group.compactMap(\.chance)
      mean.chance =
        chances.count == values.count ? chances.reduce(0, +) / Double(chances.count) : nil
      // Folds hold out different samples of the dump, but all measure the whole of another one.
      if mean.trainDump == nil {
        mean.samples = group.compactMap(\.samples).reduce(0, +)
        mean.groups = group.compactMap(\.groups).reduce(0, +)
      }
      mean.flags = [Flag("mean-of-folds", detail: "\(cuts.count)")]
      for flag in group.flatMap(\.flags) where !mean.flags.contains(flag) {
        mean.flags.append(flag)
      }
      return mean
    }
  }
}
