import ArrayFiles
import Testing

/// Oracle: the zip and safetensors formats' own rules.
@Suite struct ContainerRefusalTests {
  private func message(_ bytes: [UInt8], _ name: String, member: String? = nil) throws -> String {
    try #require(
      #expect(throws: ArrayFileError.self) {
        try ArrayFile.decode(bytes, path: name, member: member)
      }
    ).description
  }

  @Test(arguments: [
    (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 7, "inside the 7 bytes"),
    (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "needs 8 bytes"),
    (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8, "not a start and an end"),
    (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "4 bytes before its elements"),
    (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 8, "is too long"),
    (
      #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
        + #""y":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "overlap those of another"
    ),
    (
      #"{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
        + #""x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, 2, "'x' twice"
    ),
    (
      #"{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0,
      "does not fit in 64 bits"
    ),
    (#"{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}}"#, 0, "found '-'"),
    (#"{"x":{"dtype":"F32","shape":[1.5],"data_offsets":[0,0]}}"#, 0, "a whole number"),
    (#"{"x":{"dtype":"F32","shape":[1]}}"#, 4, "has the keys"),
    (#"{"x":[1]}"#, 0, "not an object"),
    (#"{"__metadata__":{"a":1}}"#, 0, "not a string"),
    (#"{"x":"#, 0, "found the end"),
    (#"{"\q":1}"#, 0, "an escape that JSON has"),
    (#"{"\ud800":1}"#, 0, "surrogate"),
    (#"{} {}"#, 0, "expected the end"),
    (#"{"x":[[[[[[[[[]]]]]]]]]}"#, 0, "8 levels"),
    ("{}", 0, "holds no arrays"),
  ])
  func brokenTensorHeadersAreRefusedWithTheFact(header: String, payload: Int, fact: String) throws {
    let bytes = safetensors(header, payload: [UInt8](repeating: 0, count: payload))
    let message = try message(bytes, "x.safetensors")
    #expect(message.contains(fact), "\(message)")
  }

  @Test func tensorHeaderLengthsBeyondTheFileAreRefused() throws {
    var bytes = safetensors("{}")
    bytes[0] = 200
    #expect(try message(bytes, "x.safetensors").contains("200 bytes long, but only 2 bytes follow"))
    bytes[3] = 200
    #expect(try message(bytes, "x.safetensors").contains("at most 100000000"))
    #expect(try message([1, 2], "x.safetensors").contains("ends after 2 bytes"))
  }

  // MARK: Zip

  /// A good archive of one member `x`, and the offset of its directory.
  private func archive(_ compression: NPZWriter.Compression) throws -> ([UInt8], Int) {
    let folder = try TemporaryFolder()
    let values = [Float](repeating: 1, count: 1000)
    try NPZWriter.write(
      [("x", ArrayContents(values, shape: [1000]))], to: folder.file("x.npz"),
      compression: compression)
    let bytes = try folder.read("x.npz")
    let end = bytes.count - 22
    let directory = Int(bytes[end + 16]) | Int(bytes[end + 17]) << 8
    return (bytes, directory)
  }

  @Test func aFlippedBitInACompressedMemberIsFound() throws {
    var (bytes, directory) = try archive(.deflated)
    #expect(try ArrayFile.decode(bytes, path: "x.npz").doubles().allSatisfy { $0 == 1 })
    bytes[directory + 16] ^= 1
    let message = try message(bytes, "x.npz")
    #expect(message.contains("'x.npz', member 'x' is damaged: the CRC-32 of its bytes is 0x"))
  }

  @Test func aFlippedBitInAStoredMemberIsFoundOnRequest() throws {
    var (bytes, directory) = try archive(.stored)
    try ArrayFile.decode(bytes, path: "x.npz").verifyChecksum()
    bytes[directory - 1] ^= 1
    let array = try ArrayFile.decode(bytes, path: "x.npz")
    let error = try #require(#expect(throws: ArrayFileError.self) { try array.verifyChecksum() })
    guard case .checksumMismatch = error else {
      Issue.record("\(error)")
      return
    }
  }

  @Test func aClaimedSizeBeyondDeflatesRatioIsRefusedBeforeAllocating() throws {
    var (bytes, directory) = try archive(.deflated)
    // The size when inflated: 0x70000000 bytes from fewer than a hundred.
    bytes[directory + 27] = 0x70
    #expect(try message(bytes, "x.npz").contains("more than the format can"))
  }

  @Test func inflationStopsAtTheLimit() throws {
    let (bytes, _) = try archive(.deflated)
    #expect(
      throws: ArrayFileError.inflationLimitExceeded(
        ArrayLocation(path: "x.npz", member: "x"), byteCount: 4128, limit: 4127)
    ) { try ArrayFile.decode(bytes, path: "x.npz", inflationLimit: 4127) }
    #expect(throws: Never.self) {
      try ArrayFile.decode(bytes, path: "x.npz", inflationLimit: 4128)
    }
  }

  @Test(arguments: [
    (8, 1 as UInt8, "is encrypted"), (10, 12, "compressed by zip method 12"),
    (42, 1, "no member starts there"), (0, 0, "no entry 1"), (46, 0x79, "has another name"),
    (20, 0, "its two sizes differ"),
  ])
  func brokenDirectoriesAreRefusedWithTheFact(offset: Int, value: UInt8, fact: String) throws {
    var (bytes, directory) = try archive(.stored)
    bytes[directory + offset] = value
    #expect(try message(bytes, "x.npz").contains(fact))
  }

  @Test(arguments: [
    ("long", "inflates to more than the 224 bytes expected"),
    ("short", "inflates to 220 bytes, expected 224"), ("cut", "bytes, expected 224"),
    ("followed", "4 bytes follow the end of its deflate stream"),
    ("garbage", "not a deflate stream"), ("nested", "members 'x.npy' and 'y.npy' overlap"),
  ])
  func streamsThatDisagreeWithTheDirectoryAreRefused(name: String, fact: String) throws {
    let bytes = try GoldenFolder.bytes("Refused/\(name).npz")
    let message = try message(bytes, "x.npz")
    #expect(message.contains(fact), "\(message)")
  }

  @Test func aCutArchiveIsSaidToBeIncomplete() throws {
    let (bytes, _) = try archive(.stored)
    #expect(try message(bytes.dropLast(), "x.npz").contains("no directory at its end"))
  }

  @Test func directoriesWithTwoNamesForOneMemberAreRefused() throws {
    let (bytes, directory) = try archive(.stored)
    // A second directory entry of another name for the same content.
    var header = Array(bytes[..<directory])
    var entry = Array(bytes[directory..<bytes.count - 22])
    var end = Array(bytes.suffix(22))
    let first = entry
    entry[46] = UInt8(ascii: "y")
    header[30] = UInt8(ascii: "x")
    end[8] = 2
    end[10] = 2
    end[12] = UInt8(first.count * 2)
    #expect(
      try message(header + first + entry + end, "x.npz", member: "x").contains("another name"))
    #expect(
      try message(header + first + first + end, "x.npz", member: "x").contains("is there twice"))
  }
}

extension Array where Element == UInt8 {
  fileprivate func dropLast() -> [UInt8] { Array(prefix(count - 1)) }
}
