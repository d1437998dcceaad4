internal import LinearAlgebra

/// The points of one layer, sorted by class, with their means: what measures of geometry start from.
struct PointCloud: Sendable {
  /// What is subtracted from points as they are read.
  enum Centring: Sendable {
    /// Nothing.
    case none
    /// The mean of all points.
    case mean
    /// The mean of the point's class.
    case classMeans
  }

  let points: LabelledPoints
  let scatter: ClassScatter
  /// (K, d), the mean of each class.
  let centroids: Matrix<Double>
  /// (1, d), the mean of all points.
  let mean: Matrix<Double>
  /// The rows of the source, sorted by class.
  private let rows: [Int]
  /// The class of each, rising.
  private let classes: [Int]

  /// Measures the means; where a matrix of the smaller side will be decomposed, refuses too large ones first.
  init(_ points: LabelledPoints, isDecomposed: Bool = false) throws(AlignmentQualityError) {
    if isDecomposed { try Self.checkSmallerSide(of: points) }
    let measurements = try ClusterMeasurer.measure(points, [.scatter])
    guard let centroids = measurements.centroids else {
      preconditionFailure("points were measured without their means")
    }
    self.points = points
    self.centroids = centroids
    scatter = measurements.scatter
    rows = points.sortedRows
    classes = points.order.map { points.classes[$0] }
    mean = product(
      of: Matrix(rowCount: 1, columnCount: centroids.rowCount, elements: scatter.shares).view,
      and: centroids.view)
  }

  /// n.
  var count: Int { rows.count }
  /// d.
  var width: Int { points.width }

  /// Why the whole cloud has no shape, if so.
  var undefinedReason: String? {
    if count < 2 { return "there is only one point" }
    if scatter.isWithinZero && scatter.isBetweenZero { return "all points are the same point" }
    let spread = ((scatter.within + scatter.between) / Double(count)).squareRoot()
    let rounding = 4 * Double.ulpOfOne * euclideanNorm(mean.view.row(0))
    return spread <= rounding
      ? "the points differ by no more than the rounding of their mean" : nil
  }

  /// Why two classes cannot be compared, if so.
  var twoClassReason: String? {
    guard scatter.classCount == 2 else {
      return "it compares 2 classes, and there are \(scatter.classCount)"
    }
    return scatter.undefinedReason ?? undefinedReason
  }

  /// Points by their places in the order of classes, in float64.
  func read(
    _ places: Range<Int>, _ centring: Centring
  ) throws(AlignmentQualityError) -> Matrix<Double> {
    switch centring {
    case .none:
      try points.source.widened(
        rows[places], subtracting: Matrix(rowCount: 1, columnCount: width),
        choosing: [Int](repeating: 0, count: places.count)[...])
    case .mean:
      try points.source.widened(
        rows[places], subtracting: mean,
        choosing: [Int](repeating: 0, count: places.count)[...])
    case .classMeans:
      try points.source.widened(rows[places], subtracting: centroids, choosing: classes[places])
    }
  }

  /// Pieces of a range of places, none longer than a tile of 8 MiB in float64, or than a given number.
  func blocks(of range: Range<Int>, atMost rowCount: Int = .max) -> [Range<Int>] {
    let height = max(1, min(rowCount, max(16, (1 << 20) / max(1, width))))
    return stride(from: range.lowerBound, to: range.upperBound, by: height).map {
      $0..<min($0 + height, range.upperBound)
    }
  }
}

extension PointSource {
  /// Reads rows in float64, each less the centre that it chooses.
  func widened(
    _ rows: ArraySlice<Int>, subtracting centers: Matrix<Double>, choosing choice: ArraySlice<Int>
  ) throws(AlignmentQualityError) -> Matrix<Double> {
    let width = width
    var result = Matrix<Double>(rowCount: rows.count, columnCount: width)
    let height = TileShape.rowCount(width: width, of: Scalar.self)
    try result.forEachRowBlock(of: height) { (range, target) throws(AlignmentQualityError) in
      var tile = Matrix<Scalar>(rowCount: range.count, columnCount: width)
      var buffer = tile.mutableSpan
      let first = rows.startIndex + range.lowerBound
      let firstChoice = choice.startIndex + range.lowerBound
      try read(rows[first..<first + range.count], into: &buffer)
      tile.copyWidenedRows(
        subtracting: centers, choosing: choice[firstChoice..<firstChoice + range.count],
        into: &target)
    }
    return result
  }
}

/// Runs a decomposition, and names its failure as this module does.
func decomposing<Result>(
  _ body: () throws(LinearAlgebraError) -> Result
) throws(AlignmentQualityError) -> Result {
  do {
    return try body()
  } catch {
    throw .linearAlgebra(error)
  }
}
