/// A named definition of a method where papers, or implementations, differ: the settings by which it
/// departs from the method's defaults.
///
/// A method value *is* of a variant if its settings agree with the variant's, however they were set. A variant
/// may repeat the defaults, so that a method that has no one definition always says which of them it is.
public struct MethodVariant: Sendable, Equatable {
  /// The name in recipes, on the command line and in results, in kebab case.
  public let name: String
  /// One line of help.
  public let summary: String
  /// The settings that make the variant.
  public let overrides: SettingValue

  /// Names a variant.
  ///
  /// - Parameters:
  ///   - name: The name in kebab case; unique within its method.
  ///   - summary: One line of help.
  ///   - overrides: An object of the settings that make the variant.
  public init(_ name: String, summary: String, overrides: SettingValue) {
    self.name = name
    self.summary = summary
    self.overrides = overrides
  }
}

extension Settings {
  /// The variant that a method value is of: the one whose settings it has, the most specific if several.
  ///
  /// - Parameter entry: The method.
  /// - Returns: A variant's name; `nil` if the value is of none.
  /// - Throws: ``EvaluationError`` if a variant names a setting that the method does not have.
  public static func variant<Entry: CatalogEntry>(
    of entry: Entry
  ) throws(EvaluationError) -> String? {
    let own = try SettingsOverlay(of: entry).values
    var best: (name: String, distance: Int)?
    for variant in Entry.variants {
      var overlay = try SettingsOverlay(of: entry)
      try overlay.apply(variant.overrides)
      guard overlay.values == own else { continue }
      let distance = try self.distance(of: variant, from: Entry.self)
      if distance > best?.distance ?? -1 { best = (variant.name, distance) }
    }
    return best?.name
  }

  /// How many settings a variant changes.
  private static func distance<Entry: CatalogEntry>(
    of variant: MethodVariant, from type: Entry.Type
  ) throws(EvaluationError) -> Int {
    var overlay = try SettingsOverlay(of: type)
    let defaults = overlay.listed()
    try overlay.apply(variant.overrides)
    return zip(defaults, overlay.listed()).count { $0.defaultValue != $1.defaultValue }
  }
}
