internal import ArrayFiles
public import LinearAlgebra

extension DumpArray {
  /// How many elements a block of rows has, about: 1 MiB of float32.
  private static let blockElementCount = 1 << 18
  /// How many bytes of a mapped file may be touched before its pages are released.
  ///
  /// Telling the system not to read ahead instead costs five times the time.
  static let releaseByteCount = 16 << 20
  /// The fewest rows of a block where neighbouring elements are of neighbouring rows.
  static let columnwiseRowCount = 1024

  /// Reads part of the array as a matrix of float32, a tile at a time.
  ///
  /// The mapped pages are released as it goes, so that the memory needed is that of the result and a
  /// few tiles, whatever the size of the file.
  ///
  /// - Parameters:
  ///   - rowAxis: what the rows of the result count.
  ///   - rows: which of them, in the order wanted; all of them if not given.
  ///   - columnAxis: what the columns count. Of an axis that occurs twice, the last.
  ///   - fixed: the position on every other axis.
  ///   - isCheckingFinite: whether NaN and infinities are refused.
  /// - Returns: a row for each of `rows`.
  /// - Throws: ``ActivationsError/nonFinite(_:)`` with the place of the first one, or
  ///   ``ActivationsError/outOfRange(what:value:count:)``.
  /// - Precondition: the array has these axes and no others.
  public func matrix(
    rows rowAxis: Axis = .sample, at rows: [Int]? = nil, columns columnAxis: Axis = .width,
    fixing fixed: [Axis: Int] = [:], isCheckingFinite: Bool = true
  ) throws(ActivationsError) -> Matrix<Float> {
    let rows = rows ?? Array(0..<(count(of: rowAxis) ?? 0))
    let places = rows.map { ArrayRow(row: $0, variant: nil) }
    return try matrix(
      rows: rowAxis, at: places, columns: columnAxis, fixing: fixed,
      isCheckingFinite: isCheckingFinite)
  }

  func matrix(
    rows rowAxis: Axis, at places: [ArrayRow], columns columnAxis: Axis, fixing fixed: [Axis: Int],
    isCheckingFinite: Bool
  ) throws(ActivationsError) -> Matrix<Float> {
    let reader = try reader(
      rows: rowAxis, at: places, columns: columnAxis, fixing: fixed)
    let blockRowCount = Swift.max(
      reader.isColumnwise ? Self.columnwiseRowCount : 1,
      Self.blockElementCount / Swift.max(reader.columnCount, 1))
    defer { reader.file.releasePages() }
    var result = Matrix<Float>(rowCount: places.count, columnCount: reader.columnCount)
    try result.forEachRowBlock(of: blockRowCount) { (rows, elements) throws(ActivationsError) in
      reader.read(rows, into: &elements)
      if isCheckingFinite, let place = firstNonFinite(in: elements.span) {
        let row = places[rows.lowerBound + place / reader.columnCount]
        throw .nonFinite(
          self.nonFinite(
            elements[place], at: row, column: place % reader.columnCount, layer: fixed[.layer],
            file: reader.file))
      }
      let touched = reader.touchedByteCount(rows)
      if reader.isReleaseDue(after: rows, touched: touched, limit: Self.releaseByteCount) {
        reader.file.releasePages()
      }
    }
    return result
  }

  /// Where the rows of a part of the array lie.
  func reader(
    rows rowAxis: Axis, at places: [ArrayRow], columns columnAxis: Axis, fixing fixed: [Axis: Int]
  ) throws(ActivationsError) -> RowReader {
    guard let rowPosition = axes.firstIndex(of: rowAxis),
      let columnPosition = axes.lastIndex(of: columnAxis), rowPosition != columnPosition
    else { preconditionFailure("\(role) has no rows of \(rowAxis) and columns of \(columnAxis)") }
    var file = files[0]
    let strides = (isOneLayerEach ? [0] : []) + file.layout.strides
    var base = 0
    var variantStride = 0
    for (position, axis) in axes.enumerated()
    where position != rowPosition && position != columnPosition {
      if axis == .variant, fixed[axis] == nil {
        variantStride = strides[position]
        continue
      }
      guard let value = fixed[axis] else {
        preconditionFailure("\(role) needs a position on its axis \(axis)")
      }
      guard value >= 0, value < shape[position] else {
        throw .outOfRange(what: axis.rawValue, value: value, count: shape[position])
      }
      if isOneLayerEach, position == 0 { file = files[value] }
      base += value * strides[position]
    }
    let rowCount = shape[rowPosition]
    var offsets: [Int] = []
    offsets.reserveCapacity(places.count)
    for place in places {
      guard place.row >= 0, place.row < rowCount else {
        throw .outOfRange(what: rowAxis.rawValue, value: place.row, count: rowCount)
      }
      offsets.append(base + place.row * strides[rowPosition] + (place.variant ?? 0) * variantStride)
    }
    return RowReader(
      file: file, offsets: offsets, columnCount: shape[columnPosition],
      columnStride: strides[columnPosition], rowStride: strides[rowPosition])
  }

  func nonFinite(
    _ value: Float, at place: ArrayRow, column: Int, layer: Int?, file: ArrayFile
  ) -> ActivationsError.NonFiniteActivation {
    ActivationsError.NonFiniteActivation(
      role: role.identifier, file: Self.name(of: file), layer: layer, row: place.row,
      variant: place.variant, column: column, value: value.isNaN ? "nan" : "\(value)",
      elementType: elementType)
  }
}

extension DumpArray {
  /// Reads an array with one axis as float64.
  ///
  /// - Parameter isCheckingFinite: whether NaN and infinities are refused.
  /// - Returns: the values in stored order of the only axis.
  /// - Throws: ``ActivationsError/nonFinite(_:)`` for a NaN or an infinity.
  /// - Precondition: the array has one axis.
  public func values(isCheckingFinite: Bool = true) throws(ActivationsError) -> [Double] {
    precondition(axes.count == 1 && files.count == 1, "\(role) has more than one axis")
    var values = [Double](repeating: 0, count: shape[0])
    let file = files[0]
    let widening = ElementWidening(file.layout)
    file.withBytes { bytes in
      var target = values.mutableSpan
      widening.widen(bytes, into: &target)
    }
    file.releasePages()
    if isCheckingFinite, let place = firstNonFinite(in: values.span) {
      throw .nonFinite(
        nonFinite(
          Float(values[place]), at: ArrayRow(row: place, variant: nil), column: 0, layer: nil,
          file: file))
    }
    return values
  }

  /// Reads an array of whole numbers.
  ///
  /// Numbers stored as floating point are accepted where every one of them is whole.
  ///
  /// - Returns: one number a sample.
  /// - Throws: ``ActivationsError/invalidValue(role:file:sample:problem:)`` for a number that is not
  ///   whole, or beyond 2⁵³.
  /// - Precondition: the array has one axis.
  public func integers() throws(ActivationsError) -> [Int] {
    var integers: [Int] = []
    for (sample, value) in try values().enumerated() {
      guard let integer = Int(exactly: value), value.magnitude <= 0x1p53 else {
        throw .invalidValue(
          role: role.identifier, file: fileDescription, sample: sample,
          problem: "is \(value), which is not a whole number that can be counted with")
      }
      integers.append(integer)
    }
    return integers
  }
}

/// A row of an array: a sample, and its wording where there are several.
struct ArrayRow: Sendable, Equatable {
  let row: Int
  let variant: Int?
}
