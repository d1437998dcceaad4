import Foundation
import TestSupport
import Testing

/// A disk that is full, as a limit of the size of files, which needs no special rights.
///
/// Oracle: undisturbed runs. Each file is the old one or the whole new one, and there is no other.
@Suite("A full disk")
struct FullDiskTests {
  private static let names = [
    "--save": "probe.json", "--scores": "scores.csv", "--output": "result.csv",
  ]

  private func probe(
    _ options: [String], in folder: TemporaryFolder, seed: Int, fileSizeLimit: Int? = nil,
    output: FileHandle? = nil
  ) throws -> ToolRun {
    let files = options.flatMap { [$0, folder.file(Self.names[$0] ?? "")] }
    return try Tool.run(
      ["probe", Tool.capitals, "--format", "csv", "--seed", "\(seed)"] + quickFit + files,
      fileSizeLimit: fileSizeLimit, output: output)
  }

  private func files(in folder: TemporaryFolder) throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return try Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, try Data(contentsOf: URL(filePath: folder.file($0))))
      })
  }

  @Test(
    "a file that does not fit ends with 74; the old one stays, and the result is delivered",
    arguments: names.keys.sorted())
  func oneFile(option: String) throws {
    let folder = try TemporaryFolder()
    try #require(try probe([option], in: folder, seed: 1).status == 0)
    let before = try files(in: folder)
    // Files are limited, pipes are not; the result is smaller than a pipe.
    let pipe = Pipe()
    let run = try probe(
      [option], in: folder, seed: 2, fileSizeLimit: 8, output: pipe.fileHandleForWriting)
    try pipe.fileHandleForWriting.close()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(run.status == 74 && !run.endedBySignal, "\(run.errors)")
    #expect(run.errors.hasPrefix("plumbline: '\(folder.path)/"))
    #expect(run.errors.contains("File too large. Nothing was left behind"))
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(try files(in: folder) == before)
    #expect(output == (try probe([], in: folder, seed: 2).output) && !output.isEmpty)
  }

  @Test("wherever the disk is full, each file is the old one or the new one")
  func everyPlace() throws {
    let options = Self.names.keys.sorted()
    func run(_ seeds: Int...) throws -> TemporaryFolder {
      let folder = try TemporaryFolder()
      for seed in seeds { try #require(try probe(options, in: folder, seed: seed).status == 0) }
      return folder
    }
    let before = try files(in: try run(1))
    let after = try files(in: try run(1, 2))
    var failureCount = 0
    for limit in [8, 12, 16, 20, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024] {
      let folder = try run(1)
      let run = try probe(options, in: folder, seed: 2, fileSizeLimit: limit)
      let found = try files(in: folder)
      let isSaved = found["probe.json"] == after["probe.json"]
      #expect(Set(found.keys) == Set((isSaved ? after : before).keys))
      for (name, bytes) in found { #expect(bytes == before[name] || bytes == after[name]) }
      guard run.status != 0 else {
        #expect(found == after)
        break
      }
      #expect(run.status == 74, "\(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1)
      failureCount += 1
    }
    #expect(failureCount > 2, "the limits end before and after the largest file")
  }

  @Test("standard output that does not fit says why")
  func standardOutput() throws {
    let run = try probe([], in: try TemporaryFolder(), seed: 1, fileSizeLimit: 8)
    #expect(run.status == 74 && run.errors.contains("standard output: File too large"))
  }
}
