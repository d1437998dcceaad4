/// NumPy's legacy generator `RandomState(seed)`: the Mersenne Twister MT19937.
///
/// Only for what must be the same as in published code; everything else uses ``SeededGenerator``.
///
/// Matsumoto & Nishimura (1998), doi:10.1145/272991.272995. The permutation is that of NumPy's
/// `RandomState.permutation`, drawn with masked rejection from 32-bit numbers.
public struct NumPyLegacyGenerator: RandomNumberGenerator, Sendable {
  private static let size = 624
  private static let middle = 397

  private var state: [UInt32]
  private var position = Self.size

  /// The generator that `numpy.random.RandomState(seed)` makes.
  ///
  /// - Parameter seed: the seed.
  public init(seed: UInt32) {
    state = [seed]
    for index in 1..<Self.size {
      let previous = state[index - 1]
      state.append(1_812_433_253 &* (previous ^ previous >> 30) &+ UInt32(index))
    }
  }

  /// The next 32 random bits.
  ///
  /// - Returns: uniformly distributed bits.
  public mutating func nextWord() -> UInt32 {
    if position == Self.size { twist() }
    var word = state[position]
    position += 1
    word ^= word >> 11
    word ^= word << 7 & 0x9D2C_5680
    word ^= word << 15 & 0xEFC6_0000
    return word ^ word >> 18
  }

  /// The next 64 random bits, low word first.
  ///
  /// - Returns: uniformly distributed bits.
  public mutating func next() -> UInt64 {
    let low = nextWord()
    return UInt64(nextWord()) << 32 | UInt64(low)
  }

  /// What `RandomState.permutation(count)` returns.
  ///
  /// - Parameter count: the number of elements, at most 2³² − 1.
  /// - Returns: the numbers below `count` in random order.
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    shuffle(&order)
    return order
  }

  /// Shuffles in place as `RandomState.shuffle` does.
  ///
  /// - Parameter order: the elements, at most 2³² − 1 of them.
  /// - Complexity: O(*n*).
  public mutating func shuffle(_ order: inout [Int]) {
    var last = order.count - 1
    while last > 0 {
      order.swapAt(last, Int(word(atMost: UInt32(last))))
      last -= 1
    }
  }

  private mutating func word(atMost bound: UInt32) -> UInt32 {
    let mask = UInt32.max >> UInt32(bound.leadingZeroBitCount)
    while true {
      let word = nextWord() & mask
      if word <= bound { return word }
    }
  }

  private mutating func twist() {
    for index in 0..<Self.size {
      let bits =
        state[index] & 0x8000_0000 | state[(index + 1) % Self.size] & 0x7FFF_FFFF
      let odd: UInt32 = bits & 1 == 0 ? 0 : 0x9908_B0DF
      state[index] = state[(index + Self.middle) % Self.size] ^ bits >> 1 ^ odd
    }
    position = 0
  }
}
