/// The generator that spreads a 64-bit seed over a larger state.
package struct SplitMix64: Sendable {
  /// The odd number nearest to 2⁶⁴ divided by the golden ratio.
  package static let increment: UInt64 = 0x9e37_79b9_7f4a_7c15
  private var state: UInt64

  /// Starts from a state.
  package init(state: UInt64) {
    self.state = state
  }

  /// Returns the next 64 random bits.
  package mutating func next() -> UInt64 {
    state &+= Self.increment
    return Self.finalize(state)
  }

  /// Mixes 64 bits; a bijection.
  package static func finalize(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ mixed &>> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed &>> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed &>> 31
  }
}
