#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A deterministic random number generator with an independent stream per purpose.
///
/// The generator is xoshiro256** whose four words of state come from SplitMix64. A *stream* is a path
/// of numbers, such as (layer, try, purpose): the path is hashed into the seed, so that the numbers one
/// part of a computation draws never depend on how many another part drew, nor on the order or the
/// threads in which the parts ran. With an empty path the outputs are those of the reference
/// implementation seeded by `seed`.
///
/// Under one seed, two paths of length one never share a key; longer paths collide with a chance of
/// about *k*²/2⁶⁵ among *k* of them. This generator is not for cryptography.
///
/// Blackman & Vigna (2021), "Scrambled linear pseudorandom number generators", ACM TOMS 47(4):36,
/// doi:10.1145/3460772. Steele, Lea & Flood (2014), "Fast splittable pseudorandom number generators",
/// doi:10.1145/2660193.2660195.
public struct SeededGenerator: RandomNumberGenerator, Sendable, Hashable, Codable {
  private var state0: UInt64
  private var state1: UInt64
  private var state2: UInt64
  private var state3: UInt64
  /// The second normal deviate of the last accepted pair, kept for the next call.
  private var spareNormal: Double?

  /// Starts the stream that a path of numbers names.
  ///
  /// - Parameters:
  ///   - seed: The seed of the whole computation.
  ///   - stream: The path, outermost first: for example the layer, the try and the purpose.
  public init(seed: UInt64, stream: UInt64...) {
    self.init(seed: seed, stream: stream)
  }

  /// Starts the stream that a path of numbers names.
  ///
  /// - Parameters:
  ///   - seed: The seed of the whole computation.
  ///   - stream: The path, outermost first: for example the layer, the try and the purpose.
  public init(seed: UInt64, stream: [UInt64]) {
    var key = seed
    for component in stream {
      // Both maps are bijections of 64 bits: siblings of one path never share a key, and (a, b)
      // differs from (b, a) as well as from (a).
      key = SplitMix64.finalize(SplitMix64.finalize(key &+ SplitMix64.increment) ^ component)
    }
    var source = SplitMix64(state: key)
    self.init(state: (source.next(), source.next(), source.next(), source.next()))
  }

  /// Starts from the four words of xoshiro256** state, as the reference implementation does.
  ///
  /// - Parameter state: The words `s[0]` to `s[3]`, not all zero.
  package init(state: (UInt64, UInt64, UInt64, UInt64)) {
    precondition(
      state.0 | state.1 | state.2 | state.3 != 0, "xoshiro256** needs a state that is not all zero")
    (state0, state1, state2, state3) = state
    spareNormal = nil
  }

  /// Returns the next 64 random bits.
  public mutating func next() -> UInt64 {
    let product = state1 &* 5
    let result = (product &<< 7 | product &>> 57) &* 9
    let shifted = state1 &<< 17
    state2 ^= state0
    state3 ^= state1
    state1 ^= state2
    state0 ^= state3
    state2 ^= shifted
    state3 = state3 &<< 45 | state3 &>> 19
    return result
  }

  /// Returns a number in [0, 1): a multiple of 2⁻⁵³, each as likely as any other.
  public mutating func nextUniform() -> Double {
    Double(next() &>> 11) * 0x1p-53
  }

  /// Returns a number from the normal distribution with mean 0 and variance 1.
  ///
  /// Every second call returns the second deviate of the pair that the first one drew.
  ///
  /// Marsaglia & Bray (1964), the polar method, doi:10.1137/1006063.
  public mutating func nextNormal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    while true {
      let first = 2 * nextUniform() - 1
      let second = 2 * nextUniform() - 1
      let squaredRadius = first * first + second * second
      if squaredRadius < 1, squaredRadius > 0 {
        let factor = (-2 * log(squaredRadius) / squaredRadius).squareRoot()
        spareNormal = second * factor
        return first * factor
      }
    }
  }

  /// Returns a whole number from 0 up to but not including a bound, without bias.
  ///
  /// Lemire (2019), "Fast random integer generation in an interval", doi:10.1145/3230636.
  ///
  /// - Parameter bound: The number of values, at least 1.
  /// - Returns: One of the values, each as likely as any other.
  public mutating func nextIndex(below bound: Int) -> Int {
    precondition(bound > 0, "an index needs at least one value to choose from, got \(bound)")
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold {
        product = next().multipliedFullWidth(by: range)
      }
    }
    return Int(product.high)
  }

  /// Shuffles elements in place; every order is as likely as any other.
  ///
  /// The order depends on this generator alone, not on the standard library's version.
  /// Fisher & Yates, as in Knuth, *The Art of Computer Programming*, vol. 2, algorithm 3.4.2P.
  ///
  /// - Parameter elements: The elements to reorder.
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    shuffle(&elements, in: 0..<elements.count)
  }

  /// Shuffles the elements of one range in place and leaves the others where they are.
  ///
  /// - Parameters:
  ///   - elements: The elements, of which some are reordered.
  ///   - range: The positions to shuffle among themselves.
  @specialized(where Element == Int)
  @specialized(where Element == UInt16)
  public mutating func shuffle<Element>(_ elements: inout [Element], in range: Range<Int>) {
    var remaining = range.count
    while remaining > 1 {
      let chosen = range.lowerBound + nextIndex(below: remaining)
      remaining -= 1
      elements.swapAt(range.lowerBound + remaining, chosen)
    }
  }

  /// Returns the elements in a random order.
  ///
  /// - Parameter elements: The elements to reorder.
  /// - Returns: The same elements; every order is as likely as any other.
  public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var result = elements
    shuffle(&result)
    return result
  }

  /// Returns the numbers from 0 up to but not including a count in a random order.
  ///
  /// - Parameter count: How many numbers, at least 0.
  /// - Returns: A permutation; every one is as likely as any other.
  public mutating func permutation(count: Int) -> [Int] {
    shuffled(Array(0..<count))
  }
}
