internal import LinearAlgebra
internal import Optimization

/// Two points whose distance counts, by their positions.
public struct PointPair: Sendable, Hashable {
  /// The position of the one.
  public let first: Int
  /// The position of the other.
  public let second: Int

  /// A pair.
  ///
  /// - Parameters:
  ///   - first: The position of the one.
  ///   - second: The position of the other.
  public init(_ first: Int, _ second: Int) {
    self.first = first
    self.second = second
  }
}

/// The products G = D Dᵀ of the (L, d) differences of pairs of points, from which distances follow for any
/// weights of the layers: ‖x̃ − ỹ‖² = αᵀGα.
///
/// A pair takes L (L + 1)/2 numbers, whatever the width. All distances are then one product of a matrix and a
/// vector, and so is the derivative of any sum over them.
public struct LayerPairProducts: Sendable {
  /// The most numbers that products may take: 2²⁵, which is 256 MiB.
  public static let elementLimit = 1 << 25

  /// L, the number of layers.
  public let layerCount: Int
  /// The pairs, in the order of the products.
  public let pairs: [PointPair]
  /// (pairs, L (L + 1)/2), the upper triangle of each G, row after row.
  private let packed: Matrix<Double>

  /// Measures pairs.
  ///
  /// Differences and products are float64, so no digits are lost to a common offset, as they would be in
  /// products of the points themselves.
  ///
  /// - Parameters:
  ///   - layered: The points.
  ///   - pairs: Positions of points, at least one pair.
  /// - Throws: ``AlignmentQualityError/tooLarge(what:count:limit:)`` for more pairs than ``elementLimit`` has
  ///   room for, ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for none, or an error
  ///   of the layers.
  /// - Complexity: O(pairs · L² · *d*).
  public init(
    _ layered: LayeredPoints, pairs: [PointPair]
  ) throws(AlignmentQualityError) {
    let layerCount = layered.layerCount
    let limit = Self.pairLimit(layerCount: layerCount)
    guard !pairs.isEmpty else {
      throw .invalidSetting(
        method: "hinge pooling", name: "pairs", value: "none",
        expected: "at least one pair of points")
    }
    guard pairs.count <= limit else {
      throw .tooLarge(
        what: "pairs of points at \(layerCount) layers", count: pairs.count, limit: limit)
    }
    let rows = layered.points.rows
    let packedWidth = layerCount * (layerCount + 1) / 2
    var packed = Matrix<Double>(rowCount: pairs.count, columnCount: packedWidth)
    try packed.forEachRowBlock(of: 16) { (range, target) throws(AlignmentQualityError) in
      for number in range {
        let pair = pairs[number]
        let products = try Self.products(
          of: rows[pair.first], and: rows[pair.second], at: layered.layers)
        var place = (number - range.lowerBound) * packedWidth
        for row in 0..<layerCount {
          for column in row..<layerCount {
            target[place] = products[row, column]
            place += 1
          }
        }
      }
    }
    self.init(layerCount: layerCount, pairs: pairs, packed: packed)
  }

  private init(layerCount: Int, pairs: [PointPair], packed: Matrix<Double>) {
    self.layerCount = layerCount
    self.pairs = pairs
    self.packed = packed
  }

  /// The most pairs that ``elementLimit`` has room for.
  ///
  /// - Parameter layerCount: L ≥ 1.
  /// - Returns: A number of pairs.
  public static func pairLimit(layerCount: Int) -> Int {
    elementLimit / (layerCount * (layerCount + 1) / 2)
  }

  /// All pairs of a point of the first class and one of the second, or so many of them drawn at random.
  ///
  /// - Parameters:
  ///   - points: Points of two classes.
  ///   - limit: The most pairs; at least 1.
  ///   - seed: The seed of the draw, which is without repeats.
  /// - Returns: The pairs, by rising positions.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for other than two
  ///   classes or a limit below 1.
  public static func pairs(
    of points: LabelledPoints, limit: Int, seed: UInt64
  ) throws(AlignmentQualityError) -> [PointPair] {
    guard points.classCount == 2 else {
      throw .invalidSetting(
        method: "hinge pooling", name: "classes", value: "\(points.classCount)",
        expected: "2, of which the pairs are made")
    }
    guard limit >= 1 else {
      throw .invalidSetting(
        method: "hinge pooling", name: "pairLimit", value: "\(limit)", expected: "at least 1")
    }
    let (firsts, seconds) = (points.classRanges[0], points.classRanges[1])
    func pair(_ number: Int) -> PointPair {
      PointPair(
        points.order[firsts.lowerBound + number / seconds.count],
        points.order[seconds.lowerBound + number % seconds.count])
    }
    let (count, overflow) = firsts.count.multipliedReportingOverflow(by: seconds.count)
    guard !overflow else {
      throw .tooLarge(
        what: "points of a class", count: firsts.count, limit: Int.max / seconds.count)
    }
    if count <= limit { return (0..<count).map(pair) }
    // Floyd's draw without repeats: each number is kept, or the last one that it can stand for.
    var generator = SeededGenerator(seed: seed, stream: 1)
    var chosen: Set<Int> = []
    for last in count - limit..<count {
      let drawn = generator.nextIndex(below: last + 1)
      chosen.insert(chosen.contains(drawn) ? last : drawn)
    }
    return chosen.sorted().map(pair)
  }

  /// Some of the pairs.
  ///
  /// - Parameter isWanted: Whether a pair is kept.
  /// - Returns: The products of those pairs; maybe none.
  public func filter(_ isWanted: (PointPair) -> Bool) -> LayerPairProducts {
    let kept = pairs.indices.filter { isWanted(pairs[$0]) }
    return LayerPairProducts(
      layerCount: layerCount, pairs: kept.map { pairs[$0] }, packed: packed.selectingRows(kept))
  }

  /// The squared distance of each pair of pooled points.
  ///
  /// - Parameter weights: α, one a layer.
  /// - Returns: αᵀGα for each pair.
  /// - Complexity: O(pairs · L²).
  public func squaredDistances(at weights: [Double]) -> [Double] {
    precondition(weights.count == layerCount, "\(weights.count) weights, \(layerCount) layers")
    var factors: [Double] = []
    factors.reserveCapacity(packed.columnCount)
    for row in 0..<layerCount {
      for column in row..<layerCount {
        factors.append(weights[row] * weights[column] * (row == column ? 1 : 2))
      }
    }
    return product(of: packed.view, and: factors.span).map { max(0, $0) }
  }

  /// The sum of all G, each times its factor.
  ///
  /// - Parameter factors: One a pair.
  /// - Returns: (L, L), symmetric.
  /// - Complexity: O(pairs · L²).
  func sum(times factors: [Double]) -> Matrix<Double> {
    let total = product(of: packed.view, and: factors.span, transposed: true)
    var result = Matrix<Double>(rowCount: layerCount, columnCount: layerCount)
    var place = 0
    for row in 0..<layerCount {
      for column in row..<layerCount {
        result[row, column] = total[place]
        result[column, row] = total[place]
        place += 1
      }
    }
    return result
  }

  private static func products(
    of first: Int, and second: Int, at layers: [any PointSource]
  ) throws(AlignmentQualityError) -> Matrix<Double> {
    let width = layers[0].width
    var differences = Matrix<Double>(rowCount: layers.count, columnCount: width)
    var reference = [Double](repeating: 0, count: width)
    let zeros = reference
    for (number, layer) in layers.enumerated() {
      var referenceTarget = reference.mutableSpan
      _ = try layer.readDifferences([first], from: zeros, into: &referenceTarget, at: 0)
      var target = differences.mutableSpan
      _ = try layer.readDifferences(
        [second], from: reference, into: &target, at: number * width)
    }
    return symmetricProduct(of: differences.view, transposed: false)
  }
}
