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

/// What an analysis of a study asks of a sweep: the key `sweep` of a recipe.
///
/// The sweep that its dump holds, or, with a method and a layer, that of what is read from its states.
public struct SweepRequest: Sendable, Equatable {
  /// The attribute and the value of the samples whose behaviour is measured; all if `nil`.
  let behaviour: (attribute: String, value: String)?
  /// The same of those whose helpfulness is measured.
  let helpfulness: (attribute: String, value: String)?
  /// The method whose vector is swept by what is read from the states; `nil` for the sweep that the dump holds.
  let readout: Readout?

  /// A sweep of read-outs.
  struct Readout: Sendable, Equatable {
    let method: String
    let layer: Int
    let sides: SteeringSides
  }

  /// Reads the key.
  init(_ object: RecipeObject) throws(StudyError) {
    let sides: SteeringSides? = try object.choice("sides")
    if object.has("method") {
      readout = Readout(
        method: try object.string("method"), layer: try object.integer("layer", default: 0),
        sides: sides ?? .stored)
    } else {
      guard sides == nil, !object.has("layer") else {
        throw .invalid("sweep.layer and sweep.sides go with sweep.method, and that is not given")
      }
      readout = nil
    }
    func selection(_ name: String) throws(StudyError) -> (attribute: String, value: String)? {
      let given = try object.object(name)
      guard given.count <= 1 else {
        throw .invalid("sweep.\(name) chooses by one attribute only, and \(given.count) are given")
      }
      return given.first.map { ($0.key, $0.value.description) }
    }
    behaviour = try selection("behaviour")
    helpfulness = try selection("helpfulness")
    if readout != nil, behaviour != nil || helpfulness != nil {
      throw .invalid(
        "sweep.method is for what is read from states, and sweep.behaviour and sweep.helpfulness are for a sweep "
          + "that the dump holds; write an analysis for each")
    }
  }

  /// The keys that a recipe may give.
  static let keys = ["behaviour", "helpfulness", "method", "layer", "sides"]

  /// Two requests are equal if they choose the same samples.
  public static func == (first: SweepRequest, second: SweepRequest) -> Bool {
    first.behaviour?.attribute == second.behaviour?.attribute
      && first.behaviour?.value == second.behaviour?.value
      && first.helpfulness?.attribute == second.helpfulness?.attribute
      && first.helpfulness?.value == second.helpfulness?.value && first.readout == second.readout
  }
}
