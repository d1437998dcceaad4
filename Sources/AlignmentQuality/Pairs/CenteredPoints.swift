internal import LinearAlgebra

/// Points sorted by class, read in panels of centred and scaled rows.
struct CenteredPoints<Source: PointSource, Tile: TileScalar>: Sendable {
  let source: Source
  /// The rows of the source, sorted by class.
  let rows: [Int]
  /// The class of each sorted row.
  let classes: [Int]
  /// The part of the sorted rows that each class takes.
  let classRanges: [Range<Int>]
  /// The squared length of each sorted row, centred, scaled and rounded.
  let norms: [Double]
  private let frame: CenteredFrame

  init(
    _ points: LabelledPoints, source: Source, frame: CenteredFrame
  ) throws(AlignmentQualityError) {
    self.source = source
    self.frame = frame
    let rows = points.sortedRows
    self.rows = rows
    classes = points.order.map { points.classes[$0] }
    classRanges = points.classRanges
    let step = TileShape.rowCount(width: source.width, of: Source.Scalar.self)
    norms = try Parallel.map((rows.count + step - 1) / step) {
      (piece) throws(AlignmentQualityError) in
      let members = rows[piece * step..<min((piece + 1) * step, rows.count)]
      let read = try source.matrix(of: members)
      var scratch = [Tile](repeating: 0, count: members.count * source.width)
      var target = scratch.mutableSpan
      return Tile.centered(
        read.view, around: frame.center.span, scale: frame.scale, into: &target)
    }.flatMap { $0 }
  }

  var count: Int { rows.count }
  var width: Int { source.width }
  var classCount: Int { classRanges.count }
  /// The factor of every distance.
  var scale: Double { frame.scale }

  /// The classes that a range of sorted rows meets, with their parts of it.
  func segments(of range: Range<Int>) -> [ClassSegment] {
    guard !range.isEmpty else { return [] }
    return (classes[range.lowerBound]...classes[range.upperBound - 1]).map {
      ClassSegment(classNumber: $0, range: classRanges[$0].clamped(to: range))
    }
  }

  /// Reads sorted rows into the first rows of a panel, over ``Parallel``'s threads.
  func read(
    _ range: Range<Int>, into panel: inout Matrix<Tile>
  ) throws(AlignmentQualityError) {
    let (rows, source, frame) = (rows, source, frame)
    let step = TileShape.rowCount(width: width, of: Source.Scalar.self)
    try panel.forEachRowBlock(of: step) { (block, target) throws(AlignmentQualityError) in
      let first = range.lowerBound + block.lowerBound
      let members = rows[range].indices.clamped(to: first..<first + block.count)
      guard !members.isEmpty else { return }
      let read = try source.matrix(of: rows[members])
      _ = Tile.centered(
        read.view, around: frame.center.span, scale: frame.scale, into: &target)
    }
  }
}

/// The part of a class that lies in a range of sorted rows.
struct ClassSegment: Sendable {
  let classNumber: Int
  let range: Range<Int>
}

extension PointSource {
  /// Rows in a matrix of their own.
  func matrix(of rows: ArraySlice<Int>) throws(AlignmentQualityError) -> Matrix<Scalar> {
    var result = Matrix<Scalar>(rowCount: rows.count, columnCount: width)
    var target = result.mutableSpan
    try read(rows, into: &target)
    return result
  }
}
