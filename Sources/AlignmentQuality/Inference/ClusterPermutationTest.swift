public import Evaluation
internal import LinearAlgebra

/// Tests whether classes are better separated than permuted labels would have them, on several layers at
/// once.
///
/// The *p* value of a layer counts the permutations under which the index is at least as good. The adjusted
/// one asks how often the best of all layers is as good as that, so that the best of 33 layers is not taken
/// for a finding when it is luck. Layers differ in the scale and the spread of their null distributions, so
/// they are compared by z = (value − mean)/standard deviation, of the null distribution with the observed value
/// in it: as one of B + 1 equally likely labellings without structure, it makes the test exact. Of an index on
/// which lower is better the reciprocal is compared, and its chance level is the harmonic mean under permutation.
///
/// Westfall & Young (1993), *Resampling-Based Multiple Testing*, sec. 2.3, single step; Phipson & Smyth (2010),
/// doi:10.2202/1544-6115.1585, for the count of 1.
public enum ClusterPermutationTest {
  /// One layer: its points as they are labelled, and under every permutation.
  public struct Layer: Sendable {
    /// Measurements with the scatter.
    public let observed: ClusterMeasurements
    /// The scatter under every permutation, the same permutations for all layers.
    public let permuted: PermutedScatters

    /// Puts a layer together.
    ///
    /// - Parameters:
    ///   - observed: Measurements with the scatter.
    ///   - permuted: The scatter under every permutation.
    public init(observed: ClusterMeasurements, permuted: PermutedScatters) {
      self.observed = observed
      self.permuted = permuted
    }
  }

  /// Tests an index on layers that are looked at together.
  ///
  /// Values that differ by less than 1e−4 of the standard deviation under permutation count as equal, for the
  /// latter come from float32 sums; that can only raise a *p* value.
  ///
  /// - Parameters:
  ///   - index: An index that needs the scatter alone; of the debiased separation the form by sample.
  ///   - layers: The layers, all with the same permutations.
  /// - Returns: One result a layer; `nil` where the index has no finite value on the layer, or none under any
  ///   permutation. Such layers take no part in the correction.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for an index that needs
  ///   more than the scatter, and for layers with different numbers of permutations; as the index throws.
  /// - Complexity: O(layers · permutations · K²).
  public static func test<Index: ClusterIndex>(
    _ index: Index, on layers: [Layer]
  ) throws(AlignmentQualityError) -> [PermutationResult?] {
    guard index.ingredients == [.scatter] else {
      throw .invalidSetting(
        method: Index.identifier, name: "ingredients", value: "more than the scatter",
        expected: "the scatter alone, for that is what permutations give")
    }
    let counts = Set(layers.map(\.permuted.count))
    guard counts.count <= 1 else {
      throw .invalidSetting(
        method: Index.identifier, name: "permutations", value: "\(counts.sorted())",
        expected: "the same permutations for all layers")
    }
    var nulls: [NullDistribution?] = []
    for layer in layers { nulls.append(try null(of: index, on: layer)) }
    let permutationCount = counts.first ?? 0
    let best = (0..<permutationCount).map { number in
      nulls.lazy.compactMap { $0?.scores[number] }.max() ?? -.infinity
    }
    return zip(nulls, layers).map { null, layer in
      null.map { $0.result(best: best, of: layer.permuted) }
    }
  }

  private static func null<Index: ClusterIndex>(
    of index: Index, on layer: Layer
  ) throws(AlignmentQualityError) -> NullDistribution? {
    guard let observed = try index.value(of: layer.observed).value.finiteValue else { return nil }
    let values = try Parallel.map(layer.permuted.count) {
      (number) throws(AlignmentQualityError) in
      try index.value(of: ClusterMeasurements(scatter: layer.permuted[number])).value
    }
    return NullDistribution(observed: observed, values: values, preference: Index.betterWhen)
  }
}

/// The values of an index under permutation, as they are and on a scale that layers share.
struct NullDistribution {
  private let observed: Double
  private let chance: Double
  private let undefinedCount: Int
  /// z of each permutation, higher is better.
  let scores: [Double]
  /// z of the labels as they are.
  let observedScore: Double

  /// How many standard deviations apart values count as equal.
  private static let resolution = 1e-4

  /// - Returns: `nil` if no value under permutation is finite.
  init?(observed: Double, values: [MeasuredValue], preference: Preference) {
    let finiteCount = values.count { $0.finiteValue != nil }
    guard finiteCount > 0 else { return nil }
    let goodness = values.map { Self.goodness($0, preference) }
    let own = Self.goodness(.finite(observed), preference)
    let permuted = goodness.filter(\.isFinite)
    let pooled = permuted + [own].filter(\.isFinite)
    let mean = pooled.reduce(0, +) / Double(pooled.count)
    let variance =
      pooled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(pooled.count)
    let deviation = variance.squareRoot()
    self.observed = observed
    let nullMean = permuted.reduce(0, +) / Double(max(1, permuted.count))
    chance = preference == .higher || nullMean == 0 ? nullMean : 1 / nullMean
    undefinedCount = values.count - finiteCount
    func score(_ goodness: Double) -> Double {
      guard goodness.isFinite else { return goodness }
      return deviation > 0 ? (goodness - mean) / deviation : 0
    }
    observedScore = score(own)
    scores = goodness.map(score)
  }

  /// A value on the scale on which layers are compared: itself, or its reciprocal where lower is better.
  ///
  /// Such an index is a spread over a distance, which under permutation can be next to nothing, so that a few
  /// values would outweigh all others; its reciprocal is a separation like the rest.
  private static func goodness(_ value: MeasuredValue, _ preference: Preference) -> Double {
    switch (value, preference) {
    case (.finite(let number), .higher): number
    case (.finite(let number), .lower): 1 / number
    case (.infinite, .higher): .infinity
    case (.infinite, .lower): 0
    // What has no value might be as good as any.
    case (.undefined, _): .infinity
    }
  }

  /// The result, given the best score of all layers under each permutation.
  func result(best: [Double], of permuted: PermutedScatters) -> PermutationResult {
    let threshold = observedScore - Self.resolution
    var flags = permuted.flags
    if undefinedCount > 0 {
      flags.append(
        Flag("undefined-permutations", detail: "\(undefinedCount) of \(scores.count)"))
    }
    let total = Double(1 + scores.count)
    return PermutationResult(
      observed: observed, chance: chance,
      pValue: Double(1 + scores.count { $0 >= threshold }) / total,
      pValueAdjusted: Double(1 + best.count { $0 >= threshold }) / total,
      permutationCount: scores.count, scheme: permuted.scheme, flags: flags)
  }
}
