import AlignmentQuality
import LinearAlgebra
import TestSupport
import Testing

@Suite struct PoolingScatterTests {
  /// Relative differences of counts, scatters and squared distances from the plain ones.
  static func largestDifference(_ scatter: ClassScatter, _ plain: PlainScatter) -> Double {
    var largest = 0.0
    for index in plain.counts.indices {
      largest = max(largest, abs(scatter.scatters[index] / plain.scatters[index] - 1))
      for other in 0..<index {
        let distance = PlainScatter.squaredDistance(plain.means[index], plain.means[other])
        largest = max(
          largest, abs(scatter.squaredCentroidDistances[index, other] / distance - 1))
      }
    }
    return largest
  }

  /// n = 300 makes several pieces a class, and width 3000 several blocks a piece.
  @Test(arguments: [
    (4, 40, 5, 2), (7, 300, 3, 3), (3, 300, 3000, 2), (2, 3, 4, 3), (2, 40, 4, 5), (1, 9, 6, 2),
  ])
  func anyWeightsGiveTheScatterOfExplicitPooling(
    layerCount: Int, count: Int, width: Int, classCount: Int
  ) throws {
    let samples = PoolingSamples(
      layerCount: layerCount, count: count, width: width, classCount: classCount, offset: 2,
      planted: [0], separation: 3, seed: 5)
    let scatter = try LayerScatter(samples.points())
    var candidates = (0..<layerCount).map { layer in
      (0..<layerCount).map { $0 == layer ? 1.0 : 0 }
    }
    for seed in 0..<3 {
      candidates.append(PoolingSamples.uniforms(layerCount, in: 0...1, seed: UInt64(seed)))
    }
    for weights in candidates {
      let plain = PlainScatter(samples.pooled(weights), labels: samples.labels)
      let pooled = try scatter.classScatter(at: weights)
      #expect(pooled.counts == plain.counts)
      guard classCount < count else {
        #expect(pooled.scatters.allSatisfy { $0 == 0 } && pooled.isWithinZero)
        continue
      }
      #expect(Self.largestDifference(pooled, plain) < 1e-12)
    }
  }

  /// A layer alone is that layer, for every index that needs scatters only.
  @Test func oneLayerAloneIsThatLayer() throws {
    let samples = PoolingSamples(
      layerCount: 3, count: 50, width: 8, classCount: 3, offset: -40, planted: [1], separation: 2,
      seed: 9)
    let scatter = try LayerScatter(samples.points())
    for layer in 0..<3 {
      let weights = (0..<3).map { $0 == layer ? 1.0 : 0 }
      let alone = try ClusterMeasurer.measure(
        LabelledPoints(samples.layers[layer], labels: samples.labels), [.scatter])
      let pooled = ClusterMeasurements(scatter: try scatter.classScatter(at: weights))
      let index = CalinskiHarabaszIndex()
      let (one, other) = (try index.value(of: alone), try index.value(of: pooled))
      #expect(abs(other.doubleValue / one.doubleValue - 1) < 1e-12)
    }
  }

  @Test func pooledPointsAreMixedAsTheyAreRead() throws {
    let samples = PoolingSamples(layerCount: 4, count: 30, width: 7, offset: 3, seed: 2)
    let weights = [0.5, 0, -0.25, 2]
    let pooled = try samples.points().pooled(.shared(weights))
    let plain = samples.pooled(weights)
    let measured = try ClusterMeasurer.measure(pooled, [.scatter]).scatter
    let direct = PlainScatter(plain, labels: samples.labels)
    #expect(Self.largestDifference(measured, direct) < 1e-12)
    let products = try LayerScatter(samples.points()).classScatter(at: weights)
    #expect(Self.largestDifference(products, direct) < 1e-12)
  }

  /// Float32 layers are widened exactly, so both give the same bytes.
  @Test func precisionOfTheSourceDoesNotMatter() throws {
    let samples = PoolingSamples(layerCount: 3, count: 20, width: 6, seed: 4)
    let narrow = samples.layers.map { Matrix<Float>($0) }
    let widened = narrow.map { Matrix<Double>($0) }
    let one = try LayerScatter(LayeredPoints(narrow, labels: samples.labels))
    let other = try LayerScatter(LayeredPoints(widened, labels: samples.labels))
    #expect(one == other)
  }

  @Test func threadsDoNotMatter() throws {
    let points = try PoolingSamples(layerCount: 4, count: 700, width: 20, seed: 8).points()
    let several = try LayerScatter(points)
    let count = Parallel.threadCount
    defer { Parallel.threadCount = count }
    Parallel.threadCount = 1
    #expect(try LayerScatter(points) == several)
  }

  /// An offset of 10⁶ spreads leaves twelve digits in coordinates, and so in scatters.
  @Test func aLargeOffsetCostsNoMoreThanItsDigits() throws {
    let samples = PoolingSamples(layerCount: 3, count: 60, width: 5, seed: 6)
    let shifted = samples.layers.map { layer in
      Matrix(rowCount: 60, columnCount: 5, elements: layer.elements.map { $0 + 0x1p20 })
    }
    let back = shifted.map { layer in
      Matrix(rowCount: 60, columnCount: 5, elements: layer.elements.map { $0 - 0x1p20 })
    }
    let weights = [0.2, 0.5, 0.3]
    let far = try LayerScatter(LayeredPoints(shifted, labels: samples.labels))
      .classScatter(at: weights)
    let near = try LayerScatter(LayeredPoints(back, labels: samples.labels))
      .classScatter(at: weights)
    for (one, other) in zip(far.scatters, near.scatters) { #expect(abs(one / other - 1) < 1e-13) }
  }

  @Test func weightsOfPointsAreRepeats() throws {
    let samples = PoolingSamples(layerCount: 2, count: 12, width: 3, seed: 3)
    let repeated = samples.layers.map { $0.selectingRows(Array(0..<12) + [0, 0, 5]) }
    let labels = samples.labels + [samples.labels[0], samples.labels[0], samples.labels[5]]
    let weights = (0..<12).map { $0 == 0 ? 3 : $0 == 5 ? 2 : 1 }
    let one = try LayerScatter(
      LayeredPoints(samples.layers, labels: samples.labels, weights: weights))
    let other = try LayerScatter(LayeredPoints(repeated, labels: labels))
    let alpha = [0.3, 0.7]
    let (first, second) = (try one.classScatter(at: alpha), try other.classScatter(at: alpha))
    #expect(first.counts == [8, 7] && second.counts == [8, 7])
    for (one, other) in zip(first.scatters, second.scatters) {
      #expect(abs(one / other - 1) < 1e-13)
    }
  }

  @Test func classesOfOneRepeatedPointAreSaidToBe() throws {
    // Thirds have no exact mean by summing and dividing.
    let third = 1.0 / 3
    let constant = Matrix(rows: (0..<7).map { [$0 % 2 == 0 ? third : 7 * third, 0.1] })
    let samples = PoolingSamples(layerCount: 1, count: 7, width: 2, seed: 1)
    let scatter = try LayerScatter(
      LayeredPoints([constant, samples.layers[0]], labels: samples.labels))
    let alone = try scatter.classScatter(at: [2, 0])
    #expect(alone.isWithinZero && alone.scatters == [0, 0])
    // Constant in each of the pieces that are measured, but not the same in all.
    let steps = Matrix(rows: (0..<512).map { [$0 < 256 ? third : 0.1, third] })
    let stepped = try LayerScatter(LayeredPoints([steps], labels: (0..<512).map { $0 % 2 }))
      .classScatter(at: [1])
    #expect(stepped.constantClasses == [false, false])
    let spread = 64 * (third - 0.1) * (third - 0.1)
    #expect(stepped.scatters.allSatisfy { abs($0 / spread - 1) < 1e-13 })
    let mixed = try scatter.classScatter(at: [2, 0.1])
    #expect(mixed.constantClasses == [false, false] && mixed.scatters.allSatisfy { $0 > 0 })
  }

  @Test func badLayersAndWeightsAreRefused() throws {
    let samples = PoolingSamples(layerCount: 2, count: 6, width: 3, seed: 1)
    let points = try samples.points()
    let scatter = try LayerScatter(points)
    let narrow = Matrix<Double>(rowCount: 6, columnCount: 2)
    let cases: [(String, () throws -> Void)] = [
      ("no layers", { _ = try LayeredPoints([Matrix<Double>](), labels: []) }),
      (
        "of other widths",
        { _ = try LayeredPoints([samples.layers[0], narrow], labels: samples.labels) }
      ),
      ("one for each of 2 layers", { _ = try scatter.classScatter(at: [1]) }),
      ("nan at layer place 1", { _ = try scatter.classScatter(at: [1, .nan]) }),
      ("2 finite numbers", { _ = try points.pooled(.shared([1, 2, 3])) }),
    ]
    for (part, body) in cases {
      let error = #expect(throws: AlignmentQualityError.self, performing: body)
      let expected = part == "no layers" ? "at least one layer" : part
      #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
    }
  }
}
