/// Something that is known about each sample besides its class, such as its topic or its wording.
///
/// It is what a probe may find instead of the label, and what samples can be chosen by.
public struct SampleAttribute: Equatable, Sendable {
  /// The role that holds it: `categories`, or `attributes.<feature>`.
  public let role: ArrayRole
  /// What it is called.
  public let name: String
  /// The value of each sample.
  public let values: [Int]
  /// Display names of the values, by number, where the manifest gives them.
  public let valueNames: [String]?

  /// An attribute with its values.
  ///
  /// - Parameters:
  ///   - role: the role that holds it.
  ///   - name: what the manifest calls it; the role's own name if not given.
  ///   - values: the value of each sample.
  ///   - valueNames: display names of the values, by number.
  init(role: ArrayRole, name: String?, values: [Int], valueNames: [String]?) {
    self.role = role
    self.name = name ?? role.attributeName ?? role.identifier
    self.values = values
    self.valueNames = valueNames
  }

  /// The name of a value, or its number.
  ///
  /// - Parameter value: a value.
  /// - Returns: a text for people.
  public func label(of value: Int) -> String {
    guard let valueNames, valueNames.indices.contains(value) else { return "\(value)" }
    return valueNames[value]
  }

  /// Whether a user may call it so: by its name or role, and the categories `category`, too.
  ///
  /// - Parameter name: what the user wrote.
  /// - Returns: `true` if it is meant.
  public func isCalled(_ name: String) -> Bool {
    name == self.name || name == role.identifier || (role == .categories && name == "category")
  }
}
