import LinearAlgebra
import TestSupport
import Testing

/// Oracle: the decomposition of the whole second moment; closed forms for what has no noise.
@Suite struct LeadingComponentsTests {
  private func drawn(_ count: Int, _ width: Int, decay: Double) -> Matrix<Float> {
    var generator = TestGenerator(seed: UInt64(count * 1000 + width))
    return Matrix(rowCount: count, columnCount: width) { _, column in
      Float.random(in: -1...1, using: &generator) * Float(1 / (1 + decay * Double(column))) + 0.3
    }
  }

  @Test(
    arguments: [(50, 20), (20, 50), (300, 200), (200, 300), (500, 120), (1, 8), (8, 1)],
    [LeadingComponents.Centering.none, .columns])
  func leadingPairsAreThoseOfTheWhole(
    shape: (Int, Int), centering: LeadingComponents.Centering
  ) throws {
    let (count, width) = shape
    let rows = drawn(count, width, decay: 0.05)
    var whole = Matrix<Double>(rows)
    if centering == .columns {
      whole.subtractFromRows(
        (0..<width).map { whole.column($0).reduce(0, +) / Double(count) })
    }
    let moment = product(of: whole.view, and: whole.view, leftTransposed: true)
    let full = try SymmetricEigendecomposition(moment.view)
    let wanted = min(3, count, width)
    // In two parts of unlike size, which count as one matrix.
    let cut = count / 3
    let found = try LeadingComponents(
      of: [
        rows.selectingRows(Array(0..<cut)), rows.selectingRows(Array(cut..<count)),
      ], centering: centering, count: wanted)
    let largest = (full.eigenvalues.last ?? 0) / Double(count)
    for place in 0..<wanted {
      let expected = full.eigenvalues[width - 1 - place] / Double(count)
      #expect(abs(found.meanSquares[place] - expected) < 1e-9 * max(largest, 1e-3))
      let direction = found.directions.row(place)
      guard expected > 1e-6 * largest else { continue }
      let image = product(of: moment.view, and: direction.span).map { $0 / Double(count) }
      for (value, element) in zip(image, direction) {
        #expect(abs(value - expected * element) < 1e-8 * largest)
      }
    }
    let trace = (0..<width).reduce(0) { $0 + moment[$1, $1] } / Double(count)
    #expect(abs(found.totalMeanSquare - trace) < 1e-10 * trace + 1e-12)
  }

  /// An eigenvalue that occurs three times is found three times, which one starting vector would miss.
  @Test func equalEigenvaluesAreAllFound() throws {
    let width = 130
    let rows = Matrix<Float>(rowCount: 2 * width, columnCount: width) { row, column in
      guard row / 2 == column else { return 0 }
      return (row % 2 == 0 ? 1 : -1) * (column < 3 ? 8 : 2)
    }
    let found = try LeadingComponents(of: [rows], centering: .columns, count: 3)
    for value in found.meanSquares { #expect(abs(value - 64 / Double(width)) < 1e-12) }
    for row in 0..<3 {
      let weight = found.directions.row(row)[0..<3].reduce(0) { $0 + $1 * $1 }
      #expect(abs(weight - 1) < 1e-10)
    }
  }

  /// Where the tolerance is not reached, the iteration gives way to the decomposition of the whole.
  @Test func whatDoesNotConvergeIsDecomposedWhole() throws {
    let rows = drawn(400, 300, decay: 0.2)
    let found = try LeadingComponents(
      of: [rows], centering: .columns, count: 2, tolerance: 1e-300)
    let iterated = try LeadingComponents(of: [rows], centering: .columns, count: 2)
    #expect(abs(found.meanSquares[0] - iterated.meanSquares[0]) < 1e-10)
    #expect(found.passCount > iterated.passCount)
  }

  @Test func bytesDoNotDependOnThreads() throws {
    let rows = drawn(700, 300, decay: 0.1)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let serial = try LeadingComponents(of: [rows], centering: .columns, count: 2)
    Parallel.threadCount = 3
    #expect(try LeadingComponents(of: [rows], centering: .columns, count: 2) == serial)
  }

  @Test func whatCannotBeIsRefused() {
    let rows = Matrix<Float>(rowCount: 3, columnCount: 2)
    #expect(throws: LinearAlgebraError.empty(dimension: "row")) {
      try LeadingComponents(of: [Matrix<Float>](), centering: .none, count: 1)
    }
    #expect(
      throws: LinearAlgebraError.countOutOfRange(
        name: "component count", value: 3, minimum: 1, maximum: 2)
    ) { try LeadingComponents(of: [rows], centering: .none, count: 3) }
    #expect(throws: LinearAlgebraError.self) {
      try LeadingComponents(
        of: [rows, Matrix(rowCount: 1, columnCount: 3)], centering: .none, count: 1)
    }
  }
}
