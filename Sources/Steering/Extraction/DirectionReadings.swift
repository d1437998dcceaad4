internal import LinearAlgebra

/// The projections of both sides' states on a unit vector.
struct DirectionReadings: Sendable, Equatable {
  let positive: [Double]
  let negative: [Double]

  init(_ states: SteeringStates, along unit: [Double]) {
    positive = Self.projections(of: states.positive, on: unit)
    negative = Self.projections(of: states.negative, on: unit)
  }

  private init(positive: [Double], negative: [Double]) {
    self.positive = positive
    self.negative = negative
  }

  /// The projections on the opposite vector.
  var negated: DirectionReadings {
    DirectionReadings(positive: positive.map { -$0 }, negative: negative.map { -$0 })
  }

  /// In float64, so that a mean difference far below the states' own size is not lost in rounding.
  static func projections(of states: Matrix<Float>, on unit: [Double]) -> [Double] {
    let blockRowCount = 64
    let blockCount = (states.rowCount + blockRowCount - 1) / blockRowCount
    return Parallel.map(blockCount) { block in
      let first = block * blockRowCount
      return (first..<min(first + blockRowCount, states.rowCount)).map { row in
        projection(of: states.view.row(row), on: unit.span)
      }
    }.flatMap { $0 }
  }

  private static func projection(of row: Span<Float>, on unit: Span<Double>) -> Double {
    // Four sums at a time keep the adders busy; their order is fixed.
    var sums = (0.0, 0.0, 0.0, 0.0)
    let whole = row.count & ~3
    for place in stride(from: 0, to: whole, by: 4) {
      sums.0 += Double(row[place]) * unit[place]
      sums.1 += Double(row[place + 1]) * unit[place + 1]
      sums.2 += Double(row[place + 2]) * unit[place + 2]
      sums.3 += Double(row[place + 3]) * unit[place + 3]
    }
    for place in whole..<row.count { sums.0 += Double(row[place]) * unit[place] }
    return (sums.0 + sums.1) + (sums.2 + sums.3)
  }
}
