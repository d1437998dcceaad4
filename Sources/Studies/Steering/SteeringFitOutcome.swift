public import Activations
public import Evaluation
internal import Steering

/// What a ``SteeringFitExperiment`` found.
public struct SteeringFitOutcome: Outcome {
  /// The dump.
  public let dump: ActivationDump
  /// No other dumps.
  public var testDumps: [ActivationDump] { [] }
  /// The methods, or variants of them, in the order asked for.
  public let methods: [MethodName]
  /// Whether the states are contrast pairs.
  let hasPairs: Bool
  /// How many samples vectors were learned from.
  let trainCount: Int
  /// How many samples they were read on.
  let testCount: Int
  /// Which samples were used; `nil` for all.
  public let selection: String?
  /// Every setting with its resolved value.
  public let settings: [String: SettingValue]
  /// The seed of the split and of what methods draw.
  public let seed: UInt64
  /// One cell a method and layer, layer by layer.
  public let cells: [SteeringCell]
  /// Whether every layer was fitted; `false` after an interruption.
  public let isComplete: Bool

  /// Whether nothing was fitted at all.
  public var isEmpty: Bool { cells.isEmpty }
  /// Nothing.
  public var warnings: [String] { [] }

  /// The cells of a method, by layer.
  ///
  /// - Parameter method: A method, or a variant of one.
  /// - Returns: Cells in order of layer.
  public func cells(of method: MethodName) -> [SteeringCell] { cells.filter { $0.name == method } }

  /// Every number as a record.
  ///
  /// - Parameters:
  ///   - study: The name of the study.
  ///   - analysis: The name of the analysis in the study.
  /// - Returns: The numbers of each cell, followed by those of its controls.
  public func records(study: String?, analysis: String?) -> [Record] {
    cells.flatMap { cell in
      let own = cell.measurements.map { ($0, String?.none, cell.flags) }
      let controls = cell.controls.map { ($0.measurement, Optional($0.control), [Flag]()) }
      return (own + controls).map { measurement, control, flags in
        var record = Record(measurement, method: cell.name.identifier, layer: cell.layer)
        record.study = study
        record.analysis = analysis
        record.variant = cell.name.variant
        record.control = control
        record.dump = dump.path
        record.category = selection
        record.seed = seed
        record.flags += flags.filter { !record.flags.contains($0) }
        return record
      }
    }
  }

  /// Adds the cosine of each direction to the same method's at the layer before.
  static func withNeighbours(_ cells: [SteeringCell]) -> [SteeringCell] {
    var previous: [MethodName: SteeringDirection] = [:]
    return cells.map { cell in
      var cell = cell
      if let direction = cell.direction {
        if let before = previous[cell.name], let first = cell.measurements.first {
          cell.measurements.append(
            Measurement(
              metric: SteeringMetric.cosineToPrevious,
              value: .finite(direction.cosine(to: before.vector)), sampleCount: first.sampleCount,
              groupCount: first.groupCount))
        }
      }
      previous[cell.name] = cell.direction
      return cell
    }
  }
}
