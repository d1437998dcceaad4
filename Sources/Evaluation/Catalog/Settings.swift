#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Lays settings over a method's defaults, and lists them.
///
/// Recipes give an object, the command line gives text (`--set method.setting=value`), and both mean
/// the same: start from the defaults, refuse a name that the method does not have, change the rest,
/// decode. Synthesised `Codable` alone does neither: it fails on a missing key despite the default
/// value, and silently ignores a misspelt one.
public enum Settings {
  /// Creates a method from its defaults with some settings changed.
  ///
  /// - Parameters:
  ///   - type: The method.
  ///   - overrides: An object of the settings to change, as recipes give it. A nested setting is an
  ///     object in the object or a name with dots.
  ///   - assignments: Settings to change as text, as the command line gives them, by their names with
  ///     dots. They win over `overrides`.
  /// - Returns: The method with its settings.
  /// - Throws: ``EvaluationError/unknownSetting(method:name:suggestion:known:)`` or
  ///   ``EvaluationError/invalidSetting(method:name:value:expected:)``.
  public static func decode<Entry: CatalogEntry>(
    _ type: Entry.Type, overrides: SettingValue = [:], assignments: [String: String] = [:]
  ) throws(EvaluationError) -> Entry {
    try change(type.init(), overrides: overrides, assignments: assignments)
  }

  /// Changes some settings of a method.
  ///
  /// - Parameters:
  ///   - entry: The method; what is not changed stays as it is.
  ///   - overrides: As in ``decode(_:overrides:assignments:)``.
  ///   - assignments: As there.
  /// - Returns: The method with its settings.
  /// - Throws: As there.
  public static func change<Entry: CatalogEntry>(
    _ entry: Entry, overrides: SettingValue = [:], assignments: [String: String] = [:]
  ) throws(EvaluationError) -> Entry {
    var overlay = try SettingsOverlay(of: entry)
    try overlay.apply(overrides)
    for (name, text) in assignments.sorted(by: { $0.key < $1.key }) {
      try overlay.assign(text, to: name)
    }
    return try overlay.decoded(as: Entry.self)
  }

  /// Returns a method's settings with their defaults, in the order of their declaration.
  ///
  /// - Parameter type: The method.
  /// - Returns: The settings; those of a nested value one by one, under names with dots.
  /// - Throws: ``EvaluationError/unreadableSettings(method:reason:)`` if the type is at fault.
  public static func defaults<Entry: CatalogEntry>(
    of type: Entry.Type
  ) throws(EvaluationError) -> [Setting] {
    try SettingsOverlay(of: type).listed()
  }

  /// Returns all settings of a method value, to be kept with its results.
  ///
  /// - Parameter entry: The method.
  /// - Returns: An object that ``decode(_:overrides:assignments:)`` turns into an equal method.
  /// - Throws: ``EvaluationError/unreadableSettings(method:reason:)`` if the type is at fault.
  public static func resolved<Entry: CatalogEntry>(
    _ entry: Entry
  ) throws(EvaluationError) -> SettingValue {
    try SettingsOverlay(of: entry).values
  }
}

extension SettingValue {
  /// What a value encodes to.
  init(encoding value: some Encodable) throws {
    self = try JSONDecoder().decode(SettingValue.self, from: JSONEncoder().encode(value))
  }

  /// Reads JSON text.
  init(json text: String) throws {
    self = try JSONDecoder().decode(SettingValue.self, from: Data(text.utf8))
  }

  /// Decodes a value from this one.
  func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: JSONEncoder().encode(self))
  }
}
