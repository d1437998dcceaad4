import Evaluation
import Testing

/// A method with every kind of setting.
private struct ExampleMethod: CatalogEntry, Equatable {
  enum Solver: String, Codable, CaseIterable {
    case adamW = "adam-w"
    case lbfgs
  }
  enum Form: Codable, Equatable {
    case crisp
    case fuzzy(exponent: Double)
  }
  struct Stopping: Codable, Equatable {
    var epochs = 1000
    var tolerance = 1.0
    var patience: Int?
  }

  static let identifier = "example-method"
  static let summary = "An example."
  static let source = Citation(authors: "Nobody", year: 2024, title: "Nothing")
  static let variants = [
    MethodVariant("newton", summary: "Another solver.", overrides: ["solver": "lbfgs"]),
    MethodVariant(
      "patient", summary: "Another solver, stopped late.",
      overrides: ["solver": "lbfgs", "stopping.patience": 5]),
  ]

  var tries = 10
  var learningRate = 1.0
  var normalize = true
  var label = "plain"
  var solver = Solver.adamW
  var fallback: Solver?
  var shrinkage: Double?
  var quantiles = [0.5]
  var layers: [Int] = []
  var stopping = Stopping()
  var form = Form.crisp
}

/// A method whose decoding refuses a value.
private struct StrictMethod: CatalogEntry {
  static let identifier = "strict-method"
  static let summary = "An example."
  static let source = Citation(authors: "Nobody", year: 2024, title: "Nothing")
  var share = 0.5

  private enum CodingKeys: String, CodingKey { case share }
  init() {}
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    share = try container.decode(Double.self, forKey: .share)
    guard share < 1 else {
      throw DecodingError.dataCorruptedError(
        forKey: .share, in: container, debugDescription: "a share is below 1")
    }
  }
}

/// A method without a definition of its own: each has a name, that of the defaults too.
private struct ManyDefinitions: CatalogEntry {
  static let identifier = "many-definitions"
  static let summary = "An example."
  static let source = Citation(authors: "Nobody", year: 2024, title: "Nothing")
  static let variants = [
    MethodVariant("first", summary: "The default.", overrides: ["definition": "first"]),
    MethodVariant("second", summary: "Another.", overrides: ["definition": "second"]),
    MethodVariant(
      "second-as-released", summary: "Another, with its mistakes.",
      overrides: ["definition": "second", "asReleased": true]),
  ]

  var definition = "first"
  var weight = 0.5
  var asReleased = false
}

@Suite struct SettingsTests {
  private func refusal(
    overrides: SettingValue = [:], assignments: [String: String] = [:]
  ) -> EvaluationError? {
    do {
      _ = try Settings.decode(
        ExampleMethod.self, overrides: overrides, assignments: assignments)
      return nil
    } catch {
      return error
    }
  }

  @Test func withoutChangesTheDefaultsRemain() throws {
    #expect(try Settings.decode(ExampleMethod.self) == ExampleMethod())
  }

  /// Oracle: the same method written in Swift.
  @Test func textAndObjectsMeanTheSame() throws {
    var expected = ExampleMethod()
    expected.tries = 3
    expected.learningRate = 0.01
    expected.normalize = false
    expected.label = "12"
    expected.solver = .lbfgs
    expected.fallback = .adamW
    expected.shrinkage = 2
    expected.quantiles = [0.25, 0.75]
    expected.layers = [1, 4]
    expected.stopping.tolerance = 1e-6
    expected.stopping.patience = 5
    expected.form = .fuzzy(exponent: 2)
    let fromText = try Settings.decode(
      ExampleMethod.self,
      assignments: [
        "tries": "3", "learningRate": "1e-2", "normalize": "false", "label": "12",
        "solver": "lbfgs", "fallback": "adam-w", "shrinkage": "2", "quantiles": "0.25, 0.75",
        "layers": "[1, 4]", "stopping.tolerance": "1e-6", "stopping.patience": "5",
        "form.fuzzy.exponent": "2",
      ])
    #expect(fromText == expected)
    let fromObject = try Settings.decode(
      ExampleMethod.self,
      overrides: [
        "tries": 3, "learningRate": 0.01, "normalize": false, "label": "12", "solver": "lbfgs",
        "fallback": "adam-w", "shrinkage": 2, "quantiles": [0.25, 0.75], "layers": [1, 4],
        "stopping": ["tolerance": 1e-6], "stopping.patience": 5,
        "form": ["fuzzy": ["exponent": 2]],
      ])
    #expect(fromObject == expected)
    // What is kept with results gives the same method again.
    #expect(
      try Settings.decode(ExampleMethod.self, overrides: Settings.resolved(expected)) == expected)
  }

  @Test func textWinsOverTheRecipe() throws {
    let method = try Settings.decode(
      ExampleMethod.self, overrides: ["tries": 3, "shrinkage": 0.5, "form": "crisp"],
      assignments: ["tries": "4", "shrinkage": "none"])
    #expect(method.tries == 4)
    #expect(method.shrinkage == nil)
  }

  @Test(arguments: [
    ("triez", "tries"), ("Tries", "tries"), ("learning-rate", "learningRate"),
    ("stopping.epoch", "stopping.epochs"), ("shrinkaeg", "shrinkage"),
  ])
  func aMisspeltNameIsRefusedWithWhatWasMeant(name: String, meant: String) throws {
    for error in [refusal(assignments: [name: "1"]), refusal(overrides: .object([name: 1]))] {
      guard case .unknownSetting(let method, name, let suggestion, let known) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(method == "example-method")
      #expect(suggestion == meant)
      #expect(known.contains(meant) && known.contains("stopping.patience"))
      #expect("\(try #require(error))".contains("did you mean \"\(meant)\"?"))
    }
  }

  @Test func aNameLikeNoOtherGetsTheListAlone() {
    guard case .unknownSetting(_, _, let suggestion, let known) = refusal(assignments: ["zz": "1"])
    else {
      Issue.record("not refused")
      return
    }
    #expect(suggestion == nil)
    #expect(known.count == 13)
  }

  @Test func aKeyThatANestedTypeIgnoresIsRefused() {
    let error = refusal(overrides: ["form": ["fuzzy": ["exponent": 2, "exponnt": 3]]])
    guard case .unknownSetting(_, "form.fuzzy.exponnt", _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: [
    ("tries", "many", "a whole number"), ("tries", "1.5", "a whole number"),
    ("learningRate", "fast", "a number"), ("learningRate", "nan", "a number"),
    ("learningRate", "inf", "a number"), ("normalize", "maybe", "true or false"),
    ("quantiles", "0.5,x", "a number"), ("stopping", "5", "an object"),
    ("solver", "lbgfs", "one of adam-w, lbfgs; did you mean \"lbfgs\"?"),
    ("fallback", "adam", "one of adam-w, lbfgs"), ("form", "soft", "method accepts"),
  ])
  func aValueOfTheWrongKindIsRefusedWithWhatIsAllowed(
    name: String, text: String, allowed: String
  ) throws {
    let error = try #require(refusal(assignments: [name: text]))
    guard case .invalidSetting = error else {
      Issue.record("\(error)")
      return
    }
    #expect("\(error)".contains(allowed), "\(error)")
    #expect("\(error)".contains(text.split(separator: ",").last ?? ""), "\(error)")
  }

  @Test func valuesOfTheWrongKindInARecipeAreRefused() {
    let wrong: [SettingValue] = [
      ["tries": "3"], ["tries": 1.5], ["learningRate": true], ["normalize": 1], ["label": 3],
      ["solver": 1], ["quantiles": 0.5], ["tries": nil], ["stopping": 3], [1, 2], "text",
    ]
    for overrides in wrong {
      guard case .invalidSetting = refusal(overrides: overrides) else {
        Issue.record("\(overrides) was taken")
        continue
      }
    }
  }

  @Test func whatTheMethodItselfRefusesIsSaidWithItsReason() throws {
    let error = #expect(throws: EvaluationError.self) {
      try Settings.decode(StrictMethod.self, assignments: ["share": "1.5"])
    }
    let text = "\(try #require(error))"
    #expect(text.contains("share") && text.contains("1.5") && text.contains("a share is below 1"))
  }

  @Test func settingsAreListedInTheirOrderWithDefaultsAndChoices() throws {
    let settings = try Settings.defaults(of: ExampleMethod.self)
    #expect(
      settings.map(\.name) == [
        "tries", "learningRate", "normalize", "label", "solver", "fallback", "shrinkage",
        "quantiles", "layers", "stopping.epochs", "stopping.tolerance", "stopping.patience", "form",
      ])
    #expect(settings[0].accepts == "a whole number")
    // A default of 1.0 is still a number, not a whole one.
    #expect(settings[1].accepts == "a number")
    #expect(settings[4].choices == ["adam-w", "lbfgs"])
    #expect(settings[4].defaultValue == "adam-w")
    #expect(settings[6].defaultValue == nil && settings[6].accepts == "a number, or null")
  }

  @Test func existentialTypesWork() throws {
    let type: any CatalogEntry.Type = ExampleMethod.self
    let entry = try Settings.decode(type, assignments: ["tries": "2"])
    #expect((entry as? ExampleMethod)?.tries == 2)
  }

  @Test(arguments: [
    SettingValue.null, true, 3, -0.5, "text", [1, "a", [:]], ["a": [1], "b": ["c": nil]],
  ])
  func settingValuesSurviveJSON(value: SettingValue) throws {
    #expect(try roundTripped(value) == value)
  }

  /// Oracle: what the variants say, the most specific one winning.
  @Test func variantIsToldBySettings() throws {
    func variant(_ overrides: SettingValue) throws -> String? {
      try Settings.variant(of: Settings.decode(ExampleMethod.self, overrides: overrides))
    }
    #expect(try variant([:]) == nil)
    #expect(try variant(["tries": 3]) == nil)
    #expect(try variant(["solver": "lbfgs", "tries": 3]) == "newton")
    #expect(try variant(["stopping": ["patience": 5]]) == nil)
    #expect(try variant(["solver": "lbfgs", "stopping": ["patience": 5]]) == "patient")
  }

  /// Oracle: a variant that repeats the defaults names them, and yields to one that departs from them.
  @Test func variantMayRepeatTheDefaults() throws {
    #expect(try Settings.variant(of: ManyDefinitions()) == "first")
    #expect(try Settings.variant(of: ManyDefinitions(weight: 0.25)) == "first")
    #expect(try Settings.variant(of: ManyDefinitions(definition: "second")) == "second")
    let released = ManyDefinitions(definition: "second", asReleased: true)
    #expect(try Settings.variant(of: released) == "second-as-released")
    #expect(try Settings.variant(of: ManyDefinitions(definition: "third")) == nil)
  }

  /// Oracle: reading what was written.
  @Test func methodNamesRoundTrip() {
    for name in [MethodName("a-method"), MethodName("a-method", variant: "b")] {
      #expect(MethodName(parsing: name.description) == name)
    }
    #expect(MethodName(parsing: "a/b/c") == MethodName("a", variant: "b/c"))
  }
}
