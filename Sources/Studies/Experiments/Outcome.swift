public import Activations
public import Evaluation

/// What an experiment measured, ready to be recorded and shown.
public protocol Outcome: Sendable {
  /// The dump that was measured, or that methods were fitted on.
  var dump: ActivationDump { get }
  /// The other dumps that were measured.
  var testDumps: [ActivationDump] { get }
  /// Every setting with its resolved value.
  var settings: [String: SettingValue] { get }
  /// Whether every layer was measured; `false` after an interruption.
  var isComplete: Bool { get }
  /// Whether nothing was measured at all.
  var isEmpty: Bool { get }
  /// What the user should know about the outcome as a whole.
  var warnings: [String] { get }

  /// Every number as a record.
  ///
  /// - Parameters:
  ///   - study: The name of the study.
  ///   - analysis: The name of the analysis in the study.
  /// - Returns: Records in a fixed order.
  func records(study: String?, analysis: String?) -> [Record]

  /// The outcome as text for people, 80 columns wide.
  ///
  /// - Parameters:
  ///   - style: Whether to use colour.
  ///   - explains: Whether the meaning of columns is said below each table.
  /// - Returns: Lines without newlines.
  /// - Throws: `ActivationsError` if texts that are to be shown cannot be read.
  func lines(style: TerminalStyle, explains: Bool) throws -> [String]
}

extension Outcome {
  /// Every number as a record of no study.
  ///
  /// - Returns: Records in a fixed order.
  public func records() -> [Record] { records(study: nil, analysis: nil) }
}
