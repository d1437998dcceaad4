import AlignmentQuality
import LinearAlgebra
import Optimization

/// Two normal classes, a third and two thirds of the points, of width 8 and variance 1, with means at a
/// distance of 3.
func planted(_ count: Int, seed: Int) throws -> LabelledPoints {
  var generator = SeededGenerator(seed: 2025, stream: UInt64(seed))
  let labels = (0..<count).map { $0 % 3 == 0 ? 1 : 0 }
  let elements = labels.flatMap { label in
    (0..<8).map { column in generator.nextNormal() + (column == 0 ? 3 * Double(label) : 0) }
  }
  return try LabelledPoints(
    Matrix(rowCount: count, columnCount: 8, elements: elements), labels: labels)
}
