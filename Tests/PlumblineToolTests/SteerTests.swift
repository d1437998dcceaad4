import Foundation
import TestSupport
import Testing

/// `plumbline steer`, as a user runs it.
@Suite("Steer")
struct SteerTests {
  static let dumps = Tool.packageFolder.appending(path: "notebooks-export/organism/dumps").path
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: [String], status: Int32 = 0) throws -> ToolRun {
    let run = try Tool.run(["steer"] + arguments)
    #expect(run.status == status && !run.endedBySignal, "\(run.errors)")
    return run
  }

  @Test("vectors of harmful against safe requests read held-out requests, and are saved")
  func fit() throws {
    let saved = folder.file("vectors.json")
    let table = try run(["fit", "\(Self.dumps)/requests-base", "--save", saved])
    for line in table.lines { #expect(line.count <= 80, "\(line)") }
    #expect(table.lines.contains { $0.hasPrefix("  3 block 3") && $0.contains("1.000") })
    let records = try ResultFile(
      run(["fit", "\(Self.dumps)/requests-base", "--format", "json"]).output
    ).records
    #expect(Set(records.compactMap(\.method)) == ["difference-of-means", "logistic-regression"])
    #expect(FileManager.default.fileExists(atPath: folder.file("vectors.safetensors")))
  }

  @Test("the measured sweep of the organism rises and falls as its model does")
  func measuredSweep() throws {
    let arguments = [
      "sweep", "\(Self.dumps)/steering", "--behaviour", "category=harmful request",
      "--helpfulness", "category=multiple choice",
    ]
    let table = try run(arguments)
    for line in table.lines { #expect(line.count <= 80, "\(line)") }
    let csv = try run(arguments + ["--format", "csv"]).lines
    #expect(csv.filter { $0.contains(",behaviour,") }.count == 41)
    #expect(table.output.contains("exported vector of layer 3"))
  }

  @Test("vectors go out as GGUF and come back into a sweep")
  func export() throws {
    let saved = folder.file("vectors.json")
    _ = try run(["fit", "\(Self.dumps)/requests-base", "--save", saved, "--quiet"])
    let file = folder.file("vectors.gguf")
    let written = try run([
      "export", saved, "--method", "difference-of-means", "--layers", "2-5", "--model", "llama",
      "--output", file,
    ])
    #expect(written.output.isEmpty && written.errors.contains("layers 2, 3, 4, 5"))
    func sweep(_ vectors: [String]) throws -> [Double?] {
      try ResultFile(
        run(
          ["sweep", "\(Self.dumps)/steering", "--coefficients", "-1,0,1", "--format", "json"]
            + vectors
        ).output
      ).records.filter { $0.metric == "behaviour" && $0.control == nil }.map(\.estimate)
    }
    let own = try sweep(["--vectors", saved, "--method", "difference-of-means", "--layer", "5"])
    let back = try sweep(["--vectors", file, "--layer", "5"])
    #expect(own.count == 3)
    // GGUF keeps float32.
    for (a, b) in zip(own, back) { #expect(abs((a ?? 0) - (b ?? 1)) < 1e-5) }
  }

  @Test(
    "what cannot be done is refused with its status and what to do",
    arguments: [
      (["fit", "none"], 66, "there is no dump"),
      (["fit", "DUMPS/epistemics", "--method", "leaec"], 64, "leace"),
      (
        ["fit", "DUMPS/requests-base", "--method", "pairwise-component"], 65, "difference-of-means"
      ),
      (["fit", "DUMPS/requests-base", "--cone-blocks", "2"], 64, "at least 4"),
      (["sweep", "DUMPS/truth"], 65, "sweep.coefficients"),
      (["sweep", "DUMPS/steering", "--method", "leace"], 64, "--vectors"),
      (["sweep", "DUMPS/steering", "--weight", "0"], 64, "above 0"),
      (["sweep", "DUMPS/steering", "--behaviour", "category=none"], 64, "harmful request"),
      (["sweep", "DUMPS/steering", "--coefficients", "1:2"], 64, "coefficients"),
      (["export", "none.gguf", "--output", "out.npz"], 66, "none.gguf"),
      (["export", "none.gguf", "--output", "out.npz", "--scale", "0"], 64, "scale"),
    ])
  func refusals(arguments: [String], status: Int, words: String) throws {
    let arguments = arguments.map { $0.replacing("DUMPS", with: Self.dumps) }
    let failed = try run(arguments, status: Int32(status))
    #expect(failed.output.isEmpty && failed.errors.contains(words), "\(failed.errors)")
  }
}
