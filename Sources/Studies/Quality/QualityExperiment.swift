public import Activations
public import AlignmentQuality
internal import Evaluation
internal import LinearAlgebra
internal import Optimization
internal import Probes

/// Measures how well classes are separated, layer by layer and category by category.
///
/// The points of a layer are read in as few passes as all indices together need. Layers are independent, and
/// any number of threads gives the same bytes.
public struct QualityExperiment: Sendable {
  /// The dump.
  public var dump: ActivationDump
  /// The indices with their settings; the first one judges which layer is best.
  public var indices: [any ClusterIndex]
  /// The layers, in order.
  public var layers: [Int]
  /// Which samples are used.
  public var selection: SampleSelection
  /// Which activations are points, and what their classes are.
  public var points = PointChoice()
  /// The attribute by whose values the samples are measured separately as well, by its name or role.
  public var category: String?
  /// Whether companion geometry is measured, too.
  public var measuresGeometry = false
  /// How layers are pooled; not at all if not given.
  public var pooling: PoolingRule?
  /// How far apart ``pooling`` by hinge wants pairs of the two classes; it has no default.
  public var poolingMargin: Double?
  /// The seed of permutations and folds.
  public var seed: UInt64 = 0
  /// How many label permutations give chance and p values; none with 0.
  public var permutationCount = 1000
  /// The level of intervals.
  public var level = 0.95
  /// The most bytes that layers measured side by side may take.
  public var memoryByteCount = 2 << 30

  /// The indices that are measured if none are named.
  public static let defaultMethods = [
    "debiased-separation", "alignment-quality-index/paper-linear", "davies-bouldin",
    "calinski-harabasz", "xie-beni", "dunn", "silhouette",
  ]

  /// Creates an experiment over all samples and layers of a dump.
  ///
  /// - Parameters:
  ///   - dump: The dump.
  ///   - indices: The indices with their settings.
  public init(dump: ActivationDump, indices: [any ClusterIndex]) {
    self.dump = dump
    self.indices = indices
    layers = Array(0..<max(dump.layerCount, 1))
    selection = SampleSelection(all: dump)
  }

  /// Creates the experiment that an analysis of a study asks for.
  ///
  /// - Parameters:
  ///   - request: What is asked.
  ///   - dump: The dump.
  /// - Throws: As ``IndexFactory/index(named:compatibility:overrides:assignments:)``.
  public init(_ request: QualityRequest, dump: ActivationDump) throws {
    self.init(dump: dump, indices: try request.indices())
    points = request.points
    category = request.category
    measuresGeometry = request.measuresGeometry
    pooling = request.pooling
  }

  /// Runs the experiment.
  ///
  /// - Parameters:
  ///   - cancellation: Ends the run after the layers in hand; what is done is returned.
  ///   - progress: Called after each layer, from any thread.
  /// - Returns: What was measured.
  /// - Throws: `ActivationsError`, `AlignmentQualityError` or ``StudyError`` for data or settings that
  ///   cannot be used.
  /// - Complexity: A few passes over each layer, and all pairs of its points for the indices that need them.
  public func run(
    cancellation: Cancellation = Cancellation(),
    progress: @escaping @Sendable (ExperimentProgress) -> Void = { _ in }
  ) throws -> QualityOutcome {
    let methods = try methods()
    let points = try QualityPoints(dump, choice: points, selection: selection)
    let sets = try PointSet.all(of: points, by: category)
    let measurer = try LayerQualityMeasurer(
      points: points, sets: sets, methods: methods, measuresGeometry: measuresGeometry,
      permutationCount: permutationCount, seed: SeededGenerator.derivedSeed(seed, .permutation),
      level: level)
    let counter = ProgressCounter(total: layers.count, report: progress)
    let measure: @Sendable (Int) throws -> LayerQuality? = { position in
      if cancellation.isCancelled { return nil }
      let quality = try measurer.measure(layer: layers[position])
      counter.advance()
      return quality
    }
    let results =
      fitsSideBySide(points)
      ? try Parallel.map(layers.count, measure) : try layers.indices.map(measure)
    let qualities = results.compactMap { $0 }
    var cells = qualities.flatMap(\.cells)
    let isComplete = qualities.count == layers.count
    try QualityPermutationTest(methods: methods, sets: sets).apply(
      qualities, to: &cells, isComplete: isComplete)
    if isComplete, measuresGeometry, layers.count > 1 {
      cells += try QualityAlignment.cells(of: layers, points: points)
    }
    let pool = try isComplete ? pooling.map { try pooled($0, points) } : nil
    return QualityOutcome(
      dump: dump, indices: methods, geometry: measurer.geometryNames,
      points: points, sets: sets, category: category, permutationCount: permutationCount,
      selection: selection.summary, settings: try settings(points),
      seed: seed, cells: cells, pool: pool, isComplete: isComplete)
  }

  /// The indices with their names, each once.
  private func methods() throws -> [QualityMethod] {
    guard !indices.isEmpty else { throw StudyError.usage("no index was chosen") }
    var names: Set<MethodName> = []
    return try indices.map { index in
      let name = try IndexFactory.name(of: index)
      guard names.insert(name).inserted else {
        throw StudyError.usage("the method \(name) was asked for twice; name each method once")
      }
      return QualityMethod(name: name, index: index)
    }
  }

  /// Whether as many layers as there are threads fit into memory at once, and are small enough that one
  /// thread each is better than all threads on one.
  private func fitsSideBySide(_ points: QualityPoints) -> Bool {
    let layerByteCount =
      4.0 * Double(points.samples.count) * Double(dump.width * MemoryLayout<Float>.size)
    return layers.count >= Parallel.threadCount
      && layerByteCount * Double(Parallel.threadCount) <= Double(memoryByteCount) / 8
  }

  private func settings(_ points: QualityPoints) throws -> [String: SettingValue] {
    var resolved: [String: SettingValue] = [:]
    for index in indices {
      resolved[try IndexFactory.name(of: index).description] = try Settings.resolved(index)
    }
    return [
      "methods": .object(resolved), "layers": .list(layers.map { .integer($0) }),
      "points": .string(points.activations.rawValue),
      "classes": .string(self.points.classes.description),
      "by": category.map { .string($0) } ?? .null,
      "where": selection.summary.map { .string($0) } ?? .null, "seed": .string("\(seed)"),
      "geometry": .bool(measuresGeometry), "pool": pooling.map { .string($0.rawValue) } ?? .null,
      "permutationCount": .integer(permutationCount), "level": .number(level),
    ]
  }
}

/// An index, and what it is called in results.
struct QualityMethod: Sendable {
  let name: MethodName
  let index: any ClusterIndex
}
