public import Activations
public import LinearAlgebra

/// States of answers, or of their tokens, at every layer, read some rows of a layer at a time.
///
/// Layer 0 is the embeddings, and layer l the output of block l.
public struct LayeredStates: Sendable {
  private enum Storage {
    case matrices([Matrix<Float>])
    case array(DumpArray, axis: Axis, rows: [Int])
  }

  private let storage: Storage
  /// How many answers, or tokens, there are.
  public let count: Int
  /// How many layers there are, embeddings included.
  public let layerCount: Int
  /// How many features a state has.
  public let width: Int

  /// States in memory.
  ///
  /// - Parameter layers: (answers, width) at each layer, layer 0 first; finite.
  /// - Throws: ``EpistemicsError/notEnough(what:count:minimum:)``,
  ///   ``EpistemicsError/mismatch(what:expected:actual:)`` or
  ///   ``EpistemicsError/notFinite(what:row:column:)``.
  public init(_ layers: [Matrix<Float>]) throws(EpistemicsError) {
    guard let first = layers.first, first.rowCount > 0, first.columnCount > 0 else {
      throw .notEnough(what: "states", count: 0, minimum: 1)
    }
    for (layer, states) in layers.enumerated() {
      try requireEqual(
        states.rowCount, first.rowCount, "the states of layer \(layer), as those of layer 0,")
      try requireEqual(
        states.columnCount, first.columnCount, "the width of layer \(layer), as that of layer 0,")
      try requireFinite(states, "the states of layer \(layer)")
    }
    storage = .matrices(layers)
    count = first.rowCount
    layerCount = layers.count
    width = first.columnCount
  }

  /// The states of some samples of a dump.
  ///
  /// - Parameters:
  ///   - dump: A dump with the role `activations`.
  ///   - samples: The samples' numbers, in the order wanted; all if not given.
  /// - Throws: ``EpistemicsError/activations(_:)`` if there are no such states or samples;
  ///   ``EpistemicsError/notEnough(what:count:minimum:)`` for no sample.
  public init(_ dump: ActivationDump, samples: [Int]? = nil) throws(EpistemicsError) {
    try self.init(dump, role: .activations, axis: .sample, rows: samples)
  }

  /// The states of all tokens of a dump.
  ///
  /// - Parameter dump: A dump with the role `tokenStates`.
  /// - Throws: ``EpistemicsError/activations(_:)`` if there are none.
  public init(tokensOf dump: ActivationDump) throws(EpistemicsError) {
    try self.init(dump, role: .tokenStates, axis: .token, rows: nil)
  }

  private init(
    _ dump: ActivationDump, role: ArrayRole, axis: Axis, rows: [Int]?
  ) throws(EpistemicsError) {
    let array = try reading { () throws(ActivationsError) in
      try dump.array(role, for: "feature gaps")
    }
    let total = array.count(of: axis) ?? 0
    let rows = rows ?? Array(0..<total)
    guard !rows.isEmpty else { throw .notEnough(what: "samples", count: 0, minimum: 1) }
    for row in rows where row < 0 || row >= total {
      throw .activations(.outOfRange(what: axis.rawValue, value: row, count: total))
    }
    storage = .array(array, axis: axis, rows: rows)
    count = rows.count
    layerCount = dump.layerCount
    width = dump.width
  }

  /// Reads rows of a layer.
  ///
  /// - Parameters:
  ///   - layer: The layer's number.
  ///   - rows: Rows below ``count``; all if not given.
  /// - Returns: (rows, width).
  /// - Throws: ``EpistemicsError/activations(_:)``, for a NaN or an infinity among others.
  /// - Precondition: The layer and the rows exist.
  public func states(layer: Int, rows: Range<Int>? = nil) throws(EpistemicsError) -> Matrix<Float> {
    precondition(layer >= 0 && layer < layerCount, "layer \(layer) of \(layerCount)")
    let rows = rows ?? 0..<count
    switch storage {
    case .matrices(let layers):
      if rows == 0..<count { return layers[layer] }
      let matrix = layers[layer]
      let view = matrix.view(rows: rows)
      return Matrix(view)
    case .array(let array, let axis, let numbers):
      let fixed: [Axis: Int] = array.axes.contains(.layer) ? [.layer: layer] : [:]
      return try reading { () throws(ActivationsError) in
        try array.matrix(rows: axis, at: Array(numbers[rows]), columns: .width, fixing: fixed)
      }
    }
  }
}

/// Runs what reads activations, with this module's errors.
func reading<Result>(
  _ body: () throws(ActivationsError) -> Result
) throws(EpistemicsError) -> Result {
  do throws(ActivationsError) {
    return try body()
  } catch {
    throw .activations(error)
  }
}

/// Refuses two numbers that must be equal and are not.
func requireEqual(_ actual: Int, _ expected: Int, _ what: String) throws(EpistemicsError) {
  guard actual == expected else {
    throw .mismatch(what: what, expected: expected, actual: actual)
  }
}

/// Refuses a NaN or an infinity.
func requireFinite<Scalar: LAPACKScalar>(
  _ matrix: Matrix<Scalar>, _ what: String
) throws(EpistemicsError) {
  guard let place = firstNonFinite(in: matrix.span) else { return }
  throw .notFinite(
    what: what, row: place / matrix.columnCount, column: place % matrix.columnCount)
}
