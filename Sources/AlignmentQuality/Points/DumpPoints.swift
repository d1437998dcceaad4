public import Activations
public import LinearAlgebra

/// Points that stay in the files of a dump: the hidden states of one layer.
///
/// Row *s* is sample *s*. With several wordings (variants) kept apart, row *s* · variants + *v* is wording
/// *v* of sample *s*.
public struct DumpPoints: PointSource {
  private let layerRows: LayerRows

  /// Takes the hidden states of a layer for points.
  ///
  /// - Parameters:
  ///   - dump: The dump.
  ///   - role: The activations, or the positive or negative side of the contrast pairs.
  ///   - layer: The layer's number.
  ///   - variants: What becomes of several wordings of a sample.
  /// - Throws: ``AlignmentQualityError/activations(_:)`` if the dump lacks the array, the layer or the
  ///   wording.
  public init(
    _ dump: ActivationDump, role: ArrayRole, layer: Int, variants: VariantChoice = .separatePairs
  ) throws(AlignmentQualityError) {
    self.init(
      try Self.reading { () throws(ActivationsError) in
        try dump.layerRows(role, layer: layer, variants: variants)
      })
  }

  private init(_ layerRows: LayerRows) { self.layerRows = layerRows }

  /// The hidden states of some layers, to be measured together.
  ///
  /// - Parameters:
  ///   - dump: The dump.
  ///   - role: The activations, or the positive or negative side of the contrast pairs.
  ///   - layers: The layers' numbers; all of them if not given.
  ///   - variants: What becomes of several wordings of a sample.
  /// - Returns: The points of each layer.
  /// - Throws: As ``init(_:role:layer:variants:)``.
  public static func layers(
    of dump: ActivationDump, role: ArrayRole, layers: [Int]? = nil,
    variants: VariantChoice = .separatePairs
  ) throws(AlignmentQualityError) -> [DumpPoints] {
    try reading { () throws(ActivationsError) in
      try dump.layerRows(
        role, layers: layers ?? Array(0..<dump.layerCount), variants: variants)
    }.map { DumpPoints($0) }
  }

  /// The number of rows.
  public var rowCount: Int { layerRows.rowCount }
  /// The number of features.
  public var width: Int { layerRows.columnCount }
  /// The fewest rows that should be read at once: many where the file stores features apart.
  public var leastRowCount: Int { layerRows.leastRowCount }

  /// Reads rows from the mapped file, as ``PointSource/read(_:into:)`` says.
  ///
  /// - Parameters:
  ///   - rows: Zero-based rows.
  ///   - target: At least rows.count · ``width`` elements.
  /// - Throws: ``AlignmentQualityError/activations(_:)`` with the place of a NaN or an infinity.
  public func read(
    _ rows: ArraySlice<Int>, into target: inout MutableSpan<Float>
  ) throws(AlignmentQualityError) {
    try read(rows, into: &target, isCheckingFinite: true)
  }

  /// Reads rows, NaN and infinities among them, as ``PointSource/readUnchecked(_:into:)`` says.
  ///
  /// - Parameters:
  ///   - rows: Zero-based rows.
  ///   - target: At least rows.count · ``width`` elements.
  /// - Throws: ``AlignmentQualityError/activations(_:)``.
  public func readUnchecked(
    _ rows: ArraySlice<Int>, into target: inout MutableSpan<Float>
  ) throws(AlignmentQualityError) {
    try read(rows, into: &target, isCheckingFinite: false)
  }

  private func read(
    _ rows: ArraySlice<Int>, into target: inout MutableSpan<Float>, isCheckingFinite: Bool
  ) throws(AlignmentQualityError) {
    do throws(ActivationsError) {
      try layerRows.read(rows, into: &target, isCheckingFinite: isCheckingFinite)
    } catch {
      throw .activations(error)
    }
  }

  private static func reading<Result>(
    _ body: () throws(ActivationsError) -> Result
  ) throws(AlignmentQualityError) -> Result {
    do throws(ActivationsError) { return try body() } catch { throw .activations(error) }
  }
}
