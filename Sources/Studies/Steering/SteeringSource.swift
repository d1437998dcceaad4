internal import Activations
internal import LinearAlgebra
internal import Steering

/// Which states of a dump are the positive side.
public enum SteeringSides: String, Sendable, Codable, CaseIterable {
  /// The positive side of contrast pairs; of single states, those of label 1.
  case stored
  /// The side that states what the label says is so: the sides of contrast pairs of label 0 change places.
  case labels
}

/// Reads the states of one layer as steering methods want them.
struct SteeringSource: Sendable {
  let dump: ActivationDump
  let sides: SteeringSides

  /// Whether the dump has contrast pairs.
  var hasPairs: Bool { dump.arrays[.positive] != nil && dump.arrays[.negative] != nil }

  /// Refuses a dump that has neither pairs nor labelled states.
  func check() throws(ActivationsError) {
    let needed: [ArrayRole] =
      hasPairs ? (sides == .labels ? [.labels] : []) : [.activations, .labels]
    let missing = needed.filter { dump.arrays[$0] == nil }
    guard missing.isEmpty else {
      throw .missingRoles(
        missing.map(\.identifier), purpose: "steering vectors, which need two sides",
        present: dump.arrays.keys.sorted().map(\.identifier))
    }
  }

  /// Some samples' states at a layer.
  func states(layer: Int, samples: [Int]) throws -> SteeringStates {
    guard hasPairs else {
      return try SteeringStates(try dump.activations(layer: layer, rows: samples))
    }
    let pairs = try dump.contrastPairs(layer: layer, rows: samples, variants: .separatePairs)
    guard sides == .labels else { return try SteeringStates(pairs) }
    let labels = pairs.labels ?? []
    let kept = labels.indices.filter { labels[$0] == 0 || labels[$0] == 1 }
    let chosen = pairs.selecting(kept)
    func side(_ label: Int) -> Matrix<Float> {
      Matrix(
        rows: kept.enumerated().map { place, row in
          labels[row] == label ? chosen.positive.row(place) : chosen.negative.row(place)
        })
    }
    return try SteeringStates(
      positive: side(1), negative: side(0), isPaired: true, positiveGroups: chosen.groups,
      negativeGroups: chosen.groups)
  }
  /// Every state of some samples at a layer, both sides of pairs, with their groups.
  func everyState(layer: Int, samples: [Int]) throws -> LabelledActivations {
    guard hasPairs else { return try dump.activations(layer: layer, rows: samples) }
    let pairs = try dump.contrastPairs(layer: layer, rows: samples, variants: .separatePairs)
    return try LabelledActivations(
      activations: Matrix(
        rowCount: 2 * pairs.count, columnCount: pairs.width,
        elements: pairs.positive.elements + pairs.negative.elements),
      groups: pairs.groups + pairs.groups)
  }
}
