import Activations
import LinearAlgebra
import Probes
import TestSupport

/// Pairs with a planted direction, as probes want them.
func plantedPairs(
  _ count: Int = 60, width: Int = 8, seed: UInt64 = 1, strength: Float = 3,
  distractorStrength: Float = 0
) throws -> ContrastPairs {
  var generator = TestGenerator(seed: seed)
  let drawn = try SyntheticActivations(
    sampleCount: count, width: width, strength: strength, distractorStrength: distractorStrength
  ).draw(using: &generator)
  var pairs = drawn.layers[0]
  pairs.categories = drawn.distractor
  return pairs
}

/// Either kind of data that a probe reads, from the same planted pairs.
func plantedData(for type: any Probe.Type, seed: UInt64 = 1) throws -> ProbeData {
  let pairs = try plantedPairs(seed: seed)
  if type.accepts.contains(.contrastPairs) { return .pairs(pairs) }
  return .rows(
    try LabelledActivations(
      activations: pairs.positive, labels: pairs.labels, groups: pairs.groups,
      categories: pairs.categories))
}

/// The share of samples on the right side of the threshold.
func accuracy(_ scores: [Double], threshold: Double, labels: [Int]) -> Double {
  Double(zip(scores, labels).count { ($0 > threshold) == ($1 == 1) }) / Double(labels.count)
}
