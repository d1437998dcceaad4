internal import Evaluation
internal import TextSuggestions

/// Makes method values of any catalogue from their names and settings.
enum MethodFactory {
  /// A method, or a variant of one, with some settings changed.
  ///
  /// - Parameters:
  ///   - type: The method.
  ///   - name: Its name as it was given, which may have a variant.
  ///   - published: What a compatibility bundle changes, and the bundle's name; its settings win over the
  ///     variant's, and the two exclude each other.
  ///   - overrides: Settings as a recipe gives them; they win over those.
  ///   - assignments: Settings as text; they win over `overrides`.
  /// - Returns: The method.
  /// - Throws: ``StudyError/usage(_:)`` for a variant that the method does not have or that a bundle
  ///   contradicts, or the settings' `EvaluationError`.
  static func make<Entry: CatalogEntry>(
    _ type: Entry.Type, named name: MethodName, published: (name: String, overrides: SettingValue)?,
    overrides: SettingValue, assignments: [String: String]
  ) throws -> Entry {
    if let variant = name.variant, let published {
      throw StudyError.usage(
        "\(name) and the compatibility \(published.name) both say what \(name.identifier) is; "
          + "name the method without /\(variant), or leave the compatibility out")
    }
    let variant = try Settings.decode(type, overrides: try self.overrides(of: name, type))
    let bundled = try Settings.change(variant, overrides: published?.overrides ?? [:])
    return try Settings.change(bundled, overrides: overrides, assignments: assignments)
  }

  /// The settings of a variant; none without one.
  private static func overrides(
    of name: MethodName, _ type: any CatalogEntry.Type
  ) throws -> SettingValue {
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
  static func name(of method: any CatalogEntry) throws(EvaluationError) -> MethodName {
    MethodName(type(of: method).identifier, variant: try Settings.variant(of: method))
  }
}
