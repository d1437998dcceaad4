extension Span where Element == Float {
  /// The bytes of the elements, in the machine's order.
  package var elementBytes: RawSpan {
    @_lifetime(copy self)
    // Floats have no padding, so every byte is initialised.
    get { unsafe bytes }
  }
}
