import LinearAlgebra
import Optimization
import Steering

/// Pairs whose sides lie apart along a known direction, with a nuisance along another one.
struct PlantedSides {
  var count = 120
  var width = 24
  /// How far the sides' means are apart, along the first coordinate.
  var gap = 2.0
  /// The standard deviation, in the differences, along the second coordinate.
  var nuisance = 0.5
  /// The standard deviation, in the differences, along every coordinate.
  var noise = 0.3

  func draw(seed: UInt64) throws -> SteeringStates {
    var generator = SeededGenerator(seed: 77, stream: seed)
    var sides: [[[Float]]] = [[], []]
    for _ in 0..<count {
      let middle = (0..<width).map { _ in generator.nextNormal() }
      let shift = (0..<width).map { column in
        (column == 0 ? gap : 0) + (column == 1 ? nuisance * generator.nextNormal() : 0)
          + noise * generator.nextNormal()
      }
      sides[0].append(zip(middle, shift).map { Float($0 + $1 / 2) })
      sides[1].append(zip(middle, shift).map { Float($0 - $1 / 2) })
    }
    return try SteeringStates(positive: Matrix(rows: sides[0]), negative: Matrix(rows: sides[1]))
  }
}

extension SteeringStates {
  /// The same states after a change of each row.
  func mapped(_ change: ([Double]) -> [Double]) throws -> SteeringStates {
    func changed(_ side: Matrix<Float>) -> Matrix<Float> {
      Matrix(
        rows: (0..<side.rowCount).map { row in
          change(side.row(row).map { Double($0) }).map { Float($0) }
        })
    }
    return try SteeringStates(
      positive: changed(positive), negative: changed(negative), isPaired: isPaired)
  }

  var swapped: SteeringStates {
    get throws {
      try SteeringStates(positive: negative, negative: positive, isPaired: isPaired)
    }
  }

  /// D as its definition has it, in float64.
  var pairDifferences: Matrix<Double> {
    Matrix(rowCount: positive.rowCount, columnCount: width) { row, column in
      Double(positive[row, column] - negative[row, column])
    }
  }
}

/// A rotation: by the angle of a 3-4-5 triangle in three planes after each other.
func rotated(_ vector: [Double]) -> [Double] {
  var result = vector
  for (first, second) in [(0, 3), (1, 5), (2, 0)] {
    let (x, y) = (result[first], result[second])
    result[first] = 0.8 * x - 0.6 * y
    result[second] = 0.6 * x + 0.8 * y
  }
  return result
}
