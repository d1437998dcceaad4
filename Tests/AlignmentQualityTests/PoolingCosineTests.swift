import AlignmentQuality
import Glibc
import LinearAlgebra
import TestSupport
import Testing

@Suite struct PoolingCosineTests {
  static let example = Matrix<Double>(rows: [[3, 4], [0, 2], [-1, 0]])
  static let reference = Matrix<Double>(rows: [[4, 3], [1, 1], [1, 0]])

  /// 24/25, √½ and −1.
  @Test func cosinesByHand() throws {
    let cosines = try LayerPooling.cosines(of: Self.example.view, with: Self.reference)
    #expect(Tolerance.largestDifference(cosines, [0.96, 0.5.squareRoot(), -1]) < 1e-15)
    let loss = LayerPooling.alignmentLoss(cosines: cosines)
    #expect(abs(loss - (2 - 2 * (0.96 + 0.5.squareRoot() - 1) / 3)) < 1e-15)
    let shared = try LayerPooling.cosines(
      of: Self.example.view, with: Matrix<Double>(rows: [[1, 0]]))
    #expect(Tolerance.largestDifference(shared, [0.6, 0, -1]) < 1e-15)
  }

  @Test func weightsAreAMapOfTheCosines() throws {
    let pooling = LayerPooling.perExampleCosine(
      reference: Self.reference, map: .softmax, temperature: 0.5)
    let weights = try pooling.weights(of: Self.example.view)
    let terms = [0.96, 0.5.squareRoot(), -1].map { exp($0 / 0.5) }
    let total = terms.reduce(0, +)
    #expect(Tolerance.largestDifference(weights, terms.map { $0 / total }) < 1e-15)
  }

  /// One layer along the reference and 31 against it: e²/(e² + 31).
  @Test func temperatureOneCannotChooseOneLayerOf32() throws {
    let example = Matrix<Double>(rows: (0..<32).map { $0 == 7 ? [1, 0] : [-1, 0] })
    let pooling = LayerPooling.perExampleCosine(
      reference: Matrix(rows: [[2, 0]]), map: .softmax)
    let weights = try pooling.weights(of: example.view)
    #expect(abs(weights[7] - exp(2) / (exp(2) + 31)) < 1e-15)
    #expect(weights[7] < 0.1925)
  }

  @Test func pooledPointsHaveTheirOwnWeights() throws {
    let samples = PoolingSamples(layerCount: 3, count: 10, width: 4, offset: 1, seed: 14)
    let reference = Matrix<Double>(rows: [[1, 0, 0, 0], [0, 1, 0, 0], [1, 1, 1, 1]])
    let pooling = LayerPooling.perExampleCosine(
      reference: reference, map: .sparsemax, temperature: 0.7)
    let pooled = try PooledPoints(try samples.points().layers, pooling)
    var read = Matrix<Double>(rowCount: 3, columnCount: 4)
    var target = read.mutableSpan
    let rows = [7, 0, 7]
    try pooled.read(rows[...], into: &target)
    for (place, row) in rows.enumerated() {
      let example = Matrix(rows: samples.layers.map { $0.row(row) })
      let weights = try pooling.weights(of: example.view)
      let mixed = (0..<4).map { column in
        (0..<3).reduce(0) { $0 + weights[$1] * example[$1, column] }
      }
      #expect(Tolerance.largestDifference(read.row(place), mixed) < 1e-14)
    }
    #expect(read.row(0) == read.row(2) && read.row(0) != read.row(1))
  }

  @Test func aVectorOfZerosHasNoCosine() throws {
    let pooling = LayerPooling.perExampleCosine(
      reference: Self.reference, map: .softmax, temperature: 1)
    let zero = Matrix<Double>(rows: [[3, 4], [0, 0], [1, 0]])
    let error = #expect(throws: AlignmentQualityError.self) { try pooling.weights(of: zero.view) }
    #expect(error == .zeroVector(what: "a point", layer: 1))
    #expect(error?.description.contains("layer place 1") == true)
    let blind = LayerPooling.perExampleCosine(reference: zero, map: .softmax, temperature: 1)
    #expect(throws: AlignmentQualityError.zeroVector(what: "the reference", layer: 1)) {
      try blind.weights(of: Self.example.view)
    }
    // The smallest numbers still have a direction.
    let tiny = Matrix<Double>(rows: [[3e-320, 4e-320]])
    let cosine = try LayerPooling.cosines(of: tiny.view, with: Matrix(rows: [[1, 0]]))
    #expect(abs(cosine[0] - 0.6) < 1e-3)
  }

  @Test func aReferenceOfAnotherShapeIsRefused() throws {
    let points = try PoolingSamples(layerCount: 3, count: 4, width: 2, seed: 1).points()
    let pooling = LayerPooling.perExampleCosine(
      reference: Matrix(rowCount: 2, columnCount: 2), map: .softmax)
    let error = #expect(throws: AlignmentQualityError.self) { try points.pooled(pooling) }
    #expect(error?.description.contains("(3, 2), or (1, 2)") == true)
  }
}
