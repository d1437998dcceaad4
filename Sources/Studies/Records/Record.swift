public import Evaluation

/// One measured number with everything needed to read it alone: one row of a tidy table.
///
/// Columns that do not apply are empty. An undefined or infinite metric has no estimate and a flag that
/// gives the reason.
public struct Record: Sendable, Equatable {
  /// The study that asked for the number.
  public var study: String?
  /// The analysis of the study.
  public var analysis: String?
  /// The dump that was measured.
  public var dump: String?
  /// The dump that the method was fitted on, where it is another one.
  public var trainDump: String?
  /// The method's identifier.
  public var method: String?
  /// The variant of the method.
  public var variant: String?
  /// The control that this number belongs to; empty for the method itself.
  public var control: String?
  /// The layer, 0 for the embeddings.
  public var layer: Int?
  /// The fold, or that this is a mean over them; empty for a single split.
  public var fold: String?
  /// The category of samples that the number is about.
  public var category: String?
  /// A steering coefficient.
  public var coefficient: Double?
  /// The unit of the estimate.
  public var unit: String?
  /// The metric's name.
  public var metric: String
  /// The measured number.
  public var estimate: Double?
  /// The lower end of the interval.
  public var lower: Double?
  /// The upper end of the interval.
  public var upper: Double?
  /// The interval's level.
  public var level: Double?
  /// What a method without signal would have.
  public var chance: Double?
  /// How often chance does as well.
  public var pValue: Double?
  /// The same, corrected for having looked at every layer.
  public var pValueAdjusted: Double?
  /// How many samples were measured.
  public var samples: Int?
  /// How many independent groups they form.
  public var groups: Int?
  /// The seed of the run.
  public var seed: UInt64?
  /// What a reader must know before trusting the number.
  public var flags: [Flag]

  /// Creates a record from a measurement; the columns that say where it comes from are set afterwards.
  ///
  /// - Parameters:
  ///   - measurement: The measured value with its interval and chance level.
  ///   - method: The method's identifier.
  ///   - layer: The layer.
  public init(_ measurement: Measurement, method: String? = nil, layer: Int? = nil) {
    self.method = method
    self.layer = layer
    metric = measurement.metric
    estimate = measurement.value.finiteValue
    lower = measurement.interval?.lower
    upper = measurement.interval?.upper
    level = measurement.interval?.level
    chance = measurement.chance
    pValue = measurement.pValue
    pValueAdjusted = measurement.pValueAdjusted
    samples = measurement.sampleCount
    // The groups of training samples are not counted.
    groups = measurement.groupCount > 0 ? measurement.groupCount : nil
    flags = measurement.flags
  }
}

/// One column of the table of records: the only place that names it.
struct RecordColumn: Sendable {
  /// What stands in a cell.
  enum Cell: Sendable {
    case text(String?)
    case integer(Int?)
    case unsigned(UInt64?)
    case number(Double?)
    case flags([Flag])
  }

  let name: String
  let cell: @Sendable (Record) -> Cell

  static let all: [RecordColumn] = [
    RecordColumn(name: "study") { .text($0.study) },
    RecordColumn(name: "analysis") { .text($0.analysis) },
    RecordColumn(name: "dump") { .text($0.dump) },
    RecordColumn(name: "trainDump") { .text($0.trainDump) },
    RecordColumn(name: "method") { .text($0.method) },
    RecordColumn(name: "variant") { .text($0.variant) },
    RecordColumn(name: "control") { .text($0.control) },
    RecordColumn(name: "layer") { .integer($0.layer) },
    RecordColumn(name: "fold") { .text($0.fold) },
    RecordColumn(name: "category") { .text($0.category) },
    RecordColumn(name: "coefficient") { .number($0.coefficient) },
    RecordColumn(name: "unit") { .text($0.unit) },
    RecordColumn(name: "metric") { .text($0.metric) },
    RecordColumn(name: "estimate") { .number($0.estimate) },
    RecordColumn(name: "lower") { .number($0.lower) },
    RecordColumn(name: "upper") { .number($0.upper) },
    RecordColumn(name: "level") { .number($0.level) },
    RecordColumn(name: "chance") { .number($0.chance) },
    RecordColumn(name: "pValue") { .number($0.pValue) },
    RecordColumn(name: "pValueAdjusted") { .number($0.pValueAdjusted) },
    RecordColumn(name: "samples") { .integer($0.samples) },
    RecordColumn(name: "groups") { .integer($0.groups) },
    RecordColumn(name: "seed") { .unsigned($0.seed) },
    RecordColumn(name: "flags") { .flags($0.flags) },
  ]
}

extension Record: Encodable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Writes every column, `null` where it does not apply.
  ///
  /// - Parameter encoder: The encoder.
  /// - Throws: An encoding error for a number that is not finite.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for column in RecordColumn.all {
      let key = Key(column.name)
      switch column.cell(self) {
      case .text(let value): try container.encode(value, forKey: key)
      case .integer(let value): try container.encode(value, forKey: key)
      case .unsigned(let value): try container.encode(value, forKey: key)
      case .number(let value): try container.encode(value, forKey: key)
      case .flags(let value): try container.encode(value, forKey: key)
      }
    }
  }
}
