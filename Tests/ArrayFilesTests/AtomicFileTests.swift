import ArrayFiles
import FoundationEssentials
import Testing

/// Oracle: after any outcome, the folder holds the old files or the new one, and nothing else.
@Suite struct AtomicFileTests {
  @Test func aFileIsReplacedWholeAndKeepsItsPermissions() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([1, 2, 3], "x")
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    try AtomicFile.write([4, 5], to: path)
    #expect(try folder.read("x") == [4, 5])
    #expect(try folder.names() == ["x"])
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect((attributes[.posixPermissions] as? Int) == 0o640)
    try AtomicFile.write([], to: path)
    #expect(try folder.read("x") == [])
  }

  @Test func aFailedWriteLeavesTheOldFileAndNothingElse() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([1, 2, 3], "x")
    let failure = ArrayFileError.invalidArray("is made up")
    #expect(throws: failure) {
      try AtomicFile.write(to: path) { stream throws(ArrayFileError) in
        try stream.write([9, 9, 9, 9])
        #expect((try? folder.names().count) == 2)
        throw failure
      }
    }
    #expect(try folder.read("x") == [1, 2, 3])
    #expect(try folder.names() == ["x"])
  }

  @Test func aLinkKeepsPointingToTheReplacedFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([1], "x")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: path)
    try AtomicFile.write([2], to: folder.file("link"))
    #expect(try folder.read("x") == [2])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link")) == path)
  }

  @Test func targetsThatCannotBeFilesAreRefused() throws {
    let folder = try TemporaryFolder()
    func error(_ path: String) throws -> ArrayFileError {
      let error = try #require(
        #expect(throws: ArrayFileError.self) { try AtomicFile.write([1], to: path) })
      #expect(error.category == .cannotCreate)
      #expect(error.description.contains("'\(path)' cannot be written"))
      return error
    }
    #expect(try error(folder.path).description.contains("it is a folder"))
    #expect(try error("/dev/null").description.contains("it is a device"))
    #expect(try error("").description.contains("does not name a file"))
    #expect(try error(folder.file("a/")).description.contains("does not name a file"))
    let nowhere = folder.file("missing/x")
    #expect(try error(nowhere).description.contains("No such file or directory"))
    #expect(try folder.names() == [])
  }

  @Test func anUnwritableFolderIsNamed() throws {
    let folder = try TemporaryFolder()
    // The superuser may write anywhere but into the kernel's own file systems.
    try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path)
    let isAllowed = FileManager.default.isWritableFile(atPath: folder.path)
    let path = isAllowed ? "/proc/self/x" : folder.file("x")
    let error = try #require(
      #expect(throws: ArrayFileError.self) { try AtomicFile.write([1], to: path) })
    #expect(error.category == .cannotCreate)
  }

  @Test func aNameAtTheLimitOfTheFileSystemCanBeWritten() throws {
    let folder = try TemporaryFolder()
    let name = String(repeating: "n", count: 255)
    try AtomicFile.write([1], to: folder.file(name))
    #expect(try folder.names() == [name])
    let long = folder.file(name + "n")
    #expect(throws: ArrayFileError.self) { try AtomicFile.write([1], to: long) }
    #expect(try folder.names() == [name])
  }

  @Test func aReplacedFileStaysReadableAndAShortenedOneIsNoticed() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("x.npy")
    try NPYWriter.write(ArrayContents([1, 2] as [Float], shape: [2]), to: path)
    let array = try ArrayFile.open(path)
    try NPYWriter.write(ArrayContents([3] as [Float], shape: [1]), to: path)
    try array.verifyUnchanged()
    #expect(try array.doubles() == [1, 2])
    let other = try ArrayFile.open(path)
    try other.verifyUnchanged()
    // In place, as a careless exporter does.
    try Data([0]).write(to: URL(filePath: path))
    let error = try #require(
      #expect(throws: ArrayFileError.self) { try other.verifyUnchanged() })
    #expect(error == .changedWhileOpen(path: path))
    #expect(error.category == .inputOutput)
  }
}
