public import Evaluation
internal import Foundation
public import Probes

/// A recipe: a dump, or several, and the analyses to run on them.
///
/// Written as `study.json5` beside its dump, with comments and trailing commas allowed. Unknown keys are
/// refused, and every setting that is left out has the method's default.
public struct Study: Sendable, Equatable {
  /// The name of the recipe file in a study's folder.
  public static let fileName = "study.json5"

  /// The study's name: that of its folder.
  public let name: String
  /// One line that says what the study shows.
  public let title: String
  /// What it asks.
  public let question: String
  /// The seed of everything random.
  public let seed: UInt64
  /// The analyses, in the order in which they are run and shown.
  public let analyses: [Analysis]
  /// What a reader must not conclude from it.
  public let caveats: [String]

  /// One experiment on the dump.
  public struct Analysis: Sendable, Equatable {
    /// A short name, in records the variant.
    public let name: String
    /// What is done.
    public let summary: String
    /// The folder of the dump that methods are fitted on.
    public let dumpPath: String
    /// The folders of other dumps that they are measured on as well.
    public let testPaths: [String]
    /// Which samples are used, by attribute and value; all if empty.
    public let selection: [String: String]
    /// Methods and the settings that differ from their defaults.
    public let methods: [String: SettingValue]
    /// The published implementation whose settings the methods get before their own.
    public let compatibility: Compatibility?
    /// What is asked of the quality of layers, instead of probes; `nil` for an analysis of probes.
    public let quality: QualityRequest?
    /// Which steering vectors are extracted, instead of probes; `nil` for other analyses.
    public let steering: SteeringRequest?
    /// Which prompts of a measured sweep are looked at, instead of probes; `nil` for other analyses.
    public let sweep: SweepRequest?
    /// Which scores of answers are compared, instead of probes; `nil` for other analyses.
    public let epistemics: EpistemicsRequest?
    /// The layers, such as `all` or `0,3-5`.
    public let layers: String
    /// What the reader should see.
    public let expectation: String
  }

  /// Reads a study.
  ///
  /// - Parameter path: A study's folder, or its recipe.
  /// - Throws: ``StudyError/notFound(_:)`` or ``StudyError/invalid(_:)``, naming the key.
  public init(path: String) throws(StudyError) {
    let isRecipe = path.hasSuffix(".json5") || path.hasSuffix(".json")
    let recipe = isRecipe ? path : Self.join(path, Self.fileName)
    guard let data = FileManager.default.contents(atPath: recipe) else {
      throw .notFound("there is no readable study recipe at \(recipe)")
    }
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    let value: SettingValue
    do {
      value = try decoder.decode(SettingValue.self, from: data)
    } catch {
      throw .invalid(
        "\(recipe) is not valid JSON5: \(error.localizedDescription); check commas, quotes and braces"
      )
    }
    let root = try RecipeObject(
      value, path: recipe, key: "",
      known: [
        "title", "question", "dump", "seed", "layers", "methods", "analyses", "caveats",
      ])
    let folder = (recipe as NSString).deletingLastPathComponent
    let place = Place(recipe: recipe, folder: folder.isEmpty ? "." : folder)
    title = try root.string("title")
    question = try root.string("question", default: "")
    name = Self.name(ofFolder: folder)
    seed = UInt64(clamping: try root.integer("seed", default: 0))
    caveats = try root.strings("caveats")
    var analyses: [Analysis] = []
    for (number, element) in try root.list("analyses").enumerated() {
      analyses.append(
        try Analysis(element, place: place, key: "analyses[\(number)]", shared: root))
    }
    guard !analyses.isEmpty else { throw .invalid("\(recipe) lists no analyses") }
    self.analyses = analyses
  }

  private static func join(_ folder: String, _ file: String) -> String {
    folder.isEmpty || file.hasPrefix("/") ? file : (folder as NSString).appendingPathComponent(file)
  }

  /// Where a recipe lies; paths in it are relative to its folder.
  fileprivate struct Place {
    let recipe: String
    let folder: String

    func path(_ relative: String) -> String {
      relative == "." ? folder : folder == "." ? relative : Study.join(folder, relative)
    }
  }

  private static func name(ofFolder folder: String) -> String {
    let absolute = URL(filePath: folder.isEmpty ? "." : folder).standardizedFileURL
    return absolute.lastPathComponent
  }
}

extension Study.Analysis {
  /// Reads an analysis; methods and layers that it does not give are those of the whole study.
  fileprivate init(_ value: SettingValue, place: Study.Place, key: String, shared: RecipeObject)
    throws(StudyError)
  {
    let object = try RecipeObject(
      value, path: place.recipe, key: key,
      known: [
        "name", "summary", "dump", "test", "where", "methods", "compatibility", "layers",
        "expect", "quality", "steering", "sweep", "epistemics",
      ])
    name = try object.string("name")
    summary = try object.string("summary", default: "")
    dumpPath = place.path(
      try object.string("dump", default: try shared.string("dump", default: ".")))
    testPaths = try object.strings("test").map(place.path)
    layers = try object.string("layers", default: try shared.string("layers", default: "all"))
    expectation = try object.string("expect", default: "")
    var selection: [String: String] = [:]
    for (attribute, value) in try object.object("where") {
      selection[attribute] = value.description
    }
    self.selection = selection
    quality = try object.child("quality", known: QualityRequest.keys).map {
      (quality) throws(StudyError) in try QualityRequest(quality)
    }
    steering = try object.child("steering", known: SteeringRequest.keys).map {
      (steering) throws(StudyError) in try SteeringRequest(steering)
    }
    sweep = try object.child("sweep", known: SweepRequest.keys).map {
      (sweep) throws(StudyError) in try SweepRequest(sweep)
    }
    epistemics = try object.child("epistemics", known: EpistemicsRequest.keys).map {
      (epistemics) throws(StudyError) in try EpistemicsRequest(epistemics)
    }
    let kinds = ["quality", "steering", "sweep", "epistemics"].filter(object.has)
    guard kinds.count < 2 else {
      throw .invalid(
        "\(place.recipe): \(key) is about \(kinds.joined(separator: " and ")); write an analysis for "
          + "each")
    }
    if let kind = kinds.first {
      let others: [String] =
        switch kind {
        case "sweep": sweep?.readout == nil ? ["where", "layers"] : ["layers"]
        case "epistemics": ["layers"]
        default: []
        }
      for name in ["methods", "compatibility", "test"] + others where object.has(name) {
        throw .invalid(
          "\(place.recipe): \(key).\(name) is about \(others.contains(name) ? "samples and layers" : "probes"), "
            + "and this analysis is about \(kind); leave it out, or give it inside of \(kind)")
      }
      (compatibility, methods) = (nil, [:])
      return
    }
    compatibility = try object.choice("compatibility")
    let own = try object.object("methods")
    methods = own.isEmpty ? try shared.object("methods") : own
    guard !methods.isEmpty else {
      throw .invalid("\(place.recipe): \(key).methods names no method; see `plumbline methods`")
    }
  }
}
