public import Activations
internal import AlignmentQuality
public import Evaluation

/// What a ``QualityExperiment`` measured.
public struct QualityOutcome: Outcome {
  /// The dump.
  public let dump: ActivationDump
  /// No other dumps.
  public var testDumps: [ActivationDump] { [] }
  /// The indices, or variants of them, in the order asked for.
  public var methods: [MethodName] { indices.map(\.name) }
  /// The same with their settings.
  let indices: [QualityMethod]
  /// The measures of geometry; empty unless asked for.
  public let geometry: [MethodName]
  /// The points, with their classes and groups.
  let points: QualityPoints
  /// The categories, then all points.
  let sets: [PointSet]
  /// The attribute that the categories are of, as the user named it.
  let category: String?
  /// How many label permutations were drawn.
  let permutationCount: Int
  /// Which samples were used; `nil` for all.
  public let selection: String?
  /// Every setting with its resolved value.
  public let settings: [String: SettingValue]
  /// The seed of permutations and folds.
  public let seed: UInt64
  /// One cell a method, layer and category, in order of layer.
  public let cells: [QualityCell]
  /// What pooling layers gives; `nil` unless asked for.
  let pool: QualityPool?
  /// Whether every layer was measured; `false` after an interruption.
  public let isComplete: Bool

  /// Whether nothing was measured at all.
  public var isEmpty: Bool { cells.isEmpty }
  /// What was left out.
  public var warnings: [String] { points.warnings + (pool?.warnings ?? []) }
  /// The names of the categories, in order.
  public var categories: [String] { sets.compactMap(\.category) }

  /// The cells of a method, by layer.
  ///
  /// - Parameters:
  ///   - method: A method, or a variant of one.
  ///   - category: A category; all points if not given.
  /// - Returns: Cells in order of layer.
  public func cells(of method: MethodName, category: String? = nil) -> [QualityCell] {
    cells.filter { $0.name == method && $0.category == category && $0.layer != nil }
  }

  /// The layer at which a method's value is best; the first of equals.
  ///
  /// It was chosen by looking at all layers, so its own value is optimistic: the adjusted p value accounts
  /// for that, the interval does not.
  ///
  /// - Parameters:
  ///   - method: A method, or a variant of one.
  ///   - category: A category; all points if not given.
  /// - Returns: `nil` if no layer has a finite value, or all have the same, or the method has no better
  ///   end.
  public func bestLayer(of method: MethodName, category: String? = nil) -> Int? {
    guard let preference = index(method).map({ type(of: $0).betterWhen }) else { return nil }
    var best: (layer: Int, value: Double)?
    var values: Set<Double> = []
    for cell in cells(of: method, category: category) {
      guard let layer = cell.layer, let value = cell.measurement.value.finiteValue else { continue }
      values.insert(value)
      if best.map({ preference.isBetter(value, than: $0.value) }) ?? true { best = (layer, value) }
    }
    return values.count > 1 ? best?.layer : nil
  }

  /// Every number as a record.
  ///
  /// - Parameters:
  ///   - study: The name of the study.
  ///   - analysis: The name of the analysis in the study.
  /// - Returns: The value of each cell, followed by the numbers that belong beside it; then those of the
  ///   pool.
  public func records(study: String?, analysis: String?) -> [Record] {
    (cells + (pool?.cells ?? [])).flatMap { cell in
      ([cell.measurement] + cell.details).map { measurement in
        var record = Record(measurement, method: cell.name.identifier, layer: cell.layer)
        record.study = study
        record.analysis = analysis
        record.variant = cell.name.variant
        record.dump = dump.path
        record.category = cell.category ?? selection
        record.seed = seed
        return record
      }
    }
  }
}

extension QualityOutcome {
  private func index(_ method: MethodName) -> (any ClusterIndex)? {
    indices.first { $0.name == method }?.index
  }

  /// What stands above a method's column.
  func header(of method: MethodName) -> String {
    guard let index = index(method) else { return method.description }
    let abbreviation = type(of: index).abbreviation
    return method.variant.map { "\(abbreviation) \($0)" } ?? abbreviation
  }

  /// Which way of a method's column is the good one.
  func arrow(of method: MethodName) -> String {
    guard let index = index(method) else { return "" }
    return type(of: index).betterWhen == .higher ? " ↑" : " ↓"
  }
}
