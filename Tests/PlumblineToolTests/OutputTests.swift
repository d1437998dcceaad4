import Foundation
import TestSupport
import Testing

/// Results go to standard output or appear whole in a file; nothing else does.
@Suite("Output")
struct OutputTests {
  @Test(
    "a file that cannot be created ends with 73 before any work",
    arguments: [
      "--output", "--scores", "--save",
    ])
  func unwritable(option: String) throws {
    let dump = try SmallDump()
    let blocked = dump.folder.file("labels.npy/result.json")
    for path in ["/nowhere/result.json", blocked] {
      let run = try Tool.run(["probe", dump.path, option, path] + quickFit)
      #expect(run.status == 73, "\(run.errors)")
      #expect(run.output.isEmpty && run.errors.contains("cannot be written"))
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: dump.path)
    #expect(names.count == 5, "nothing was left behind: \(names)")
  }

  @Test("a folder is no destination and stays as it is", arguments: ["--output", "--scores"])
  func folder(option: String) throws {
    let dump = try SmallDump()
    let folder = try TemporaryFolder()
    for path in [folder.path, folder.path + "/", ""] {
      #expect(try Tool.run(["probe", dump.path, option, path] + quickFit).status == 73)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("an input is never written over, however its path is spelt")
  func inputsAreSafe() throws {
    let dump = try SmallDump()
    for name in ["positive.npy", "dump.json", "./labels.npy"] {
      let before = try Data(contentsOf: URL(filePath: dump.folder.file(name)))
      for option in ["--output", "--scores"] {
        let run = try Tool.run(["probe", dump.path, option, dump.folder.file(name)] + quickFit)
        #expect(run.status == 64, "\(run.errors)")
      }
      #expect(try Data(contentsOf: URL(filePath: dump.folder.file(name))) == before)
    }
  }

  @Test("two options do not write one file")
  func sharedDestination() throws {
    let dump = try SmallDump()
    let path = dump.folder.file("result.csv")
    let run = try Tool.run(["probe", dump.path, "--output", path, "--scores", path] + quickFit)
    #expect(run.status == 64 && run.errors.contains("--scores"))
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("--output holds what standard output would, and leaves that empty")
  func outputFile() throws {
    let dump = try SmallDump()
    let path = dump.folder.file("päth with späces.csv")
    let arguments = ["probe", dump.path, "--format", "csv"] + quickFit
    let direct = try Tool.run(arguments)
    let toFile = try Tool.run(arguments + ["--output", path])
    #expect(toFile.status == 0 && toFile.output.isEmpty && toFile.errors.isEmpty)
    #expect(try String(contentsOf: URL(filePath: path), encoding: .utf8) == direct.output)
  }

  @Test("warnings go to standard error, and --quiet silences them")
  func warnings() throws {
    let dump = try SmallDump()
    try dump.editManifest(#"labels: {file: "labels.npy", axes: ["sample"]},"#, "")
    let loud = try Tool.run(["probe", dump.path, "--format", "json"] + quickFit)
    #expect(loud.status == 0)
    #expect(loud.errors.contains("warning") && loud.errors.contains("no labels"))
    #expect(try !ResultFile(loud.output).warnings.isEmpty)
    let quiet = try Tool.run(["probe", dump.path, "--format", "json", "--quiet"] + quickFit)
    #expect(quiet.errors.isEmpty && quiet.output == loud.output)
  }

  @Test("a reader that goes away is not a bug")
  func closedPipe() throws {
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()
    let run = try Tool.run(["probe", Tool.capitals], output: pipe.fileHandleForWriting)
    #expect(run.endedBySignal ? run.status == 13 : run.status == 74)
    #expect(!run.errors.contains("bug") && !run.errors.contains("Fatal"))
  }

  #if os(Linux)
    @Test("a full device ends with 74")
    func fullDevice() throws {
      let device = try #require(FileHandle(forWritingAtPath: "/dev/full"))
      let dump = try SmallDump()
      let run = try Tool.run(["probe", dump.path] + quickFit, output: device)
      #expect(run.status == 74 && run.errors.contains("full"))
    }
  #endif
}
