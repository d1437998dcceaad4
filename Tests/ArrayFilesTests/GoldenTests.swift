import ArrayFiles
import Testing

/// Oracle: arrays that NumPy, PyTorch and safetensors wrote, with the values that they say are in
/// them.
@Suite struct GoldenTests {
  @Test(arguments: try GoldenFolder.arrays())
  func everyElementIsReadExactly(_ golden: GoldenArray) throws {
    let array = try ArrayFile.open(golden.path, member: golden.member)
    #expect(array.layout.elementType == golden.type)
    #expect(array.layout.shape == golden.shape)
    #expect(array.layout.isFortranOrder == golden.isFortranOrder)
    #expect(golden.type.byteCount == 1 || array.layout.byteOrder == golden.byteOrder)
    #expect(array.layout.elementCount == golden.values.count)
    #expect(array.isMemoryMapped == (!["deflated.npz", "by-hand.npz"].contains(golden.file)))
    #expect(array.withBytes { $0.byteCount } == array.layout.byteCount)
    try array.verifyChecksum()
    if golden.type.isFloatingPoint {
      let expected = golden.values.compactMap(Double.init)
      let values = try array.doubles()
      #expect(values.map { $0.isNaN } == expected.map { $0.isNaN })
      // Bit patterns, so that the sign of zero counts; NaNs are compared above.
      #expect(
        values.map { $0.isNaN ? 0 : $0.bitPattern }
          == expected.map { $0.isNaN ? 0 : $0.bitPattern })
    } else if golden.values.contains(where: { Int($0) == nil }) {
      #expect(throws: ArrayFileError.self) { try array.integers() }
    } else {
      #expect(try array.integers() == golden.values.compactMap { Int($0) })
    }
  }

  @Test(arguments: try GoldenFolder.arrays().filter { $0.member != nil })
  func membersAnswerToTheirNameWithAndWithoutExtension(_ golden: GoldenArray) throws {
    let name = try #require(golden.member)
    let members = try ArrayFile.members(of: golden.path)
    let listed = try #require(members.first { $0.name == name })
    #expect(listed.layout.shape == golden.shape)
    if golden.file.hasSuffix(".npz") {
      let array = try ArrayFile.open(golden.path, member: name + ".npy")
      #expect(array.member == name)
      #expect(array.layout == listed.layout)
    }
  }

  @Test func aSingleMemberNeedsNoName() throws {
    let array = try ArrayFile.open(GoldenFolder.path("single.npz"))
    #expect(array.member == "only")
    #expect(array.layout.shape == [2, 3, 4])
  }

  @Test func aFileWithoutMembersListsItself() throws {
    let members = try ArrayFile.members(of: GoldenFolder.path("cube-F.npy"))
    #expect(members.map(\.name) == [""])
    #expect(members[0].layout.strides == [1, 2, 6])
  }

  @Test func metadataIsRead() throws {
    let metadata = try ArrayFile.metadata(of: GoldenFolder.path("tensors.safetensors"))
    #expect(metadata == ["model": "tiny \"é\"\n", "site": "residual-post"])
    #expect(try ArrayFile.metadata(of: GoldenFolder.path("vector.npy")).isEmpty)
  }

  @Test func strangersInAnArchiveAreListedWithTheReason() throws {
    let path = GoldenFolder.path("Refused/text-member.npz")
    #expect(try ArrayFile.members(of: path).map(\.name) == ["numbers"])
    let all = try ArrayFile.inspect(path)
    #expect(all.map(\.name) == ["texts", "numbers"])
    #expect(throws: ArrayFileError.self) { try all[0].content.get() }
    #expect(try ArrayFile.open(path, member: "numbers").integers() == [0, 1, 2])
  }

  @Test func releasedPagesAreReadAgain() throws {
    let array = try ArrayFile.open(GoldenFolder.path("stored.npz"), member: "fortran")
    let before = try array.doubles()
    array.advise(.strided)
    array.releasePages()
    array.advise(.sequential)
    try array.verifyUnchanged()
    #expect(try array.doubles() == before)
  }
}
