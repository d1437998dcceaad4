public import Evaluation
public import Steering

/// Makes steering methods from their names and settings, as recipes and the command line give them.
public enum SteeringFactory {
  /// A method of the catalogue, or a variant of one, with some settings changed.
  ///
  /// - Parameters:
  ///   - name: The method's identifier, and after a slash a variant's name.
  ///   - overrides: Settings as a recipe gives them; they win over the variant's.
  ///   - assignments: Settings as text; they win over `overrides`.
  /// - Returns: The method.
  /// - Throws: `SteeringError/unknownMethod(name:known:)`, ``StudyError/usage(_:)`` for a variant that the
  ///   method does not have, or the settings' `EvaluationError`.
  public static func method(
    named name: String, overrides: SettingValue = [:], assignments: [String: String] = [:]
  ) throws -> any SteeringMethod {
    let name = MethodName(parsing: name)
    func make<Method: SteeringMethod>(_ type: Method.Type) throws -> any SteeringMethod {
      try MethodFactory.make(
        type, named: name, published: nil, overrides: overrides, assignments: assignments)
    }
    return try make(try SteeringCatalog.method(named: name.identifier))
  }

  /// The method, and the variant that its settings are those of.
  ///
  /// - Parameter method: The method.
  /// - Returns: Its name in results.
  /// - Throws: `EvaluationError` if a variant names a setting that the method does not have.
  public static func name(of method: any SteeringMethod) throws(EvaluationError) -> MethodName {
    try MethodFactory.name(of: method)
  }
}
