internal import Activations
internal import AlignmentQuality
internal import ArrayFiles
internal import Evaluation
internal import LinearAlgebra

/// The points of a dump: their samples, classes, groups and categories, and their coordinates at a layer.
struct QualityPoints: Sendable {
  let dump: ActivationDump
  let activations: PointChoice.Activations
  /// The sample of each point, rising; with both sides, first all positive ones.
  let samples: [Int]
  /// The label of each point.
  let labels: [Int]
  /// The block that a split would keep whole, of each point.
  let groups: [Int]
  /// What the classes are called, by label.
  let classNames: [Int: String]
  /// What was left out, and other things to know.
  let warnings: [String]
  private let wordingCount: Int

  init(_ dump: ActivationDump, choice: PointChoice, selection: SampleSelection) throws {
    self.dump = dump
    activations = try Self.activations(choice, in: dump)
    let blocks = try dump.blocks().blockOfSample
    let role = activations == .activations ? ArrayRole.activations : .positive
    wordingCount =
      try dump.array(role, for: "measuring quality").axes.contains(.variant) ? dump.variantCount : 1
    var classes = try Self.classes(choice.classes, in: dump)
    var samples = selection.samples
    var warnings: [String] = []
    if choice.classes == .labels, let labels = dump.labels {
      let unattempted = samples.filter { labels[$0] < 0 }
      if let remark = SampleSelection.remark(unattempted: unattempted.count) {
        samples.removeAll { labels[$0] < 0 }
        warnings.append(remark)
      }
    }
    if dump.arrays[role]?.elementType == .float64 {
      warnings.append(
        "the activations are stored as float64 and measured as float32, which has 24 binary digits")
    }
    self.warnings = warnings
    let wordings = wordingCount
    samples = samples.flatMap { Array(repeating: $0, count: wordings) }
    if activations == .sides {
      let count = samples.count
      samples += samples
      if choice.classes == .sides {
        classes.label = { position, _ in position < count ? 1 : 0 }
      }
    }
    self.samples = samples
    labels = samples.enumerated().map { classes.label($0.offset, $0.element) }
    groups = samples.map { blocks[$0] }
    classNames = classes.names
  }

  /// Which activations are meant.
  private static func activations(
    _ choice: PointChoice, in dump: ActivationDump
  ) throws -> PointChoice.Activations {
    let isOfSides = choice.classes == .sides
    if let activations = choice.activations {
      guard !isOfSides || activations == .sides else {
        throw StudyError.usage(
          "the sides of contrast pairs are classes of both sides together, not of "
            + "\(activations.rawValue)")
      }
      return activations
    }
    if isOfSides { return .sides }
    return dump.arrays[.activations] != nil ? .activations : .positive
  }

  private struct Classes {
    var label: (_ position: Int, _ sample: Int) -> Int
    var names: [Int: String]
  }

  private static func classes(
    _ choice: PointChoice.Classes, in dump: ActivationDump
  ) throws -> Classes {
    switch choice {
    case .sides:
      return Classes(label: { _, _ in 0 }, names: [0: "negative", 1: "positive"])
    case .labels:
      guard let labels = dump.labels else {
        throw StudyError.invalid(
          "quality judges how well classes are separated, and \(dump.path) has no labels; add the role "
            + "labels, or name other classes: sides, or an attribute of the samples")
      }
      return Classes(label: { labels[$1] }, names: dump.labelNames)
    case .attribute(let name):
      let attribute = try SampleSelection.attribute(
        name, of: dump, for: "classes can be told")
      let names = Set(attribute.values).map { ($0, attribute.label(of: $0)) }
      return Classes(
        label: { attribute.values[$1] }, names: Dictionary(uniqueKeysWithValues: names))
    }
  }

  /// The points at a layer.
  ///
  /// - Parameters:
  ///   - layer: The layer's number.
  ///   - positions: Which points; all if not given.
  /// - Returns: Those points.
  /// - Throws: `AlignmentQualityError` or `ActivationsError` if the layer cannot be read.
  func points(layer: Int, positions: [Int]? = nil) throws -> LabelledPoints {
    let points = try LabelledPoints(
      try source(layer: layer), rows: rows, labels: labels, groups: groups)
    return try positions.map { try points.selecting($0) } ?? points
  }

  /// The row of the source that each point is.
  var rows: [Int] {
    switch activations {
    case .difference, .sides: Array(samples.indices)
    case .activations, .positive, .negative:
      samples.enumerated().map { $0.element * wordingCount + $0.offset % wordingCount }
    }
  }

  /// The coordinates at a layer: in the mapped file where they lie there as they are.
  func source(layer: Int) throws -> any PointSource {
    switch activations {
    case .activations: return try DumpPoints(dump, role: .activations, layer: layer)
    case .positive: return try DumpPoints(dump, role: .positive, layer: layer)
    case .negative: return try DumpPoints(dump, role: .negative, layer: layer)
    case .difference:
      return try MatrixPoints(try pairs(layer: layer).differences)
    case .sides:
      let pairs = try pairs(layer: layer)
      return try MatrixPoints(
        Matrix(
          rowCount: 2 * pairs.count, columnCount: dump.width,
          elements: pairs.positive.elements + pairs.negative.elements))
    }
  }

  private func pairs(layer: Int) throws -> ContrastPairs {
    let distinct = activations == .sides ? Array(samples.prefix(samples.count / 2)) : samples
    let rows = stride(from: 0, to: distinct.count, by: wordingCount).map { distinct[$0] }
    return try dump.contrastPairs(layer: layer, rows: rows, variants: .separatePairs)
  }
}

extension QualityPoints {
  /// What a class is called: the name that the dump gives it, or its label.
  func name(ofClass label: Int) -> String { classNames[label] ?? "\(label)" }

  /// The names of the classes, in the order of their labels.
  var classList: [String] { Set(labels).sorted().map(name(ofClass:)) }

  /// How many points each class has, in the same order.
  var classCounts: [Int] {
    let counts = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +)
    return counts.sorted { $0.key < $1.key }.map(\.value)
  }
}

extension PointChoice.Activations {
  /// What is measured, in words.
  var summary: String {
    switch self {
    case .activations: "activations"
    case .positive: "positive sides"
    case .negative: "negative sides"
    case .difference: "positive sides less negative ones"
    case .sides: "both sides"
    }
  }
}

extension PointChoice.Classes: CustomStringConvertible {
  /// The text that names the classes.
  public var description: String {
    switch self {
    case .labels: "labels"
    case .sides: "sides"
    case .attribute(let name): name
    }
  }
}
