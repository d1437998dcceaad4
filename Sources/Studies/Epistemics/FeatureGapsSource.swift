internal import Activations
internal import Epistemics
internal import Evaluation

/// Reads from a dump what feature gaps are learned from and measured on.
struct FeatureGapsSource: Sendable {
  let dump: ActivationDump
  /// The features; all that the dump has contrasts of if `nil`.
  let features: [String]?

  /// The names of the features.
  var names: [String] { features ?? dump.contrastFeatures }

  /// Whether the contrasts are of the same samples as the answers, row by row.
  var isContrasted: Bool {
    !names.isEmpty
      && names.allSatisfy { name in
        dump.arrays[.contrastPositive(name)]?.count(of: .sample) == dump.sampleCount
      }
  }

  /// The contrasts that directions are learned from.
  func contrasts(_ parts: AnswerParts) throws -> FeatureContrasts {
    guard let samples = parts.contrasted else {
      return try FeatureContrasts(dump, features: features)
    }
    let blocks = try dump.blocks().blockOfSample
    return try FeatureContrasts(
      dump, features: features, samples: samples, identifiers: samples.map { blocks[$0] })
  }

  /// Answers with their labels.
  func answers(_ samples: [Int]) throws -> JudgedAnswers {
    let blocks = try dump.blocks().blockOfSample
    return try JudgedAnswers(
      states: try LayeredStates(dump, samples: samples), labels: try labels(samples),
      identifiers: samples.map { blocks[$0] })
  }

  /// The labels of samples: 1, 0 or −1.
  func labels(_ samples: [Int]) throws(EpistemicsError) -> [Int] {
    guard let labels = dump.labels else {
      throw .activations(
        .missingRoles(
          ["labels"], purpose: "which answers are right",
          present: dump.arrays.keys.sorted().map(\.identifier)))
    }
    for sample in samples where !(-1...1).contains(labels[sample]) {
      throw .invalidLabel(label: labels[sample], sample: sample)
    }
    return samples.map { labels[$0] }
  }

  /// The method with as large a share of its first layers ignored as released, 7 of 33, where the number was left at
  /// its default and the model is not as deep.
  static func fitted(_ method: FeatureGaps, to dump: ActivationDump) -> FeatureGaps {
    var method = method
    let released = FeatureGaps().ignoredLayerCount
    if method.ignoredLayerCount == released, dump.layerCount < releasedLayerCount {
      method.ignoredLayerCount = dump.layerCount * released / releasedLayerCount
    }
    return method
  }

  /// The layers, embeddings included, of the model that the released number is for.
  private static let releasedLayerCount = 33
}
