import Foundation
import LinearAlgebra
import Steering
import Testing

/// Oracle: the jackknife written out.
@Suite struct DirectionConeTests {
  /// Four pairs, each its own block: the unit vectors without one of them have a closed form.
  @Test func theAngleIsThatOfTheJackknife() throws {
    let differences: [[Float]] = [[3, 0], [4, 1], [3, -1], [2, 2]]
    let states = try SteeringStates(
      positive: Matrix(rows: differences), negative: Matrix(rowCount: 4, columnCount: 2))
    let units = (0..<4).map { left -> [Double] in
      let rest = differences.indices.filter { $0 != left }.map { differences[$0] }
      let sum = (0..<2).map { column in rest.reduce(0) { $0 + Double($1[column]) } }
      let norm = (sum[0] * sum[0] + sum[1] * sum[1]).squareRoot()
      return sum.map { $0 / norm }
    }
    var variance = 0.0
    for column in 0..<2 {
      let mean = units.reduce(0) { $0 + $1[column] } / 4
      variance += units.reduce(0) { $0 + ($1[column] - mean) * ($1[column] - mean) } * 3 / 4
    }
    let cone = try #require(DifferenceOfMeansSteering().cone(of: states))
    #expect(cone.blockCount == 4)
    #expect(abs(cone.angle - atan(variance.squareRoot())) < 1e-12)
  }

  /// With more prompts the cone closes as one over the root of their number.
  @Test func theConeClosesWithThePrompts() throws {
    func angle(_ count: Int) throws -> Double {
      let angles = try (0..<8).map { seed in
        let states = try PlantedSides(count: count).draw(seed: UInt64(60 + seed))
        return try #require(DifferenceOfMeansSteering().cone(of: states)).angle
      }
      return angles.reduce(0, +) / 8
    }
    // A quarter of the prompts: twice the angle, within what eight draws of ten blocks leave open.
    #expect(abs(try angle(50) / angle(200) - 2) < 0.5)
  }

  @Test func withoutEnoughGroupsThereIsNone() throws {
    let states = try PlantedSides(count: 12).draw(seed: 70)
    let grouped = try SteeringStates(
      positive: states.positive, negative: states.negative, positiveGroups: (0..<12).map { $0 % 3 })
    #expect(DifferenceOfMeansSteering().cone(of: grouped) == nil)
    // Without one of its pairs this has no direction.
    let rows: [[Float]] = [[1, 0], [0, 0], [0, 0], [0, 0]]
    let bare = try SteeringStates(
      positive: Matrix(rows: rows), negative: Matrix(rowCount: 4, columnCount: 2))
    #expect(DifferenceOfMeansSteering().cone(of: bare) == nil)
  }
}
