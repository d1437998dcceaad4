import ArrayFiles
import TestSupport
import Testing

/// Oracle: whatever the bytes, a reader returns a checked array or an error.
///
/// `PLUMBLINE_FUZZ_COUNT` sets the number of mutants.
@Suite struct FuzzTests {
  static let mutantCount = FuzzCount.mutants(default: 20_000)
  static let inflationLimit = 1 << 20

  @Test func damagedFilesAreReadOrRefusedWithinBounds() throws {
    let golden = try GoldenFolder.files()
    let folder = try TemporaryFolder()
    var opened = 0
    var refused = 0
    let mutator = Mutator(files: golden.map(\.bytes), seed: 20_260_401)
    for (number, mutant) in mutator.prefix(Self.mutantCount).enumerated() {
      let name = golden[mutant.origin].name
      let isMapped = number % 16 == 0
      let path = isMapped ? try folder.write(mutant.bytes, "mutant") : name
      var members: [String?] = [nil]
      do {
        let listed =
          try isMapped
          ? ArrayFile.inspect(path) : ArrayFile.inspect(mutant.bytes, path: path)
        members += listed.prefix(4).map(\.name) + listed.suffix(1).map(\.name)
      } catch {
        #expect(!error.description.isEmpty)
      }
      for member in members {
        do throws(ArrayFileError) {
          let array =
            try isMapped
            ? ArrayFile.open(path, member: member, inflationLimit: Self.inflationLimit)
            : ArrayFile.decode(
              mutant.bytes, path: path, member: member, inflationLimit: Self.inflationLimit)
          opened += 1
          check(array, fileByteCount: mutant.bytes.count)
        } catch {
          refused += 1
          if error.description.isEmpty || error.description.utf8.count > 100_000 {
            Issue.record("mutant \(number) has an unusable message")
          }
        }
      }
    }
    // Both ways are taken, or the mutants are too wild or too tame to say anything.
    #expect(opened > Self.mutantCount / 20)
    #expect(refused > Self.mutantCount / 4)
  }

  private func check(_ array: ArrayFile, fileByteCount: Int) {
    let byteCount = array.withBytes { $0.byteCount }
    if byteCount != array.layout.byteCount {
      Issue.record("\(byteCount) bytes for a layout of \(array.layout.byteCount)")
    }
    if byteCount > max(fileByteCount, Self.inflationLimit) {
      Issue.record("\(byteCount) bytes from a file of \(fileByteCount)")
    }
    _ = try? array.verifyChecksum()
    if array.layout.elementCount <= 1_000 {
      _ = try? array.integers()
      _ = try? array.doubles()
    }
  }

  @Test func theSameSeedGivesTheSameMutants() throws {
    let files: [[UInt8]] = [[1, 2, 3], Array("shape (10, 20)".utf8)]
    let first = Mutator(files: files, seed: 5).prefix(100).map(\.bytes)
    #expect(first == Mutator(files: files, seed: 5).prefix(100).map(\.bytes))
    #expect(first != Mutator(files: files, seed: 6).prefix(100).map(\.bytes))
  }
}
