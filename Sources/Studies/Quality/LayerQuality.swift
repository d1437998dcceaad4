internal import AlignmentQuality
internal import Evaluation
internal import LinearAlgebra

/// What was measured at one layer.
struct LayerQuality: Sendable {
  let layer: Int
  let cells: [QualityCell]
  /// For each set of points, what label permutations need; `nil` where there are none.
  let permuted: [PermutedQuality?]
}

/// What label permutations made of one set of points at one layer.
struct PermutedQuality: Sendable {
  let measured: ClusterMeasurements
  let scatters: PermutedScatters
}

/// Measures all indices on all sets of points of a layer.
struct LayerQualityMeasurer: Sendable {
  let points: QualityPoints
  let sets: [PointSet]
  let methods: [QualityMethod]
  let geometry: [GeometryMethod]
  private let inference: SeparationInference
  private let permutations: [PermutedLabels?]

  /// A measure of geometry, and what it is called in results.
  struct GeometryMethod: Sendable {
    let name: MethodName
    let measure: any GeometryMeasure
  }

  /// The names of the measures of geometry.
  var geometryNames: [MethodName] { geometry.map(\.name) }

  init(
    points: QualityPoints, sets: [PointSet], methods: [QualityMethod], measuresGeometry: Bool,
    permutationCount: Int, seed: UInt64, level: Double
  ) throws {
    self.points = points
    self.sets = sets
    self.methods = methods
    geometry =
      measuresGeometry
      ? try GeometryCatalog.all.map { type in
        let measure = type.init()
        return GeometryMethod(name: try MethodFactory.name(of: measure), measure: measure)
      } : []
    inference = try SeparationInference(level: level)
    let isPermuted = permutationCount > 0 && methods.contains { $0.index.permuted != nil }
    permutations = try sets.map { set in
      guard isPermuted, set.undefinedReason == nil else { return nil }
      return try Self.permutations(of: points, set, count: permutationCount, seed: seed)
    }
  }

  private static func permutations(
    of points: QualityPoints, _ set: PointSet, count: Int, seed: UInt64
  ) throws -> PermutedLabels? {
    let labelled = try points.points(layer: 0, positions: set.positions)
    guard labelled.classCount > 1 else { return nil }
    do {
      return try PermutedLabels(of: labelled, permutationCount: count, seed: seed)
    } catch {
      guard case .evaluation(.nothingToPermute) = error else { throw error }
      return nil
    }
  }

  func measure(layer: Int) throws -> LayerQuality {
    let all = try points.points(layer: layer)
    let ingredients = methods.reduce(into: SeparationInference.ingredients) {
      $0.formUnion($1.index.ingredients)
    }
    var measured: [MeasuredSet] = []
    for (number, set) in sets.enumerated() where set.undefinedReason == nil {
      let selected = set.category == nil ? all : try all.selecting(set.positions)
      let measurements = try ClusterMeasurer.measure(selected, ingredients)
      let permuted = try permutations[number].map { labels in
        PermutedQuality(
          measured: measurements,
          scatters: try ScatterPermutation.scatters(
            of: selected, measured: measurements, under: labels))
      }
      measured.append(
        MeasuredSet(
          number: number, points: selected, measurements: measurements,
          estimate: try inference.estimate(of: measurements), permuted: permuted))
    }
    var cells: [QualityCell] = []
    for method in methods { cells += try self.cells(of: method, measured, layer: layer) }
    for method in geometry { cells.append(try cell(of: method, all, layer: layer)) }
    var permuted = [PermutedQuality?](repeating: nil, count: sets.count)
    for set in measured { permuted[set.number] = set.permuted }
    return LayerQuality(layer: layer, cells: cells, permuted: permuted)
  }

  /// A set of points with what was measured on it.
  private struct MeasuredSet {
    let number: Int
    let points: LabelledPoints
    let measurements: ClusterMeasurements
    let estimate: SeparationEstimate
    let permuted: PermutedQuality?
  }

  /// The values of one index on all sets; what normalises over sets sees those that have a value.
  private func cells(
    of method: QualityMethod, _ measured: [MeasuredSet], layer: Int
  ) throws -> [QualityCell] {
    let values = try method.index.values(of: measured.map(\.measurements))
    var next = 0
    return try sets.enumerated().map { number, set in
      if let reason = set.undefinedReason {
        let groups = Grouping(set.positions.map { points.groups[$0] })
        return QualityCell(
          name: method.name, layer: layer, category: set.category,
          measurement: Measurement(
            metric: QualityCell.metric, value: .undefined(reason),
            sampleCount: set.positions.count, groupCount: groups.count), details: [])
      }
      defer { next += 1 }
      return try cell(of: method, values[next], measured[next], layer: layer)
    }
  }

  private func cell(
    of method: QualityMethod, _ value: IndexValue, _ set: MeasuredSet, layer: Int
  ) throws -> QualityCell {
    let interval = try outcome(method.index, set)
    return QualityCell(
      name: method.name, layer: layer, category: sets[set.number].category,
      measurement: measurement(
        QualityCell.metric, value.value, of: set.points, interval: interval.interval,
        flags: value.flags + interval.flags),
      details: value.details.map { measurement($0.metric, $0.value, of: set.points) })
  }

  /// The interval of an index; that of the debiased separation goes by what it takes for independent.
  private func outcome(
    _ index: some ClusterIndex, _ set: MeasuredSet
  ) throws -> IntervalOutcome {
    guard let separation = index as? DebiasedSeparationIndex, separation != inference.index else {
      return inference.outcome(for: index, of: set.measurements, from: set.estimate)
    }
    return try SeparationInference(index: separation, level: inference.level)
      .estimate(of: set.measurements).outcome
  }

  private func cell(
    of method: GeometryMethod, _ all: LabelledPoints, layer: Int
  ) throws -> QualityCell {
    let value = try method.measure.value(of: all)
    return QualityCell(
      name: method.name, layer: layer, category: nil,
      measurement: measurement(QualityCell.metric, value.value, of: all, flags: value.flags),
      details: value.details.map { measurement($0.metric, $0.value, of: all) })
  }

  private func measurement(
    _ metric: String, _ value: MeasuredValue, of points: LabelledPoints,
    interval: Interval? = nil, flags: [Flag] = []
  ) -> Measurement {
    Measurement(
      metric: metric, value: value, interval: interval, sampleCount: points.count,
      groupCount: points.groups.count, flags: flags)
  }
}
