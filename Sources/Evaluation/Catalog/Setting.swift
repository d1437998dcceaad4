/// One setting of a method: its name, what it accepts and its default.
public struct Setting: Sendable, Hashable, Codable {
  /// The name; the parts of a nested setting are joined by dots.
  public let name: String
  /// What it accepts, in words: "a whole number", "one of a, b".
  public let accepts: String
  /// The allowed values where the setting is a choice, else empty.
  public let choices: [String]
  /// The value it has if nothing else is said.
  public let defaultValue: SettingValue

  /// Describes a setting.
  ///
  /// - Parameters:
  ///   - name: The name; the parts of a nested setting are joined by dots.
  ///   - accepts: What it accepts, in words.
  ///   - choices: The allowed values where the setting is a choice.
  ///   - defaultValue: The value it has if nothing else is said.
  public init(name: String, accepts: String, choices: [String], defaultValue: SettingValue) {
    self.name = name
    self.accepts = accepts
    self.choices = choices
    self.defaultValue = defaultValue
  }
}
