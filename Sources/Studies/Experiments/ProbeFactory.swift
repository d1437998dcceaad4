public import Evaluation
public import Probes
internal import TextSuggestions

/// Makes methods from their names and settings, as recipes and the command line give them.
public enum ProbeFactory {
  /// A method of the catalogue, or a variant of one, with some settings changed.
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
    if let variant = name.variant, let compatibility,
      compatibility.overrides[name.identifier] != nil
    {
      throw StudyError.usage(
        "\(name) and the compatibility \(compatibility.rawValue) both say what \(name.identifier) is; "
          + "name the method without /\(variant), or leave the compatibility out")
    }
    func make<Method: Probe>(_ type: Method.Type) throws -> any Probe {
      let variant = try Settings.decode(type, overrides: try self.overrides(of: name, type))
      let published = try Settings.change(
        variant, overrides: compatibility?.overrides[type.identifier] ?? [:])
      return try Settings.change(published, overrides: overrides, assignments: assignments)
    }
    return try make(try ProbeCatalog.probe(named: name.identifier))
  }

  /// The settings of a variant; none without one.
  private static func overrides(of name: MethodName, _ type: any Probe.Type) throws -> SettingValue
  {
    guard let wanted = name.variant else { return [:] }
    if let variant = type.variants.first(where: { $0.name == wanted }) { return variant.overrides }
    guard !type.variants.isEmpty else {
      throw StudyError.usage("\(type.identifier) has no variants, so no \"\(wanted)\"")
    }
    throw StudyError.usage(
      "\(type.identifier) has no variant \"\(wanted)\"; "
        + Suggestion.phrase(for: wanted, among: type.variants.map(\.name)))
  }

  /// The method, and the variant that its settings are those of.
  ///
  /// - Parameter method: The method.
  /// - Returns: Its name in results.
  /// - Throws: `EvaluationError` if a variant names a setting that the method does not have.
  public static func name(of method: any Probe) throws(EvaluationError) -> MethodName {
    MethodName(type(of: method).identifier, variant: try Settings.variant(of: method))
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
