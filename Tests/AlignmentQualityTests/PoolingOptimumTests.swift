import AlignmentQuality
import Evaluation
import LinearAlgebra
import TestSupport
import Testing

@Suite struct PoolingOptimumTests {
  static func ratio(seed: UInt64, _ objective: PoolingObjective) throws -> QuadraticRatio {
    let samples = PoolingSamples(
      layerCount: 6, count: 40, width: 5, planted: [1, 4], separation: 1.2, seed: seed)
    return objective.ratio(of: try LayerScatter(samples.points()))
  }

  private func number(_ ratio: QuadraticRatio, _ weights: [Double]) throws -> Double {
    try #require(ratio.value(at: weights).finiteValue)
  }

  /// The objectives by their definitions, on explicitly pooled points.
  @Test func objectivesAreThoseOfPooledPoints() throws {
    let samples = PoolingSamples(
      layerCount: 3, count: 31, width: 6, planted: [0], separation: 2, seed: 3)
    let scatter = try LayerScatter(samples.points())
    for weights in [[1, 0, 0], [0.2, 0.5, 0.3], [1, -0.5, 0.25]] {
      let plain = PlainScatter(samples.pooled(weights), labels: samples.labels)
      let distance = PlainScatter.squaredDistance(plain.means[0], plain.means[1])
      let between = Double(plain.counts[0] * plain.counts[1]) / 31 * distance
      let trace = PoolingObjective.traceRatio.ratio(of: scatter)
      let debiased = PoolingObjective.debiasedSeparation.ratio(of: scatter)
      #expect(abs(try number(trace, weights) / (between / plain.within) - 1) < 1e-12)
      #expect(abs(try number(debiased, weights) / plain.debiasedSeparation - 1) < 1e-12)
      let pooled = try scatter.classScatter(at: weights)
      #expect(abs(pooled.between / pooled.within / (try number(trace, weights)) - 1) < 1e-12)
    }
  }

  /// Three classes of 14, 13 and 13 points, against the index that is computed from the class scatter.
  @Test func theDebiasedObjectiveIsTheIndexBySample() throws {
    let samples = PoolingSamples(
      layerCount: 3, count: 40, width: 4, classCount: 3, planted: [1], separation: 1, seed: 19)
    let scatter = try LayerScatter(samples.points())
    let ratio = PoolingObjective.debiasedSeparation.ratio(of: scatter)
    for weights in [[0, 1, 0], [0.2, 0.5, 0.3], [1, -0.5, 0.25]] {
      let measurements = ClusterMeasurements(scatter: try scatter.classScatter(at: weights))
      let index = try DebiasedSeparationIndex(debiasing: .bySample).value(of: measurements)
      #expect(abs(try number(ratio, weights) / index.doubleValue - 1) < 1e-12)
    }
  }

  /// Unequal classes of pure noise: F_u is 0 on average and F is not.
  @Test func debiasedSeparationOfNoiseIsZeroOnAverage() throws {
    var (sum, biased) = (0.0, 0.0)
    for seed in 0..<200 {
      let samples = PoolingSamples(layerCount: 1, count: 24, width: 20, seed: UInt64(seed))
      let labels = (0..<24).map { $0 < 6 ? 0 : 1 }
      let scatter = try LayerScatter(LayeredPoints(samples.layers, labels: labels))
      sum += try number(PoolingObjective.debiasedSeparation.ratio(of: scatter), [1])
      biased += try number(PoolingObjective.traceRatio.ratio(of: scatter), [1])
    }
    // The standard error of the mean is about .0012; F is about (K − 1)/(n − K) = .045.
    #expect(abs(sum / 200) < 0.005)
    #expect(biased / 200 > 0.04)
  }

  @Test(arguments: PoolingObjective.allCases) func gradientIsTheSlope(
    objective: PoolingObjective
  ) throws {
    let ratio = try Self.ratio(seed: 1, objective)
    let weights = [0.3, 0.1, 0.25, 0.05, 0.2, 0.1]
    let gradient = ratio.gradient(at: weights)
    for layer in weights.indices {
      let step = 1e-5
      var (up, down) = (weights, weights)
      up[layer] += step
      down[layer] -= step
      let slope = (try number(ratio, up) - (try number(ratio, down))) / (2 * step)
      #expect(abs(gradient[layer] - slope) < 1e-8)
    }
    #expect(gradient.contains { abs($0) > 0.01 })
    // Euler: the ratio does not depend on the length of the weights.
    #expect(abs(zip(gradient, weights).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-14)
  }

  @Test(arguments: 0..<4, PoolingObjective.allCases) func nothingBeatsTheEigenvector(
    seed: Int, objective: PoolingObjective
  ) throws {
    let ratio = try Self.ratio(seed: UInt64(seed), objective)
    let leading = try ratio.leadingWeights(relativeRidge: 0)
    let best = try number(ratio, leading.weights)
    #expect(leading.relativeRidge == 0)
    #expect(abs(leading.weights.reduce(0) { $0 + abs($1) } - 1) < 1e-14)
    #expect(leading.weights.reduce(0, +) >= 0)
    for draw in 0..<2000 {
      let weights = PoolingSamples.uniforms(6, in: -1...1, seed: UInt64(draw))
      #expect(try number(ratio, weights) <= best)
    }
    // Nor does any point nearby.
    for draw in 0..<500 {
      let moves = PoolingSamples.uniforms(6, in: -1e-3...1e-3, seed: UInt64(draw))
      let weights = zip(leading.weights, moves).map { $0 + $1 }
      #expect(try number(ratio, weights) <= best * (1 + 1e-13))
    }
    #expect(ratio.gradient(at: leading.weights).allSatisfy { abs($0) < 1e-11 })
  }

  /// Against SciPy: `eigh` for all signs, and SLSQP from many starts on the simplex.
  @Test func optimaAgreeWithSciPy() throws {
    for study in try PoolingGolden.read().studies {
      let scatter = try LayerScatter(study.points)
      for golden in study.objectives {
        let ratio = golden.objective.ratio(of: scatter)
        let leading = try ratio.leadingWeights(relativeRidge: 0)
        #expect(abs(try number(ratio, leading.weights) / golden.maximum - 1) < 1e-12)
        // The eigenvalues are at least a tenth apart, so vectors agree to some hundred roundings.
        #expect(Tolerance.largestDifference(leading.weights, golden.eigenvector) < 1e-11)
        let maximum = try #require(ratio.simplexMaximum())
        #expect(maximum.value / golden.simplexMaximum - 1 > -1e-12)
        #expect(maximum.value / golden.simplexMaximum - 1 < 1e-8)
        for (layer, single) in golden.singles.enumerated() {
          let weights = golden.singles.indices.map { $0 == layer ? 1.0 : 0 }
          #expect(abs(try number(ratio, weights) / single - 1) < 1e-12)
        }
      }
    }
  }

  /// On the support the slope is 0, and off it not positive: the conditions of Karush, Kuhn and Tucker.
  @Test(arguments: 0..<8, PoolingObjective.allCases) func theSimplexOptimumIsOne(
    seed: Int, objective: PoolingObjective
  ) throws {
    let ratio = try Self.ratio(seed: UInt64(seed), objective)
    let maximum = try #require(ratio.simplexMaximum())
    #expect(maximum.isConverged)
    #expect(maximum.weights.allSatisfy { $0 >= 0 })
    #expect(abs(maximum.weights.reduce(0, +) - 1) < 1e-12)
    #expect(abs(try number(ratio, maximum.weights) / maximum.value - 1) < 1e-12)
    let gradient = ratio.gradient(at: maximum.weights)
    for (weight, slope) in zip(maximum.weights, gradient) {
      #expect(weight > 0 ? abs(slope) < 1e-12 : slope < 1e-12)
    }
    for layer in 0..<6 {
      #expect(try number(ratio, (0..<6).map { $0 == layer ? 1 : 0 }) <= maximum.value)
    }
    for draw in 0..<2000 {
      let weights = PoolingSamples.uniforms(6, in: -0.5...1, seed: UInt64(draw)).map { max($0, 0) }
      guard weights.contains(where: { $0 > 0 }) else { continue }
      #expect(try number(ratio, weights) <= maximum.value * (1 + 1e-12))
    }
  }

  /// Layers in other units: the points that are pooled stay the same.
  @Test func unitsOfLayersDoNotMatter() throws {
    let samples = PoolingSamples(
      layerCount: 4, count: 60, width: 3, planted: [1, 3], separation: 1.5, seed: 12)
    let factors = [1, 1e-3, 1e4, 256]
    let scaled = zip(samples.layers, factors).map { layer, factor in
      Matrix(
        rowCount: layer.rowCount, columnCount: layer.columnCount,
        elements: layer.elements.map { $0 * factor })
    }
    let objective = PoolingObjective.debiasedSeparation
    let one = objective.ratio(of: try LayerScatter(samples.points()))
    let other = objective.ratio(
      of: try LayerScatter(LayeredPoints(scaled, labels: samples.labels)))
    let (first, second) = (
      try #require(one.simplexMaximum()), try #require(other.simplexMaximum())
    )
    #expect(first.weights.count { $0 > 0 } > 1)
    #expect(abs(first.value / second.value - 1) < 1e-9)
    let back = zip(second.weights, factors).map { $0 * $1 }
    let total = back.reduce(0, +)
    #expect(Tolerance.largestDifference(first.weights, back.map { $0 / total }) < 1e-6)
    let (ridged, other2) = (
      try one.leadingWeights(relativeRidge: 1e-3), try other.leadingWeights(relativeRidge: 1e-3)
    )
    #expect(
      abs(try number(one, ridged.weights) / (try number(other, other2.weights)) - 1) < 1e-9)
  }

  @Test func aPlantedLayerIsFound() throws {
    let samples = PoolingSamples(
      layerCount: 8, count: 400, width: 4, planted: [5], separation: 3, seed: 21)
    let ratio = PoolingObjective.debiasedSeparation.ratio(of: try LayerScatter(samples.points()))
    #expect(ratio.bestLayer == 5)
    let maximum = try #require(ratio.simplexMaximum())
    #expect(maximum.weights[5] > 0.8)
    #expect(maximum.start == .layer(5))
    #expect(try ratio.leadingWeights().weights[5] > 0.7)
  }

  /// Two equal layers: W is singular, so that a ridge is needed and said.
  @Test func aSingularScatterRaisesTheRidge() throws {
    let samples = PoolingSamples(
      layerCount: 2, count: 30, width: 3, planted: [0], separation: 2, seed: 7)
    let doubled = try LayeredPoints(
      [samples.layers[0], samples.layers[0], samples.layers[1]], labels: samples.labels)
    let ratio = PoolingObjective.traceRatio.ratio(of: try LayerScatter(doubled))
    let leading = try ratio.leadingWeights(relativeRidge: 0)
    #expect(leading.relativeRidge > 0 && leading.relativeRidge < 1e-9)
    // Equal layers share their weight.
    #expect(abs(leading.weights[0] - leading.weights[1]) < 1e-4)
    let plain = PoolingObjective.traceRatio.ratio(of: try LayerScatter(samples.points()))
    let best = try number(plain, plain.leadingWeights(relativeRidge: 0).weights)
    // Rounding of some 10 units over the ridge of 1e-10.
    #expect(abs(try number(ratio, leading.weights) / best - 1) < 1e-4)
    #expect(throws: AlignmentQualityError.self) { try ratio.leadingWeights(relativeRidge: -1) }
  }

  @Test func aRatioWithoutScatterHasNoNumber() throws {
    let zero = Matrix<Double>(rowCount: 2, columnCount: 2)
    let ratio = QuadraticRatio(numerator: .identity(2), denominator: zero)
    guard case .infinite = ratio.value(at: [1, 0]) else {
      Issue.record("not infinite")
      return
    }
    let empty = QuadraticRatio(numerator: zero, denominator: zero)
    guard case .undefined = empty.value(at: [1, 0]) else {
      Issue.record("not undefined")
      return
    }
    #expect(empty.simplexMaximum() == nil)
  }
}
