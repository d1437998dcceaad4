import ArrayFiles
import Foundation
import Testing

/// Oracle: the rules of each format; every refusal names the place, the fact and the remedy.
@Suite struct RefusalTests {
  /// The error from opening bytes, which must be refused.
  private func error(_ bytes: [UInt8], _ name: String = "x.npy", member: String? = nil) throws
    -> ArrayFileError
  {
    try #require(
      #expect(throws: ArrayFileError.self) {
        try ArrayFile.decode(bytes, path: name, member: member)
      })
  }

  private func refusal(_ name: String, member: String? = nil) throws -> ArrayFileError {
    try #require(
      #expect(throws: ArrayFileError.self) {
        try ArrayFile.open(GoldenFolder.path("Refused/" + name), member: member)
      })
  }

  @Test(arguments: [
    ("object.npy", "pickle", "allow_pickle=True).astype('float32'))"),
    ("text.npy", "text ('<U3')", ".astype('float32'))"),
    ("bytes.npy", "byte strings ('|S3')", ".astype('float32'))"),
    ("structured.npy", "('a', '<f4')", "['FIELD'].astype('float32'))"),
    ("complex.npy", "complex numbers ('<c8')", ".real)"),
    ("dates.npy", "dates or durations ('<M8[s]')", ".astype('int64'))"),
    ("raw.npy", "bfloat16", ".view('<u2'), 16, dtype='u4').view('float32'))"),
    ("extended.npy", "extended-precision numbers ('<f16')", ".astype('float64'))"),
    ("tensor.pt", "a PyTorch file, which is a pickle", "torch.load("),
    ("legacy.pt", "a PyTorch file, which is a pickle", ".float().numpy())"),
    ("pickle2.pkl", "a Python pickle", "allow_pickle=True"),
    ("pickle4.pkl", "a Python pickle", "np.save('pickle4.npy'"),
  ])
  func foreignTypesAreRefusedWithTheLineThatConverts(
    name: String, fact: String, conversion: String
  ) throws {
    let error = try refusal(name)
    #expect(error.category == .badData)
    #expect(error.description.contains(fact))
    #expect(error.description.contains("onvert it with: np.save('"))
    #expect(error.description.contains(conversion))
    #expect(error.description.contains(GoldenFolder.path("Refused/" + name)))
  }

  @Test func tensorTypesWithoutCounterpartAreRefusedOneByOne() throws {
    let error = try refusal("float8.safetensors", member: "x")
    #expect(error.description.contains("elements of type F8_E4M3"))
    #expect(error.description.contains(".float().numpy())"))
    let path = GoldenFolder.path("Refused/float8.safetensors")
    #expect(try ArrayFile.open(path, member: "y").doubles() == [1, 1])
  }

  @Test func archivesWithoutArraysAreRefused() throws {
    #expect(try refusal("nothing.npz").description.contains("holds no arrays"))
    #expect(try refusal("other.zip").description.contains("without a single .npy member"))
  }

  @Test func aMissingMemberListsThoseThereAre() throws {
    let path = GoldenFolder.path("zip64.npz")
    let error = try #require(
      #expect(throws: ArrayFileError.self) { try ArrayFile.open(path, member: "Yess") })
    #expect(error.category == .missingInput)
    #expect(
      error.description
        == "'\(path)' has no member 'Yess'. It holds 'yes', 'no'. Did you mean 'yes'?")
    let far = try #require(
      #expect(throws: ArrayFileError.self) { try ArrayFile.open(path, member: "activations") })
    #expect(!far.description.contains("Did you mean"))
    let none = try #require(#expect(throws: ArrayFileError.self) { try ArrayFile.open(path) })
    #expect(none == .memberNeeded(path: path, available: ["yes", "no"]))
    let single = GoldenFolder.path("vector.npy")
    #expect(throws: ArrayFileError.noMembers(ArrayLocation(path: single, member: "a"))) {
      try ArrayFile.open(single, member: "a")
    }
  }

  @Test(arguments: [
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }  \n",
    "{'shape': (2,), 'descr': '<f4', 'fortran_order': False}",
    "{\"descr\":\"<f4\",\"fortran_order\":False,\"shape\":(2,)}\n",
    " \t{ 'fortran_order' :False , 'shape' : ( 2 , ) , 'descr':'<f4' , } ",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2L,)}\n",
  ])
  func headersAreReadHoweverTheyAreLaidOut(header: String) throws {
    for version in 1...3 as ClosedRange<UInt8> {
      let payload: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]
      let bytes = npy(header, payload: payload, version: version)
      #expect(try ArrayFile.decode(bytes, path: "x.npy").doubles() == [1, 2])
    }
  }

  @Test(arguments: [
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2)}", "'shape': 2, expected a tuple"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "'shape': (-1,), expected"),
    ("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}", "'fortran_order': 0, expected True"),
    ("{'descr': '<f4', 'shape': (2,)}", "expected exactly [\"descr\", \"fortran_order\""),
    ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': ()}", "'descr' twice"),
    ("{'descr': '|f4', 'fortran_order': False, 'shape': ()}", "needs a byte order"),
    ("{'descr': 'f4', 'fortran_order': False, 'shape': ()}", "starts with <, >, | or ="),
    ("{'descr': '<f3', 'fortran_order': False, 'shape': ()}", "extended-precision"),
    ("{'descr': '<q9', 'fortran_order': False, 'shape': ()}", "not a type NumPy writes"),
    ("{'descr': 4, 'fortran_order': False, 'shape': ()}", "expected a type such as '<f4'"),
    ("__import__('os').system('true')", "expected a string, a whole number"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': ()} x", "expected the end"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (", "found the end"),
    ("[[[[[[[[[[[[[[[[[[[[[[", "at most 16 levels"),
    ("('descr', )", "not a dictionary"),
    ("{'descr': '\\x3cf4'}", "a string without escapes"),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999999999999,)}",
      "fit in 64 bits"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}",
      "does not fit in 64 bits"
    ),
    (
      "{'descr': '<f8', 'fortran_order': False, 'shape': (1152921504606846976, 1)}",
      "does not fit in 64 bits"
    ),
    (
      "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 4294967296, 4294967296)}",
      "does not fit in 64 bits"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': ("
        + String(repeating: "1,", count: 65) + ")}", "65 axes; at most 64"
    ),
  ])
  func brokenHeadersAreRefusedWithTheFact(header: String, fact: String) throws {
    let error = try error(npy(header, payload: [0, 0, 0, 0]))
    #expect(error.category == .badData)
    #expect(error.description.contains(fact), "\(error)")
    #expect(error.description.contains("'x.npy'"))
  }

  @Test func payloadsOfTheWrongLengthAreToldApart() throws {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}\n"
    let location = ArrayLocation(path: "x.npy")
    for length in [0, 23] {
      let bytes = npy(header, payload: [UInt8](repeating: 0, count: length))
      #expect(try error(bytes) == .truncated(location, expected: 24, actual: length))
    }
    let bytes = npy(header, payload: [UInt8](repeating: 0, count: 25))
    let error = try error(bytes)
    #expect(error == .trailingBytes(location, expected: 24, actual: 25))
    #expect(error.description.contains("describes 24 bytes of elements, but 25 are there"))
  }

  @Test func unknownVersionsAndLengthsAreRefused() throws {
    #expect(try error(npy("{}", version: 4)).description.contains("version is 4.0"))
    let long = Array(npy("{}", version: 2).prefix(8)) + [0, 0, 0, 0x40]
    #expect(try error(long).description.contains("1073741824 bytes long"))
    let short = Array(npy("{}").prefix(9))
    #expect(try error(short).description.contains("ends after 9 bytes"))
  }

  @Test(arguments: [
    ("version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
    ("ARROW1..", "an Arrow file"), ("<!DOCTYPE html>", "a web page"),
    ("1.0,2.0\n", "31 2e 30 2c 32 2e 30 0a"),
  ])
  func otherFormatsAreNamed(text: String, fact: String) throws {
    let error = try error(Array(text.utf8))
    #expect(error.description.contains(fact))
    #expect(error.description.contains("Expected NumPy's .npy or .npz, safetensors, or GGUF"))
  }

  @Test func whatIsNotAFileIsSaidToBeWhatItIs() throws {
    let folder = try TemporaryFolder()
    func error(_ path: String) throws -> ArrayFileError {
      try #require(#expect(throws: ArrayFileError.self) { try ArrayFile.open(path) })
    }
    let missing = folder.file("missing.npy")
    #expect(try error(missing) == .missingFile(path: missing))
    #expect(try error(missing).category == .missingInput)
    #expect(try error(folder.path) == .notAFile(path: folder.path, kind: "a folder"))
    #expect(try error("/dev/null") == .notAFile(path: "/dev/null", kind: "a device"))
    let empty = try folder.write([], "empty.npy")
    #expect(try error(empty) == .emptyFile(path: empty))
    let inFile = empty + "/x.npy"
    #expect(try error(inFile) == .missingFile(path: inFile))
    #expect(try error("a\0b").description.contains("NUL"))
  }

  @Test(.timeLimit(.minutes(1)))
  func aPipeIsRefusedWithoutWaitingForAWriter() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("pipe.npy")
    let process = try Process.run(URL(filePath: "/usr/bin/env"), arguments: ["mkfifo", path])
    process.waitUntilExit()
    #expect(throws: ArrayFileError.notAFile(path: path, kind: "a pipe")) {
      try ArrayFile.open(path)
    }
    #expect(throws: ArrayFileError.cannotCreate(path: path, reason: "it is a pipe")) {
      try AtomicFile.write([1], to: path)
    }
  }

  @Test func valuesWithoutExactCounterpartAreRefusedWithTheirIndex() throws {
    let header = "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 2)}\n"
    let values: [Double] = [1, 2, 0.5, 4]
    let payload = try ArrayContents(values, shape: [4]).bytes
    let array = try ArrayFile.decode(npy(header, payload: payload), path: "labels.npy")
    #expect(try array.doubles() == [1, 0.5, 2, 4])
    let error = try #require(#expect(throws: ArrayFileError.self) { try array.integers() })
    #expect(
      error
        == .notRepresentable(
          ArrayLocation(path: "labels.npy"), index: [0, 1], value: "0.5",
          type: "a whole number in Int's range"))
    #expect(error.description.contains("'labels.npy' holds 0.5 at index [0, 1]"))
    let large = try ArrayContents([Int64(1) << 53 + 1], shape: [1])
    let long = npy("{'descr': '<i8', 'fortran_order': False, 'shape': (1,)}", payload: large.bytes)
    #expect(throws: ArrayFileError.self) { try ArrayFile.decode(long, path: "x").doubles() }
  }
}
