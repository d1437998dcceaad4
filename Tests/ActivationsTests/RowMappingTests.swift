import Activations
import ArrayFiles
import LinearAlgebra
import TestSupport
import Testing

/// Oracle: the formula that the file was written from, a row at a time.
@Suite struct RowMappingTests {
  static let forms: [StoredArray.Form] = [
    .init(axes: [.token, .vocabulary], type: .float16),
    .init(axes: [.token, .vocabulary], type: .float32),
    .init(axes: [.token, .vocabulary], type: .float64),
    .init(axes: [.vocabulary, .token], type: .float32),
    .init(axes: [.token, .vocabulary], type: .float32, isFortranOrder: true),
    .init(axes: [.vocabulary, .token], type: .float16, isFortranOrder: true),
    .init(axes: [.token, .vocabulary], type: .float32, isBigEndian: true),
  ]
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func value(_ token: Int, _ entry: Int) -> Float { Float(token * 8 + entry % 8) }

  private func array(_ form: StoredArray.Form, tokens: Int, entries: Int) throws -> DumpArray {
    let path = folder.file("logits.npy")
    try StoredArray(extents: [.token: tokens, .vocabulary: entries]) { place in
      value(place[.token] ?? 0, place[.vocabulary] ?? 0)
    }.write(form, to: path)
    let axes = form.axes.map { "\"\($0)\"" }.joined(separator: ", ")
    try folder.write(
      "{format: \"plumbline-dump\", version: 1, arrays: {logits: {file: \"logits.npy\", axes: [\(axes)]}}}",
      to: "dump.json")
    return try ActivationDump.open(folder.path).array(.logits, for: "a test")
  }

  private func widened(_ bytes: RawSpan, _ element: Widening.Element) -> [Double] {
    var values = [Double](repeating: 0, count: bytes.byteCount / element.byteCount)
    var target = values.mutableSpan
    Widening.convert(bytes, of: element, into: &target)
    return values
  }

  @Test(arguments: forms)
  func rowsAreLentInTheOrderAskedFor(form: StoredArray.Form) throws {
    let logits = try array(form, tokens: 40, entries: 37)
    let asked = [39, 0, 7, 7, 12]
    let rows = logits.mapRows(of: .token, at: asked, columns: .vocabulary) {
      place, bytes, element in [Double(place)] + widened(bytes, element)
    }
    for (place, token) in asked.enumerated() {
      let row = (0..<37).map { Double(value(token, $0)) }
      #expect(rows[place] == [Double(place)] + row)
    }
    let all = logits.mapRows(of: .token, columns: .vocabulary) { _, bytes, element in
      widened(bytes, element)
    }
    let firsts = (0..<40).map { Double(value($0, 0)) }
    #expect(all.map { $0[0] } == firsts)
    // The other axis gives the rows of the transpose.
    let entries = logits.mapRows(of: .vocabulary, at: [9], columns: .token) { _, bytes, element in
      widened(bytes, element)
    }
    let column = (0..<40).map { Double(value($0, 9)) }
    #expect(entries == [column])
  }

  /// Rows of 0.3 MB: several blocks, and more than the pages that are kept.
  @Test func manyBlocksAreTheSameAtAnyNumberOfThreads() throws {
    let logits = try array(Self.forms[0], tokens: 120, entries: 80_000)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    func sums() -> [Double] {
      logits.mapRows(of: .token, columns: .vocabulary) { _, bytes, element in
        widened(bytes, element).reduce(0, +)
      }
    }
    Parallel.threadCount = 1
    let serial = sums()
    let expected = (0..<120).map { token in Double(token * 640_000 + 280_000) }
    #expect(serial == expected)
    Parallel.threadCount = 4
    #expect(sums() == serial)
  }

  @Test func theErrorOfTheFirstRowIsThrown() throws {
    let logits = try array(Self.forms[0], tokens: 40, entries: 37)
    #expect(throws: ActivationsError.outOfRange(what: "row", value: 3, count: 0)) {
      try logits.mapRows(of: .token, columns: .vocabulary) {
        (place, _, _) throws(ActivationsError) -> Int in
        guard place < 3 else { throw .outOfRange(what: "row", value: place, count: 0) }
        return place
      }
    }
  }
}
