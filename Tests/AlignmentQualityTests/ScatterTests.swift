import AlignmentQuality
import LinearAlgebra
import Testing

@Suite struct ScatterTests {
  /// By hand: centroids (2/3, 2/3) and (32/3, 2), scatters 16/3 and 32/3.
  static let six = Matrix<Double>(rows: [[0, 0], [0, 2], [2, 0], [10, 0], [10, 4], [12, 2]])

  @Test func sixPointsByHand() throws {
    let points = try LabelledPoints(Self.six, labels: [0, 0, 0, 1, 1, 1])
    let scatter = try ClusterMeasurer.measure(points, [.scatter]).scatter
    #expect(scatter.counts == [3, 3])
    #expect(abs(scatter.scatters[0] - 16.0 / 3) < 1e-14)
    #expect(abs(scatter.scatters[1] - 32.0 / 3) < 1e-14)
    #expect(abs(scatter.between - 458.0 / 3) < 1e-12)
    let value = try CalinskiHarabaszIndex().value(of: points)
    #expect(abs(value.doubleValue - 229.0 / 6) < 1e-12)
  }
}
