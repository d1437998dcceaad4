internal import Activations
public import Evaluation
internal import Steering

/// What an analysis of a study asks of steering vectors: the key `steering` of a recipe.
public struct SteeringRequest: Sendable, Equatable {
  /// Methods and the settings that differ from their defaults; those that can read the dump if empty.
  public let methods: [String: SettingValue]
  /// Which states are the positive side.
  public let sides: SteeringSides

  /// Reads the key.
  init(_ object: RecipeObject) throws(StudyError) {
    methods = try object.object("methods")
    sides = try object.choice("sides") ?? .stored
  }

  /// The keys that a recipe may give.
  static let keys = ["methods", "sides"]

  /// The methods with their settings.
  func methods(for dump: ActivationDump) throws -> [any SteeringMethod] {
    let names =
      methods.isEmpty ? SteeringFitExperiment.defaultMethods(for: dump) : methods.keys.sorted()
    return try names.map { name in
      try SteeringFactory.method(named: name, overrides: methods[name] ?? [:])
    }
  }
}

/// What an analysis of a study asks of the sweep that its dump holds: the key `sweep` of a recipe.
public struct SweepRequest: Sendable, Equatable {
  /// The attribute and the value of the samples whose behaviour is measured; all if `nil`.
  let behaviour: (attribute: String, value: String)?
  /// The same of those whose helpfulness is measured.
  let helpfulness: (attribute: String, value: String)?

  /// Reads the key.
  init(_ object: RecipeObject) throws(StudyError) {
    func selection(_ name: String) throws(StudyError) -> (attribute: String, value: String)? {
      let given = try object.object(name)
      guard given.count <= 1 else {
        throw .invalid("sweep.\(name) chooses by one attribute only, and \(given.count) are given")
      }
      return given.first.map { ($0.key, $0.value.description) }
    }
    behaviour = try selection("behaviour")
    helpfulness = try selection("helpfulness")
  }

  /// The keys that a recipe may give.
  static let keys = ["behaviour", "helpfulness"]

  /// Two requests are equal if they choose the same samples.
  public static func == (first: SweepRequest, second: SweepRequest) -> Bool {
    first.behaviour?.attribute == second.behaviour?.attribute
      && first.behaviour?.value == second.behaviour?.value
      && first.helpfulness?.attribute == second.helpfulness?.attribute
      && first.helpfulness?.value == second.helpfulness?.value
  }
}
