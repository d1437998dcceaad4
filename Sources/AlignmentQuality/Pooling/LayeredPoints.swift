internal import Evaluation
public import LinearAlgebra

/// The same points at several layers, with a class each: what layers are pooled of.
public struct LayeredPoints: Sendable {
  /// Where the coordinates of each layer are read; all of one width and row count.
  public let layers: [any PointSource]
  /// The points as they are at the first layer, with their classes and groups.
  public let points: LabelledPoints

  /// Gives points at several layers their classes.
  ///
  /// - Parameters:
  ///   - layers: Where each layer is read, at least one, of one width and as many rows.
  ///   - rows: The rows of each source that are points; all of them if not given.
  ///   - labels: The label of each point, any whole number.
  ///   - weights: How often each point counts; once if not given.
  ///   - groups: The group of each point; each its own if not given.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)`` for no layers or for
  ///   layers of other shapes, or as ``LabelledPoints/init(_:rows:labels:weights:groups:)``.
  public init(
    _ layers: [any PointSource], rows: [Int]? = nil, labels: [Int], weights: [Int]? = nil,
    groups: [Int]? = nil
  ) throws(AlignmentQualityError) {
    try Self.check(layers)
    self.layers = layers
    points = try LabelledPoints(
      layers[0], rows: rows, labels: labels, weights: weights, groups: groups)
  }

  /// Points in memory.
  ///
  /// - Parameters:
  ///   - matrices: One (n, d) a layer, finite.
  ///   - labels: The label of each point, any whole number.
  ///   - weights: How often each point counts; once if not given.
  ///   - groups: The group of each point; each its own if not given.
  /// - Throws: As ``init(_:rows:labels:weights:groups:)``, and
  ///   ``AlignmentQualityError/nonFinite(row:column:)``.
  public init<Scalar: LAPACKScalar>(
    _ matrices: [Matrix<Scalar>], labels: [Int], weights: [Int]? = nil, groups: [Int]? = nil
  ) throws(AlignmentQualityError) {
    var layers: [any PointSource] = []
    for matrix in matrices { layers.append(try MatrixPoints(matrix)) }
    try self.init(layers, labels: labels, weights: weights, groups: groups)
  }

  /// The number of layers.
  public var layerCount: Int { layers.count }

  /// The points as a pooling makes them, for every index that needs more than scatters.
  ///
  /// - Parameter pooling: The weights of the layers.
  /// - Returns: The same points in the pooled space, which is read and mixed as it is asked for.
  /// - Throws: As ``PooledPoints/init(_:_:)``.
  public func pooled(_ pooling: LayerPooling) throws(AlignmentQualityError) -> LabelledPoints {
    try LabelledPoints(
      PooledPoints(layers, pooling), rows: points.rows,
      labels: points.classes.map { points.labels[$0] }, groups: points.groups.indices)
  }

  /// Refuses no layers, and layers of several shapes.
  static func check(_ layers: [any PointSource]) throws(AlignmentQualityError) {
    guard let first = layers.first else {
      throw .invalidSetting(
        method: "pooling", name: "layers", value: "empty", expected: "at least one layer")
    }
    for (number, layer) in layers.enumerated()
    where layer.width != first.width || layer.rowCount != first.rowCount {
      throw .invalidSetting(
        method: "pooling", name: "layers",
        value: "(\(layer.rowCount), \(layer.width)) at place \(number) (from 0)",
        expected:
          "the shape of the first, (\(first.rowCount), \(first.width)); layers of other widths "
          + "have no sum")
    }
  }
}
