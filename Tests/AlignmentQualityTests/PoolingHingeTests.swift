import AlignmentQuality
import LinearAlgebra
import TestSupport
import Testing

@Suite struct PoolingHingeTests {
  static let samples = PoolingSamples(
    layerCount: 4, count: 20, width: 5, offset: 10, planted: [2], separation: 4, seed: 31)

  static func products(_ limit: Int = 1000) throws -> LayerPairProducts {
    let points = try samples.points()
    return try LayerPairProducts(
      points, pairs: LayerPairProducts.pairs(of: points.points, limit: limit, seed: 1))
  }

  /// The distances between points that were pooled one by one.
  @Test func distancesAreThoseOfPooledPoints() throws {
    let products = try Self.products()
    #expect(products.pairs.count == 100)
    for weights in [[0.25, 0.25, 0.25, 0.25], [0, 0, 1, 0], [1, -2, 0.5, 0.1]] {
      let pooled = Self.samples.pooled(weights)
      for (pair, distance) in zip(products.pairs, products.squaredDistances(at: weights)) {
        let plain = PlainScatter.squaredDistance(pooled.row(pair.first), pooled.row(pair.second))
        #expect(abs(distance / plain - 1) < 1e-12)
        #expect(Self.samples.labels[pair.first] == 0 && Self.samples.labels[pair.second] == 1)
      }
    }
  }

  @Test func drawnPairsAreDifferentAndRepeatable() throws {
    let points = try Self.samples.points().points
    let drawn = try LayerPairProducts.pairs(of: points, limit: 37, seed: 5)
    #expect(drawn.count == 37 && Set(drawn).count == 37)
    #expect(try LayerPairProducts.pairs(of: points, limit: 37, seed: 5) == drawn)
    #expect(try LayerPairProducts.pairs(of: points, limit: 37, seed: 6) != drawn)
    let all = Set(try LayerPairProducts.pairs(of: points, limit: 100, seed: 5))
    #expect(all.count == 100 && all.isSuperset(of: drawn))
  }

  @Test func theLossAndItsSlopeFollowTheDefinition() throws {
    let products = try Self.products()
    let hinge = try HingeSeparation(margin: 4)
    let weights = [0.4, 0.3, 0.2, 0.1]
    let loss = hinge.loss(at: weights, of: products)
    let distances = products.squaredDistances(at: weights).map { $0.squareRoot() }
    let plain = distances.reduce(0) { $0 + max(0, 4 - $1) }
    #expect(abs(loss.value / plain - 1) < 1e-13)
    #expect(loss.activePairCount == distances.count { $0 < 4 } && loss.activePairCount > 50)
    for layer in 0..<4 {
      let step = 1e-6
      var (up, down) = (weights, weights)
      up[layer] += step
      down[layer] -= step
      let slope =
        (hinge.loss(at: up, of: products).value - hinge.loss(at: down, of: products).value)
        / (2 * step)
      #expect(abs(loss.gradient[layer] - slope) < 1e-5 * max(1, abs(slope)))
    }
  }

  @Test(arguments: [SimplexMap.softmax, .sparsemax, .entmax(alpha: 1.5)])
  func trainingFindsThePlantedLayer(map: SimplexMap) throws {
    let products = try Self.products()
    let hinge = try HingeSeparation(margin: 20, map: map)
    let trained = try hinge.train(on: products)
    #expect(trained.loss.value < trained.initialLoss.value)
    #expect(abs(trained.weights.reduce(0, +) - 1) < 1e-12)
    #expect(trained.weights[2] == trained.weights.max())
    #expect(trained.weights[2] > 0.5)
    #expect(try hinge.train(on: products) == trained)
    // No other single layer, nor equal weights, has a lower loss.
    for layer in 0..<4 {
      let weights = (0..<4).map { $0 == layer ? 1.0 : 0 }
      #expect(trained.loss.value <= hinge.loss(at: weights, of: products).value * (1 + 1e-6))
    }
  }

  @Test func coincidentPairsHaveNoSlopeAndAreSaid() throws {
    let layer = Matrix<Double>(rows: [[1, 2], [1, 2], [5, 2]])
    let other = Matrix<Double>(rows: [[0, 3], [0, 3], [0, 9]])
    let points = try LayeredPoints([layer, other], labels: [0, 1, 1])
    let products = try LayerPairProducts(points, pairs: [PointPair(0, 1), PointPair(0, 2)])
    let hinge = try HingeSeparation(margin: 10)
    let loss = hinge.loss(at: [0.5, 0.5], of: products)
    // Distances 0 and ‖(2, 3)‖.
    #expect(loss.coincidentPairCount == 1)
    #expect(abs(loss.value - (20 - 13.0.squareRoot())) < 1e-14)
    let slopes = [-8 / 13.0.squareRoot(), -18 / 13.0.squareRoot()]
    #expect(Tolerance.largestDifference(loss.gradient, slopes) < 1e-14)
    let trained = try hinge.train(on: products)
    #expect(trained.flags.map(\.name) == ["coincident-pairs"])
    #expect(trained.weights == [0, 1])
  }

  @Test func aMarginThatAllPairsKeepTeachesNothing() throws {
    let trained = try HingeSeparation(margin: 1e-3).train(on: Self.products())
    #expect(trained.weights == [0.25, 0.25, 0.25, 0.25])
    #expect(trained.ending == .stationary && trained.stepCount == 0)
    #expect(trained.flags.map(\.name) == ["margin-inactive"])
  }

  @Test func whatCannotBeTrainedIsRefused() throws {
    let points = try Self.samples.points()
    let three = try PoolingSamples(layerCount: 2, count: 9, width: 2, classCount: 3, seed: 1)
      .points()
    let many = [PointPair](
      repeating: PointPair(0, 1), count: LayerPairProducts.pairLimit(layerCount: 4) + 1)
    let cases: [(String, () throws -> Void)] = [
      ("margin is -1.0", { _ = try HingeSeparation(margin: -1) }),
      ("margin is nan", { _ = try HingeSeparation(margin: .nan) }),
      ("classes is 3", { _ = try LayerPairProducts.pairs(of: three.points, limit: 4, seed: 1) }),
      ("pairs is none", { _ = try LayerPairProducts(points, pairs: []) }),
      ("3355444 pairs of points at 4 layers", { _ = try LayerPairProducts(points, pairs: many) }),
    ]
    for (part, body) in cases {
      let error = #expect(throws: AlignmentQualityError.self, performing: body)
      #expect(error?.description.contains(part) == true, "\(String(describing: error))")
    }
  }
}
