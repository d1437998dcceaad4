import AlignmentQuality
import Evaluation
import LinearAlgebra
import Testing

@Suite struct TrimmedSeparationTests {
  /// By hand: squared distances 9, 16, 16, 25; without the nearest quarter of the way 9 + .75 · 7.
  @Test func fourPairsByHand() throws {
    let rows = Matrix<Double>(rows: [[0], [-1], [3], [4]])
    let points = try LabelledPoints(rows, labels: [0, 0, 1, 1])
    var index = TrimmedSeparationIndex()
    index.share = 0.25
    #expect(abs(try index.value(of: points).doubleValue - (9 + 0.75 * 7)) < 1e-12)
    index.share = 0
    #expect(abs(try index.value(of: points).doubleValue - 9) < 1e-12)
  }

  /// By hand: opposite directions have 1 − cos = 2.
  @Test func cosinesCountByTheirWeight() throws {
    let rows = Matrix<Double>(rows: [[-1, 0], [-1, 0], [1, 0], [1, 0]])
    let points = try LabelledPoints(rows, labels: [0, 0, 1, 1])
    var index = TrimmedSeparationIndex()
    index.cosineWeight = 3
    #expect(abs(try index.value(of: points).doubleValue - (4 + 3 * 2)) < 1e-12)
  }

  @Test func itIsOfTwoClasses() throws {
    let rows = Matrix<Double>(rows: [[0], [1], [2], [3]])
    let three = try TrimmedSeparationIndex().value(
      of: LabelledPoints(rows, labels: [0, 1, 2, 2]))
    #expect(three.value.finiteValue == nil)
    let one = try TrimmedSeparationIndex().value(of: LabelledPoints(rows, labels: [0, 0, 0, 0]))
    #expect(one.value == .undefined("all points are of one class"))
  }

  @Test(arguments: [-0.1, 1.1, Double.nan])
  func aShareThatCannotBeIsRefused(share: Double) throws {
    let points = try LabelledPoints(
      Matrix<Double>(rows: [[0], [1], [2], [5]]), labels: [0, 0, 1, 1])
    var index = TrimmedSeparationIndex()
    index.share = share
    #expect(throws: AlignmentQualityError.self) { try index.value(of: points) }
  }
}
