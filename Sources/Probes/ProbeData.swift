public import Activations

/// What a probe reads.
public enum ProbeInput: String, Sendable, Codable, CaseIterable {
  /// A positive and a negative side per sample: the roles `positive` and `negative`.
  case contrastPairs = "contrast-pairs"
  /// One activation per sample: the role `activations`.
  case rows

  /// The roles of a dump that hold it, in words.
  var roles: String {
    switch self {
    case .contrastPairs: "positive and negative"
    case .rows: "activations"
    }
  }
}

/// The activations that a probe learns from or scores.
public enum ProbeData: Sendable {
  /// Contrast pairs.
  case pairs(ContrastPairs)
  /// Labelled rows.
  case rows(LabelledActivations)

  /// What kind of data this is.
  public var input: ProbeInput {
    switch self {
    case .pairs: .contrastPairs
    case .rows: .rows
    }
  }

  /// How many samples there are.
  public var sampleCount: Int {
    switch self {
    case .pairs(let pairs): pairs.count
    case .rows(let rows): rows.count
    }
  }

  /// How many features a sample has.
  public var width: Int {
    switch self {
    case .pairs(let pairs): pairs.width
    case .rows(let rows): rows.width
    }
  }

  /// The class of each sample, where the dump has labels.
  public var labels: [Int]? {
    switch self {
    case .pairs(let pairs): pairs.labels
    case .rows(let rows): rows.labels
    }
  }

  /// The category of each sample, where the dump has categories.
  public var categories: [Int]? {
    switch self {
    case .pairs(let pairs): pairs.categories
    case .rows(let rows): rows.categories
    }
  }

  /// The same activations with other labels, for controls.
  ///
  /// - Parameter labels: One label a sample.
  /// - Returns: The relabelled data.
  package func relabelled(_ labels: [Int]) -> ProbeData {
    switch self {
    case .pairs(var pairs):
      pairs.labels = labels
      return .pairs(pairs)
    case .rows(var rows):
      rows.labels = labels
      return .rows(rows)
    }
  }

  /// The group of each sample.
  public var groups: [Int] {
    switch self {
    case .pairs(let pairs): pairs.groups
    case .rows(let rows): rows.groups
    }
  }

  /// The sample numbers in the dump.
  public var samples: [Int] {
    switch self {
    case .pairs(let pairs): pairs.rows
    case .rows(let rows): rows.rows
    }
  }
}
