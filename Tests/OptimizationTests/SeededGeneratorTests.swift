import Optimization
import Testing

@Suite struct SeededGeneratorTests {
  /// Oracle: the outputs that the authors' C code gives from the state (1, 2, 3, 4), as also checked in
  /// the `rand_xoshiro` and `randomgen` packages.
  @Test func outputsAreThoseOfTheReferenceGenerator() {
    var generator = SeededGenerator(state: (1, 2, 3, 4))
    let expected: [UInt64] = [
      11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
      607_988_272_756_665_600, 16_172_922_978_634_559_625, 8_476_171_486_693_032_832,
      10_595_114_339_597_558_777, 2_904_607_092_377_533_576,
    ]
    #expect(expected.map { _ in generator.next() } == expected)
  }

  /// Oracle: the published outputs of SplitMix64 from the seed 1234567.
  @Test func theSeedIsSpreadAsTheReferenceDoes() {
    var source = SplitMix64(state: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    #expect(expected.map { _ in source.next() } == expected)
  }

  /// Oracle: the definition of seeding (the state is the first four outputs of SplitMix64).
  @Test func anEmptyPathIsThePlainlySeededGenerator() {
    var source = SplitMix64(state: 71)
    let state = (source.next(), source.next(), source.next(), source.next())
    #expect(SeededGenerator(seed: 71) == SeededGenerator(state: state))
    #expect(SeededGenerator(seed: 71, stream: 3, 4) == SeededGenerator(seed: 71, stream: [3, 4]))
  }

  @Test func everyPathHasItsOwnStream() {
    var firstOutputs: Set<UInt64> = []
    var streamCount = 0
    for seed: UInt64 in 0..<4 {
      var paths: [[UInt64]] = [[]]
      for first: UInt64 in 0..<20 {
        paths.append([first])
        for second: UInt64 in 0..<20 {
          paths.append([first, second])
          paths.append([first, second, 0])
        }
      }
      for path in paths {
        var generator = SeededGenerator(seed: seed, stream: path)
        firstOutputs.insert(generator.next())
        streamCount += 1
      }
    }
    #expect(firstOutputs.count == streamCount)
  }

  /// Oracle: for independent uniform numbers the correlation has standard deviation 1/√n; 5 of them
  /// are exceeded with a chance below 6e−7.
  @Test(arguments: [[UInt64]](arrayLiteral: [], [1], [0, 0], [1, 0], [0, 1]))
  func neighbouringStreamsAreUncorrelated(path: [UInt64]) {
    let count = 20_000
    var generator = SeededGenerator(seed: 9, stream: path)
    var neighbour = SeededGenerator(seed: 9, stream: path + [0])
    var sum = 0.0
    for _ in 0..<count {
      sum += (generator.nextUniform() - 0.5) * (neighbour.nextUniform() - 0.5)
    }
    let correlation = 12 * sum / Double(count)
    #expect(abs(correlation) < 5 / Double(count).squareRoot())
  }

  /// Oracle: Pearson's statistic over 64 equal bins has mean 63 and variance 126; the bound is its mean
  /// plus or minus 6 standard deviations.
  @Test func uniformNumbersFillTheUnitIntervalEvenly() {
    let count = 64_000
    let binCount = 64
    var generator = SeededGenerator(seed: 3, stream: 1)
    var counts = [Int](repeating: 0, count: binCount)
    var usedBits: UInt64 = 0
    for _ in 0..<count {
      let number = generator.nextUniform()
      #expect(number >= 0 && number < 1)
      usedBits |= UInt64(number * 0x1p53)
      counts[Int(number * Double(binCount))] += 1
    }
    let expected = Double(count) / Double(binCount)
    let statistic = counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) }
    #expect(abs(statistic / expected - 63) < 6 * 126.0.squareRoot())
    // All 53 bits are used, the lowest among them.
    #expect(usedBits == 1 << 53 - 1)
  }

  /// Oracle: the standard deviations of the sample moments of a normal distribution, √(1/n), √(2/n),
  /// √(15/n) and √(96/n); 5 of them.
  @Test func normalNumbersHaveTheMomentsOfTheNormalDistribution() {
    let count = 100_000
    var generator = SeededGenerator(seed: 5)
    var moments = [0.0, 0.0, 0.0, 0.0]
    for _ in 0..<count {
      let number = generator.nextNormal()
      var power = 1.0
      for order in 0..<4 {
        power *= number
        moments[order] += power / Double(count)
      }
    }
    let expected = [0.0, 1.0, 0.0, 3.0]
    let variances = [1.0, 2.0, 15.0, 96.0]
    for order in 0..<4 {
      let bound = 5 * (variances[order] / Double(count)).squareRoot()
      #expect(abs(moments[order] - expected[order]) < bound, "moment \(order + 1)")
    }
  }

  /// Oracle: each value is drawn Binomial(n, 1/bound) times; 6 standard deviations.
  @Test(arguments: [1, 2, 3, 7, 64, 100])
  func indicesAreUnbiased(bound: Int) {
    let count = 30_000
    var generator = SeededGenerator(seed: 11, stream: UInt64(bound))
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<count {
      counts[generator.nextIndex(below: bound)] += 1
    }
    let chance = 1 / Double(bound)
    let deviation = (Double(count) * chance * (1 - chance)).squareRoot()
    for value in 0..<bound {
      #expect(abs(Double(counts[value]) - Double(count) * chance) <= 6 * deviation)
    }
  }

  /// A bound of 3·2⁶¹ is where the biased shortcut (taking the high word without rejection) shows: it
  /// would draw one residue of 3 with a chance of 1/4 instead of 1/3.
  @Test func indicesBelowAHugeBoundAreUnbiased() {
    let bound = 3 << 61
    let count = 30_000
    var generator = SeededGenerator(seed: 13)
    var counts = [0, 0, 0]
    for _ in 0..<count {
      counts[generator.nextIndex(below: bound) % 3] += 1
    }
    let deviation = (Double(count) * 2 / 9).squareRoot()
    for residue in 0..<3 {
      #expect(abs(Double(counts[residue]) - Double(count) / 3) < 6 * deviation)
    }
  }

  /// Oracle: each of the 24 orders of 4 elements is drawn Binomial(n, 1/24) times; 6 deviations.
  @Test func everyOrderIsAsLikely() {
    let count = 24_000
    var generator = SeededGenerator(seed: 17)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<count {
      counts[generator.permutation(count: 4), default: 0] += 1
    }
    #expect(counts.count == 24)
    let deviation = (Double(count) * 23 / 24 / 24).squareRoot()
    for (order, drawn) in counts {
      #expect(abs(Double(drawn) - 1000) < 6 * deviation, "\(order)")
    }
  }

  @Test func shufflingARangeLeavesTheRestAlone() {
    var generator = SeededGenerator(seed: 19)
    var elements = Array(0..<30)
    generator.shuffle(&elements, in: 10..<20)
    #expect(Array(elements[..<10]) == Array(0..<10))
    #expect(Array(elements[20...]) == Array(20..<30))
    #expect(elements[10..<20].sorted() == Array(10..<20))
    #expect(Array(elements[10..<20]) != Array(10..<20))
    #expect(generator.shuffled([String]()).isEmpty)
    #expect(generator.shuffled(["one"]) == ["one"])
  }

  @Test func aBoundOfZeroIsABrokenPromise() async {
    await #expect(processExitsWith: .failure) {
      var generator = SeededGenerator(seed: 1)
      _ = generator.nextIndex(below: 0)
    }
  }
}
