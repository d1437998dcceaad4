import AlignmentQuality
import LinearAlgebra
import Testing

/// Oracle: the float64 evaluation of every pair, bit for bit and with the first positions that have it.
@Suite struct PairExtremesTests {
  @Test(arguments: AdversarialPoints.allCases, [(1, 1), (5, 2), (8, 3), (1000, 2)])
  func extremesEqualTheEvaluationOfEveryPair(
    kind: AdversarialPoints, shape: (side: Int, panel: Int)
  ) throws {
    let (matrix, labels) = kind.points
    let points = try LabelledPoints(matrix, labels: labels)
    let expected = PairCases.extremes(points, matrix)
    for usesDoublePrecision in [false, true] {
      let measured = try PairCases.measure(
        points, [.pairExtremes], side: shape.side, panel: shape.panel,
        usesDoublePrecision: usesDoublePrecision)
      #expect(measured.pairExtremes == expected)
    }
  }

  @Test(arguments: AdversarialPoints.allCases, [4, 1000])
  func extremesOfSinglePrecisionPointsDoToo(kind: AdversarialPoints, side: Int) throws {
    let (source, labels) = kind.points
    let matrix = Matrix<Float>(source)
    let points = try LabelledPoints(matrix, labels: labels)
    let measured = try PairCases.measure(points, [.pairExtremes], side: side)
    #expect(measured.pairExtremes == PairCases.extremes(points, matrix))
  }

  /// Candidates that do not fit are evaluated at once, and none is forgotten.
  @Test(arguments: AdversarialPoints.allCases, [0, 1, 3, 10])
  func candidatesThatOverflowAreEvaluated(kind: AdversarialPoints, capacity: Int) throws {
    let (matrix, labels) = kind.points
    let points = try LabelledPoints(matrix, labels: labels)
    let expected = PairCases.extremes(points, matrix)
    let measured = try PairCases.measure(
      points, [.pairExtremes], side: 9, capacity: capacity)
    #expect(measured.pairExtremes == expected)
  }

  @Test(arguments: AdversarialPoints.allCases)
  func hausdorffDistancesEqualTheirDefinition(kind: AdversarialPoints) throws {
    let (matrix, labels) = kind.points
    let points = try LabelledPoints(matrix, labels: labels)
    let expected = PairCases.hausdorff(points, matrix)
    for usesDoublePrecision in [false, true] {
      for side in [1, 6, 1000] {
        let measured = try PairCases.measure(
          points, [.hausdorffDistances], side: side, usesDoublePrecision: usesDoublePrecision)
        #expect(measured.hausdorffDistances == expected)
      }
    }
  }

  @Test func oneSweepGivesTheSameAsThree() throws {
    let (matrix, labels) = AdversarialPoints.blobs.points
    let points = try LabelledPoints(matrix, labels: labels)
    let all: Set<Ingredient> = [.pairExtremes, .pairSums, .hausdorffDistances]
    let together = try PairCases.measure(points, all, side: 10)
    #expect(together.pairExtremes == PairCases.extremes(points, matrix))
    #expect(together.hausdorffDistances == PairCases.hausdorff(points, matrix))
    #expect(
      together.pairSums == (try PairCases.measure(points, [.pairSums], side: 10)).pairSums)
  }

  @Test(arguments: AdversarialPoints.allCases)
  func threadsDoNotChangeAByte(kind: AdversarialPoints) throws {
    let (matrix, labels) = kind.points
    let points = try LabelledPoints(Matrix<Float>(matrix), labels: labels)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    let measured = try [1, 2].map { (count: Int) -> ClusterMeasurements in
      Parallel.threadCount = count
      return try PairCases.measure(
        points, [.pairExtremes, .hausdorffDistances], side: 5, capacity: 8)
    }
    #expect(measured[0] == measured[1])
  }

  /// The search has to see through errors that are really there: the bound is not only slack.
  @Test func theBoundCoversWhatProductsLose() throws {
    for kind in AdversarialPoints.allCases {
      let (matrix, _) = kind.points
      let (count, width) = (matrix.rowCount, matrix.columnCount)
      let bound = try #require(RoundingBound(width: width, of: Float.self))
      let single = Matrix<Float>(matrix)
      guard single.elements.allSatisfy({ abs($0) < 1e6 && ($0 == 0 || abs($0) > 1e-6) }) else {
        continue
      }
      let products = product(of: single.view, and: single.view, rightTransposed: true)
      let double = Matrix<Double>(single)
      let norms = (0..<count).map { dotProduct(double.view.row($0), double.view.row($0)) }
      for row in 0..<count {
        for other in 0..<count {
          let square = norms[row] + norms[other] - 2 * Double(products[row, other])
          let exact = PairCases.distance(double, row, other)
          #expect(
            abs(square - exact * exact) <= bound.share * (norms[row] + norms[other]) + bound.floor)
        }
      }
    }
  }

  @Test func countsBeyondTheProductsAreRefusedUnseen() {
    #expect(throws: AlignmentQualityError.self) {
      try PairMeasurer.check(pointCount: 1 << 31, width: 4)
    }
    #expect(throws: AlignmentQualityError.self) {
      try PairMeasurer.check(pointCount: 4, width: 1 << 31)
    }
    #expect(throws: Never.self) { try PairMeasurer.check(pointCount: 1 << 30, width: 1 << 30) }
  }

  /// So wide rows have no bound in single precision.
  @Test func widthsBeyondTheBoundAreForDoublePrecision() {
    #expect(RoundingBound(width: (1 << 24) - 1, of: Float.self) != nil)
    #expect(RoundingBound(width: 1 << 24, of: Float.self) == nil)
    #expect(RoundingBound(width: 1 << 24, of: Double.self) != nil)
  }
}
