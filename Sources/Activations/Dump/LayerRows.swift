internal import ArrayFiles
internal import LinearAlgebra

/// The rows of one layer of hidden states, read straight from the file that holds them.
///
/// For passes over a layer that need not be in memory. Rows may be read from several threads at once.
/// Mapped pages are released as it goes, so that the memory needed is that of the buffers read into and
/// a few MiB, whatever the size of the file.
public struct LayerRows: Sendable {
  /// The number of rows: one a sample, or with separate wordings one a sample and wording.
  public let rowCount: Int
  /// The number of features.
  public let columnCount: Int
  /// Fewer rows than that at once are slow to read, because neighbouring elements of the file are of
  /// neighbouring rows; 1 where rows lie in one piece.
  public let leastRowCount: Int

  private let array: DumpArray
  private let layer: Int?
  /// The first sample's rows; those of the others are as far apart as the samples are.
  private let firstPlaces: [ArrayRow]
  private let firstRows: RowReader
  private let touched: TouchedBytes

  fileprivate init(
    _ array: DumpArray, layer: Int?, firstPlaces: [ArrayRow], firstRows: RowReader,
    touched: TouchedBytes
  ) {
    self.array = array
    self.layer = layer
    self.firstPlaces = firstPlaces
    self.firstRows = firstRows
    self.touched = touched
    rowCount = (array.count(of: .sample) ?? 0) * firstPlaces.count
    columnCount = firstRows.columnCount
    leastRowCount = firstRows.isColumnwise ? DumpArray.columnwiseRowCount : 1
  }

  /// Reads rows as float32, in the order given; a row may be named more than once.
  ///
  /// - Parameters:
  ///   - rows: Zero-based rows.
  ///   - target: At least rows.count · ``columnCount`` elements, of which the first so many are
  ///     overwritten, row after row.
  ///   - isCheckingFinite: Whether NaN and infinities are refused; the caller finds them otherwise.
  /// - Throws: ``ActivationsError/nonFinite(_:)`` with the place of the first NaN or infinity, or
  ///   ``ActivationsError/outOfRange(what:value:count:)``.
  /// - Precondition: The rows fit the target.
  public func read(
    _ rows: ArraySlice<Int>, into target: inout MutableSpan<Float>, isCheckingFinite: Bool = true
  ) throws(ActivationsError) {
    precondition(target.count >= rows.count * columnCount, "\(rows.count) rows do not fit")
    for row in rows where row < 0 || row >= rowCount {
      throw .outOfRange(what: "row", value: row, count: rowCount)
    }
    let wordingCount = firstPlaces.count
    let chosen = firstRows.reader(
      at: rows.map { (place: $0 % wordingCount, step: $0 / wordingCount) })
    var elements = target._mutatingExtracting(0..<rows.count * columnCount)
    chosen.read(0..<rows.count, into: &elements)
    if isCheckingFinite, let place = firstNonFinite(in: elements.span) {
      let row = rows[rows.startIndex + place / columnCount]
      let wording = firstPlaces[row % wordingCount].variant
      throw .nonFinite(
        array.nonFinite(
          elements[place], at: ArrayRow(row: row / wordingCount, variant: wording),
          column: place % columnCount, layer: layer, file: chosen.file))
    }
    if touched.add(chosen) { chosen.file.releasePages() }
  }
}

extension ActivationDump {
  /// The rows of one layer, to be read a few at a time.
  ///
  /// - Parameters:
  ///   - role: The activations, or one side of the contrast pairs.
  ///   - layer: The layer's number.
  ///   - variants: What becomes of several wordings of a sample. Separate ones are rows of their own:
  ///     row *s* · ``variantCount`` + *v* is wording *v* of sample *s*.
  /// - Returns: The rows, none of them read yet.
  /// - Throws: ``ActivationsError/missingRoles(_:purpose:present:)``, or
  ///   ``ActivationsError/outOfRange(what:value:count:)`` for a layer or wording that is not there.
  /// - Precondition: The role is of hidden states of samples.
  public func layerRows(
    _ role: ArrayRole, layer: Int, variants: VariantChoice = .separatePairs
  ) throws(ActivationsError) -> LayerRows {
    try layerRows(role, layers: [layer], variants: variants)[0]
  }

  /// The rows of some layers, to be read a few at a time at each of them in turn.
  ///
  /// - Parameters:
  ///   - role: The activations, or one side of the contrast pairs.
  ///   - layers: The layers' numbers.
  ///   - variants: As of ``layerRows(_:layer:variants:)``.
  /// - Returns: The rows of each layer. Reading the same rows at all layers before the next ones keeps
  ///   to the order of a file that stores the layers of a sample side by side.
  /// - Throws: As ``layerRows(_:layer:variants:)``.
  /// - Precondition: The role is of hidden states of samples.
  public func layerRows(
    _ role: ArrayRole, layers: [Int], variants: VariantChoice = .separatePairs
  ) throws(ActivationsError) -> [LayerRows] {
    let array = try array(role, for: "reading the rows of a layer")
    let places = try places(of: [0], variants: variants, isVaried: array.hasVariants)
    let hasLayers = array.axes.contains(.layer)
    var readers: [RowReader] = []
    for layer in layers {
      try check(layer: layer, rows: [])
      readers.append(
        try array.reader(
          rows: .sample, at: places, columns: .width, fixing: hasLayers ? [.layer: layer] : [:]))
    }
    let shared = array.touchedBytes(of: readers)
    return zip(layers, readers).map { layer, reader in
      LayerRows(
        array, layer: hasLayers ? layer : nil, firstPlaces: places, firstRows: reader,
        touched: shared ?? array.touchedBytes(ofOneOf: readers.count))
    }
  }
}

extension DumpArray {
  /// One count for the layers of one file; `nil` where each layer is a file.
  fileprivate func touchedBytes(of readers: [RowReader]) -> TouchedBytes? {
    guard !isOneLayerEach else { return nil }
    let starts = readers.map { $0.offsets[0] }
    let span = (starts.max() ?? 0) - (starts.min() ?? 0)
    // What several threads have mapped is used again at the next layer, so that more of it is kept.
    return TouchedBytes(
      layerCount: Swift.max(1, readers.count), layerSpan: span * elementType.byteCount,
      limit: Self.releaseByteCount * Swift.min(4, Swift.max(1, readers.count)))
  }

  /// The count of one file out of some that are read in turn.
  fileprivate func touchedBytes(ofOneOf fileCount: Int) -> TouchedBytes {
    TouchedBytes(layerCount: 1, layerSpan: 0, limit: Self.releaseByteCount / fileCount)
  }
}
