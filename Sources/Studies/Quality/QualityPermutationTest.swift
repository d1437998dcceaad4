internal import AlignmentQuality
internal import Evaluation

/// Adds chance and p values to the cells of indices that need the scatter alone.
///
/// Cells that share a method and a category differ by layer only and see the same permutations, so that the
/// adjusted p value accounts for having looked at all of those layers.
struct QualityPermutationTest {
  let methods: [QualityMethod]
  let sets: [PointSet]

  /// Adds them.
  ///
  /// - Parameters:
  ///   - qualities: What was measured at each layer.
  ///   - cells: The cells of all layers.
  ///   - isComplete: Whether these are all layers that were asked for; nothing is adjusted for layers that
  ///     were not looked at yet.
  /// - Throws: `AlignmentQualityError`.
  func apply(
    _ qualities: [LayerQuality], to cells: inout [QualityCell], isComplete: Bool
  ) throws {
    for (number, set) in sets.enumerated() {
      let tested = qualities.compactMap { quality in
        quality.permuted[number].map {
          (
            layer: quality.layer,
            data: ClusterPermutationTest.Layer(observed: $0.measured, permuted: $0.scatters)
          )
        }
      }
      guard !tested.isEmpty else { continue }
      for method in methods {
        guard let index = method.index.permuted else { continue }
        let results = try test(index, on: tested.map(\.data))
        for (layer, result) in zip(tested.map(\.layer), results) {
          let place = cells.firstIndex {
            $0.name == method.name && $0.layer == layer && $0.category == set.category
          }
          guard let place, let result else { continue }
          cells[place].measurement.add(result)
          if !isComplete { cells[place].measurement.pValueAdjusted = nil }
        }
      }
    }
  }

  private func test(
    _ index: some ClusterIndex, on layers: [ClusterPermutationTest.Layer]
  ) throws -> [PermutationResult?] {
    try ClusterPermutationTest.test(index, on: layers)
  }
}

extension ClusterIndex {
  /// The index as label permutations judge it; `nil` if it needs more than the scatter.
  var permuted: (any ClusterIndex)? {
    if self is DebiasedSeparationIndex { return DebiasedSeparationIndex(debiasing: .bySample) }
    return ingredients == [.scatter] ? self : nil
  }
}
