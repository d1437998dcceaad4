public import Evaluation
public import Probes

/// Makes methods from their names and settings, as recipes and the command line give them.
public enum ProbeFactory {
  /// A method of the catalogue with some settings changed.
  ///
  /// - Parameters:
  ///   - identifier: The method's name.
  ///   - overrides: Settings as a recipe or a compatibility bundle gives them.
  ///   - assignments: Settings as text; they win over `overrides`.
  /// - Returns: The method.
  /// - Throws: `ProbeError/unknownMethod(name:known:)` or the settings' `EvaluationError`.
  public static func probe(
    named identifier: String, overrides: SettingValue = [:], assignments: [String: String] = [:]
  ) throws -> any Probe {
    func make<Method: Probe>(_ type: Method.Type) throws -> any Probe {
      try Settings.decode(type, overrides: overrides, assignments: assignments)
    }
    return try make(try ProbeCatalog.probe(named: identifier))
  }

  /// Every setting of a method with its value.
  ///
  /// - Parameter method: The method.
  /// - Returns: An object of settings.
  /// - Throws: `EvaluationError` if a setting cannot be encoded.
  public static func resolvedSettings(of method: any Probe) throws(EvaluationError) -> SettingValue
  {
    try Settings.resolved(method)
  }
}
