internal import ArrayFiles
internal import LinearAlgebra

/// Widens the elements of one file.
struct ElementWidening: Sendable {
  let element: Widening.Element
  let isByteSwapped: Bool

  init(_ layout: ArrayLayout) {
    element = Self.element(of: layout.elementType)
    isByteSwapped = layout.byteOrder != .host && layout.elementType.byteCount > 1
  }

  /// Widens every `stride`-th element of `source`, as many as `target` holds.
  ///
  /// A float64 beyond the range of float32 becomes infinite, which the check for finite values finds.
  func widen(_ source: RawSpan, stride: Int, into target: inout MutableSpan<Float>) {
    _ = Widening.convert(
      source, of: element, elementStride: stride, byteSwapped: isByteSwapped, into: &target)
  }

  /// Widens adjoining elements.
  func widen(_ source: RawSpan, into target: inout MutableSpan<Double>) {
    Widening.convert(source, of: element, byteSwapped: isByteSwapped, into: &target)
  }

  private static func element(of type: ElementType) -> Widening.Element {
    switch type {
    case .bool: .bool
    case .int8: .int8
    case .uint8: .uint8
    case .int16: .int16
    case .uint16: .uint16
    case .int32: .int32
    case .uint32: .uint32
    case .int64: .int64
    case .uint64: .uint64
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .float32: .float32
    case .float64: .float64
    }
  }
}
