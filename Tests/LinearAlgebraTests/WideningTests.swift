import LinearAlgebra
import Testing

/// Oracle: Swift's own `Float16` and the integer initialisers.
///
/// `unsafe` marks `Span.bytes`, whose elements here have no padding.
@Suite struct WideningTests {
  static let allHalves = (0...UInt16.max).map { $0 }

  func widened<Raw: BitwiseCopyable>(
    _ raw: [Raw], _ element: Widening.Element, count: Int? = nil, stride: Int = 1,
    swapped: Bool = false, offset: Int = 0, form: KernelForm = .automatic
  ) -> [Float] {
    var values = [Float](repeating: -7, count: count ?? raw.count)
    var destination = values.mutableSpan
    _ = unsafe Widening.convert(
      raw.span.bytes.extracting(offset..<raw.span.bytes.byteCount), of: element,
      elementStride: stride, byteSwapped: swapped, into: &destination, form: form)
    return values
  }

  @Test(arguments: [KernelForm.automatic, .portable])
  func halvesOfEveryBitPatternWiden(form: KernelForm) {
    let values = widened(Self.allHalves, .float16, form: form)
    for (bits, value) in zip(Self.allHalves, values) {
      let expected = Float(Float16(bitPattern: bits))
      if expected.isNaN {
        let payload = UInt32(bits & 0x3ff) << 13
        let sign = UInt32(bits & 0x8000) << 16
        #expect(value.bitPattern == sign | 0x7fc0_0000 | payload)
      } else {
        #expect(value.bitPattern == expected.bitPattern)
      }
    }
  }

  @Test func portableAndProcessorFormsAgreeOnEveryHalf() {
    for swapped in [false, true] {
      let fast = widened(Self.allHalves, .float16, swapped: swapped).map(\.bitPattern)
      let portable = widened(Self.allHalves, .float16, swapped: swapped, form: .portable)
      #expect(fast == portable.map(\.bitPattern))
    }
  }

  @Test func brainFloatsAreTheUpperHalf() {
    let values = widened(Self.allHalves, .bfloat16)
    for (bits, value) in zip(Self.allHalves, values) {
      #expect(value.bitPattern == UInt32(bits) << 16)
    }
  }

  @Test(arguments: [0, 1, 2, 7, 8, 9, 31, 33, 511, 512, 513, 1500], [1, 3, 33])
  func anyCountAndStrideGathersTheRightElements(count: Int, stride: Int) {
    let raw = (0..<(count * stride + 1)).map { UInt16(truncatingIfNeeded: $0 &* 7) & 0x7bff }
    let expected = (0..<count).map { Float(Float16(bitPattern: raw[$0 * stride])) }
    #expect(widened(raw, .float16, count: count, stride: stride) == expected)
    #expect(
      widened(raw.map(\.byteSwapped), .float16, count: count, stride: stride, swapped: true)
        == expected)
    let floats = raw.map(Float.init)
    #expect(
      widened(floats, .float32, count: count, stride: stride)
        == (0..<count).map { floats[$0 * stride] })
    let bytes = raw.map { Int8(truncatingIfNeeded: $0) }
    #expect(
      widened(bytes, .int8, count: count, stride: stride)
        == (0..<count).map { Float(bytes[$0 * stride]) })
  }

  @Test func unalignedBytesAreRead() {
    let floats: [Float] = [1.5, -2.25, .leastNonzeroMagnitude, .infinity]
    var bytes: [UInt8] = [0xee]
    for value in floats {
      for shift in [0, 8, 16, 24] {
        bytes.append(UInt8(truncatingIfNeeded: value.bitPattern.littleEndian >> UInt32(shift)))
      }
    }
    #expect(widened(bytes, .float32, count: 4, offset: 1) == floats)
    #expect(
      widened(bytes, .float32, count: 2, stride: 2, offset: 1) == [1.5, .leastNonzeroMagnitude])
  }

  @Test func integersWidenByRounding() {
    func check<Integer: FixedWidthInteger & BitwiseCopyable>(
      _ type: Integer.Type, _ element: Widening.Element
    ) {
      let values: [Integer] = [
        .min, .max, 0, 1, .max / 3, .min / 7, Integer(truncatingIfNeeded: 16_777_217),
      ]
      #expect(widened(values, element) == values.map { Float($0) })
      #expect(
        widened(values.map(\.byteSwapped), element, swapped: true) == values.map { Float($0) })
      var doubles = [Double](repeating: 0, count: values.count)
      var destination = doubles.mutableSpan
      unsafe Widening.convert(values.span.bytes, of: element, into: &destination)
      #expect(doubles == values.map { Double($0) })
    }
    check(Int8.self, .int8)
    check(UInt8.self, .uint8)
    check(Int16.self, .int16)
    check(UInt16.self, .uint16)
    check(Int32.self, .int32)
    check(UInt32.self, .uint32)
    check(Int64.self, .int64)
    check(UInt64.self, .uint64)
    #expect(widened([0, 1, 2, 255] as [UInt8], .bool) == [0, 1, 1, 1])
  }

  @Test func narrowedDoublesReportTheFirstOverflow() {
    var doubles = [Double](repeating: 0.1, count: 1300)
    doubles[3] = .infinity
    doubles[4] = .nan
    #expect(narrowed(doubles).overflow == nil)
    doubles[1200] = -1e39
    doubles[1250] = 1e300
    let (values, overflow) = narrowed(doubles)
    #expect(overflow == 1200)
    #expect(values[0] == Float(0.1) && values[3] == .infinity && values[4].isNaN)
    #expect(values[1200] == -.infinity)
    // The largest double that still rounds to a finite float.
    #expect(narrowed([3.4028235677973362e38]).overflow == nil)
    #expect(narrowed([3.4028235677973366e38]).overflow == 0)
  }

  func narrowed(_ doubles: [Double]) -> (values: [Float], overflow: Int?) {
    var values = [Float](repeating: 0, count: doubles.count)
    var destination = values.mutableSpan
    let overflow = unsafe Widening.convert(doubles.span.bytes, of: .float64, into: &destination)
    return (values, overflow)
  }

  @Test func halvesWidenToDoubles() {
    let finite = Self.allHalves.filter { Float16(bitPattern: $0).isFinite }
    var doubles = [Double](repeating: 0, count: finite.count)
    var destination = doubles.mutableSpan
    unsafe Widening.convert(finite.span.bytes, of: .float16, into: &destination)
    #expect(doubles == finite.map { Double(Float16(bitPattern: $0)) })
  }

  @Test func tooFewBytesAreABrokenPromise() async {
    await #expect(processExitsWith: .failure) {
      let raw: [UInt16] = [1, 2, 3]
      var values = [Float](repeating: 0, count: 3)
      var destination = values.mutableSpan
      _ = unsafe Widening.convert(
        raw.span.bytes, of: .float16, elementStride: 2, into: &destination)
    }
  }

  @Test(arguments: [0, 1, 2047, 2048, 4999])
  func theFirstNonFiniteIsFound(place: Int) {
    var floats = [Float](repeating: .greatestFiniteMagnitude, count: 5000)
    var doubles = [Double](repeating: -.greatestFiniteMagnitude, count: 5000)
    #expect(firstNonFinite(in: floats.span) == nil)
    #expect(firstNonFinite(in: doubles.span) == nil)
    floats[4999] = .nan
    doubles[4999] = .nan
    floats[place] = -.infinity
    doubles[place] = .signalingNaN
    #expect(firstNonFinite(in: floats.span) == place)
    #expect(firstNonFinite(in: doubles.span) == place)
    let none: [Float] = []
    #expect(firstNonFinite(in: none.span) == nil)
  }
}
