import AlignmentQuality
import Evaluation
import LinearAlgebra
import Optimization
import Testing

@Suite struct InferenceSeparationTests {
  private let bySample = DebiasedSeparationIndex(debiasing: .bySample)
  private let byGroup = DebiasedSeparationIndex(debiasing: .byGroup)

  /// By hand: d² = 100 + 16/9, Σ SS_k/(n_k (n_k − 1)) = (16/3 + 32/3)/6 = 8/3, W_u = 16/4 and p₀p₁ = 1/4, so
  /// F_u = (100 + 16/9 − 8/3)/16 = 223/36.
  @Test func sixPointsByHand() throws {
    let points = try LabelledPoints(ScatterTests.six, labels: [0, 0, 0, 1, 1, 1])
    for index in [bySample, byGroup] {
      let value = try index.value(of: points)
      #expect(abs(value.doubleValue - 223.0 / 36) < 1e-14 * 10)
      #expect(value.details.map(\.metric) == ["trace-ratio"])
      #expect(abs((value.details[0].value.finiteValue ?? 0) - 229.0 / 24) < 1e-13)
    }
  }

  /// Two classes of 2 and 4 points, so that p₀ and p₁ cannot be exchanged: SS = 2 and 20, d² = 9, and
  /// F_u = (1/3)(2/3)(9 − 2/2 − 20/12)/(22/4) = 76/297.
  @Test func unequalClassesByHand() throws {
    let points = try LabelledPoints(
      Matrix<Double>(rows: [[-1], [1], [0], [2], [4], [6]]), labels: [0, 0, 1, 1, 1, 1])
    for index in [bySample, byGroup] {
      #expect(abs(try index.value(of: points).doubleValue - 76.0 / 297) < 1e-15 * 4)
    }
  }

  /// Identity: Σ_k p_k (1 − p_k) v_k = Σ_{k<l} p_k p_l (v_k + v_l), so the numerator debiases every pair.
  @Test func threeClassesAreDebiasedPairByPair() throws {
    var planted = PlantedClasses(width: 7, classCount: 3, groupCount: 31, separation: 1)
    planted.firstShare = 0.2
    planted.scales = [1, 2, 0.5]
    let (points, _) = try planted.draw(1)
    let scatter = try ClusterMeasurer.measure(points, [.scatter]).scatter
    let variances = zip(scatter.counts, scatter.scatters).map { $1 / Double($0 * ($0 - 1)) }
    let between = scatter.classPairs.reduce(0.0) { sum, pair in
      sum + scatter.shares[pair.0] * scatter.shares[pair.1]
        * (scatter.squaredCentroidDistances[pair.0, pair.1] - variances[pair.0]
          - variances[pair.1])
    }
    let expected = between / (scatter.within / 28)
    #expect(abs(try bySample.value(of: points).doubleValue - expected) < 1e-13)
    #expect(abs(try byGroup.value(of: points).doubleValue - expected) < 1e-13)
  }

  /// The definition by group, summed over the vectors themselves.
  @Test(arguments: [PlantedClasses.Groups.ofOneClass, .ofAllClasses])
  func groupsAreDebiasedByTheirSums(groups: PlantedClasses.Groups) throws {
    var planted = PlantedClasses(width: 5, classCount: 3, groupCount: 24, separation: 1)
    (planted.groups, planted.groupSize, planted.sizesVary) = (groups, 2, true)
    planted.shared = 0.5
    let (points, _) = try planted.draw(2)
    let expected = try definition(points)
    let value = try byGroup.value(of: points).doubleValue
    #expect(abs(value - expected) < 1e-13 * 10)
    #expect(abs(value - (try bySample.value(of: points).doubleValue)) > 1e-3)
  }

  private func definition(_ points: LabelledPoints) throws -> Double {
    let measurements = try ClusterMeasurer.measure(points, [.scatter])
    let (scatter, centroids) = (measurements.scatter, try #require(measurements.centroids))
    let source = try #require(points.source as? MatrixPoints<Double>)
    let width = points.width
    var bias = 0.0
    var squares = [Double](repeating: 0, count: points.classCount)
    for group in 0..<points.groups.count {
      var errors = [[Double]](
        repeating: [Double](repeating: 0, count: width), count: points.classCount)
      for sample in points.groups.samples(in: group) {
        let own = points.classes[sample]
        let having = Set(
          (0..<points.count).filter { points.classes[$0] == own }.map { points.groups.indices[$0] }
        ).count
        let factor =
          (Double(having) / Double(having - 1)).squareRoot() / Double(scatter.counts[own])
        for column in 0..<width {
          errors[own][column] +=
            factor * (source.matrix[points.rows[sample], column] - centroids[own, column])
        }
      }
      for column in 0..<width {
        let mean = zip(scatter.shares, errors).reduce(0) { $0 + $1.0 * $1.1[column] }
        for own in errors.indices {
          bias +=
            scatter.shares[own] * (errors[own][column] - mean) * (errors[own][column] - mean)
          squares[own] += errors[own][column] * errors[own][column]
        }
      }
    }
    var within = scatter.within / Double(points.count - points.classCount)
    for own in squares.indices {
      let count = Double(scatter.counts[own])
      within +=
        scatter.shares[own] * (squares[own] - scatter.scatters[own] / (count * (count - 1)))
    }
    return (scatter.between / Double(points.count) - bias) / within
  }

  @Test func negativeValuesAreValues() throws {
    let points = try LabelledPoints(
      Matrix<Double>(rows: [[-1], [1], [-1], [1]]), labels: [0, 0, 1, 1])
    // d = 0, SS_k = 2: F_u = (1/4)(−2)/2.
    #expect(abs(try byGroup.value(of: points).doubleValue + 0.25) < 1e-15)
  }

  @Test func degenerateInputsSayWhy() throws {
    func value(_ rows: [[Double]], _ labels: [Int], groups: [Int]? = nil) throws -> IndexValue {
      try byGroup.value(of: try LabelledPoints(Matrix(rows: rows), labels: labels, groups: groups))
    }
    #expect(try value([[1], [2]], [0, 0]).value == .undefined("all points are of one class"))
    #expect(
      try value([[1], [2]], [0, 1]).value == .undefined("every point is a class of its own"))
    #expect(
      try value([[1], [1], [1], [1]], [0, 0, 1, 1]).value
        == .undefined("all points are the same point"))
    #expect(
      try value([[1], [1], [2], [2]], [0, 0, 1, 1]).value
        == .infinite("every class is one repeated point, and the points differ"))
    #expect(
      try value([[1], [3], [2]], [0, 0, 1]).value
        == .undefined("class 1 has one point, so the error of its mean is unknown"))
    #expect(
      try value([[1], [3], [2], [5]], [0, 0, 1, 1], groups: [0, 1, 2, 2]).value
        == .undefined("class 1 is in one group, so the error of its mean is unknown"))
    let scatter = try ClusterMeasurer.measure(
      try LabelledPoints(ScatterTests.six, labels: [0, 0, 0, 1, 1, 1]), [.scatter])
    #expect(
      try byGroup.value(of: scatter).value
        == .undefined("the groups were not measured; debias by sample without them"))
  }

  /// Theorem: F_u is the same after rotation, translation, scaling and in any order.
  @Test func similaritiesChangeNothing() throws {
    var planted = PlantedClasses(width: 2, classCount: 2, groupCount: 30, separation: 1)
    (planted.groups, planted.groupSize, planted.shared) = (.ofOneClass, 3, 0.5)
    let (points, _) = try planted.draw(3)
    let matrix = try #require(points.source as? MatrixPoints<Double>).matrix
    let order = (0..<points.count).reversed().map { $0 }
    let moved = Matrix<Double>(rowCount: points.count, columnCount: 2) { row, column in
      let (x, y) = (matrix[order[row], 0], matrix[order[row], 1])
      return 1e3 + 7 * (column == 0 ? 0.6 * x - 0.8 * y : 0.8 * x + 0.6 * y)
    }
    let other = try LabelledPoints(
      moved, labels: order.map { points.classes[$0] },
      groups: order.map { points.groups.indices[$0] })
    let (first, second) = (try byGroup.value(of: points), try byGroup.value(of: other))
    // An offset of 1e3/7 spreads costs as many units in the last place, over 90 points.
    #expect(abs(first.doubleValue - second.doubleValue) < 1e-12)
  }

  /// The mean over draws of one distribution does not move with n, where F does.
  @Test(arguments: [20, 80])
  func theMeanIsThatOfThePopulation(groupCount: Int) throws {
    let planted = PlantedClasses(width: 50, groupCount: groupCount, separation: 0.5)
    var values: [Double] = []
    var population = 0.0
    for draw in 0..<200 {
      let drawn = try planted.draw(4, UInt64(draw))
      values.append(try byGroup.value(of: drawn.points).doubleValue)
      population = drawn.population
    }
    let mean = values.reduce(0, +) / 200
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 199
    // 4 standard errors; plain F is off by about 1/n = 0.05 or 0.0125, more than ten of them.
    #expect(abs(mean - population) < 4 * (variance / 200).squareRoot())
  }

  @Test func settingsAreListedAndVariantsNamed() throws {
    #expect(try Settings.variant(of: bySample) == "by-sample")
    #expect(try Settings.variant(of: byGroup) == nil)
    #expect(bySample.ingredients == [.scatter])
    #expect(ClusterIndexCatalog.identifiers.first == "debiased-separation")
  }
}
