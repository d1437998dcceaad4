internal import LinearAlgebra

/// Distances by differences in float64, from the coordinates as they are.
///
/// Keeps the row on the left, since pairs come sorted by it.
struct DirectDistances<Source: PointSource> {
  private let source: Source
  private let rows: [Int]
  private var left: [Source.Scalar]
  private var right: [Source.Scalar]
  private var leftPosition = -1

  /// Prepares to read points.
  ///
  /// - Parameters:
  ///   - source: Where the coordinates are read.
  ///   - rows: The row of the source that each position is.
  init(source: Source, rows: [Int]) {
    self.source = source
    self.rows = rows
    left = [Source.Scalar](repeating: 0, count: source.width)
    right = left
  }

  /// The distance between two positions.
  mutating func distance(
    _ first: Int, _ second: Int
  ) throws(AlignmentQualityError) -> Double {
    let (source, wanted) = (source, rows)
    if first != leftPosition {
      var target = left.mutableSpan
      try source.read(wanted[first...first], into: &target)
      leftPosition = first
    }
    var target = right.mutableSpan
    try source.read(wanted[second...second], into: &target)
    return euclideanDistance(left.span, right.span)
  }
}
