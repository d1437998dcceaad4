public import Evaluation
public import Probes

/// Makes probes from their names and settings, as recipes and the command line give them.
public enum ProbeFactory {
  /// A probe of the catalogue, or a variant of one, with some settings changed.
  ///
  /// - Parameters:
  ///   - name: The method's identifier, and after a slash a variant's name.
  ///   - compatibility: The published implementation whose settings it gets; they win over the variant's.
  ///   - overrides: Settings as a recipe gives them; they win over those.
  ///   - assignments: Settings as text; they win over `overrides`.
  /// - Returns: The method.
  /// - Throws: `ProbeError/unknownMethod(name:known:)`, ``StudyError/usage(_:)`` for a variant that the
  ///   method does not have, or the settings' `EvaluationError`.
  public static func probe(
    named name: String, compatibility: Compatibility? = nil, overrides: SettingValue = [:],
    assignments: [String: String] = [:]
  ) throws -> any Probe {
    let name = MethodName(parsing: name)
    func make<Method: Probe>(_ type: Method.Type) throws -> any Probe {
      let published = compatibility.flatMap { bundle in
        bundle.overrides[type.identifier].map { (bundle.rawValue, $0) }
      }
      return try MethodFactory.make(
        type, named: name, published: published, overrides: overrides, assignments: assignments)
    }
    return try make(try ProbeCatalog.probe(named: name.identifier))
  }

  /// The method, and the variant that its settings are those of.
  ///
  /// - Parameter method: The method.
  /// - Returns: Its name in results.
  /// - Throws: `EvaluationError` if a variant names a setting that the method does not have.
  public static func name(of method: any Probe) throws(EvaluationError) -> MethodName {
    try MethodFactory.name(of: method)
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
