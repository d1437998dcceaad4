public import AlignmentQuality
public import Evaluation

/// What an analysis of a study asks of the quality of layers: the key `quality` of a recipe.
public struct QualityRequest: Sendable, Equatable {
  /// Indices and the settings that differ from their defaults; the default indices if empty.
  public let methods: [String: SettingValue]
  /// The peer whose conventions the indices follow, where they have them.
  public let compatibility: IndexCompatibility?
  /// Which activations are points, and what their classes are.
  public let points: PointChoice
  /// The attribute by whose values the samples are measured separately as well.
  public let category: String?
  /// Whether companion geometry is measured, too.
  public let measuresGeometry: Bool
  /// How layers are pooled; not at all if not given.
  public let pooling: PoolingRule?

  /// Reads the key.
  init(_ object: RecipeObject) throws(StudyError) {
    methods = try object.object("methods")
    compatibility = try object.choice("compatibility")
    points = PointChoice(
      activations: try object.choice("points"),
      classes: PointChoice.Classes(try object.string("classes", default: "labels")))
    let category = try object.string("by", default: "")
    self.category = category.isEmpty ? nil : category
    measuresGeometry = try object.bool("geometry", default: false)
    pooling = try object.choice("pool")
  }

  /// The keys that a recipe may give.
  static let keys = ["methods", "compatibility", "points", "classes", "by", "geometry", "pool"]

  /// The indices with their settings: those of the recipe by name, the headline first, or the default ones.
  func indices() throws -> [any ClusterIndex] {
    let given = methods.keys.sorted()
    let headline = given.filter { $0 == DebiasedSeparationIndex.identifier }
    let names =
      given.isEmpty
      ? QualityExperiment.defaultMethods : headline + given.filter { !headline.contains($0) }
    return try names.map { name in
      try IndexFactory.index(
        named: name, compatibility: compatibility, overrides: methods[name] ?? [:])
    }
  }
}
