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

  @Test("vectors are ranked, and the rule for refusal directions is a strategy")
  func rank() throws {
    let saved = folder.file("vectors.json")
    _ = try run(["fit", "\(Self.dumps)/requests-base", "--save", saved, "--quiet"])
    let choice = [
      "--behaviour", "category=harmful request", "--helpfulness", "category=multiple choice",
    ]
    let table = try run(["rank", "\(Self.dumps)/steering", "--vectors", saved] + choice)
    for line in table.lines { #expect(line.count <= 80, "\(line)") }
    #expect(table.output.contains("best: difference-of-means of layer 5"))
    let published = Tool.packageFolder.appending(
      path: "Tests/SteeringTests/Golden/gemma-2b-it_direction_evaluations.json"
    ).path
    let refusal = ["rank", "--evaluations", published, "--blocks", "18"]
    #expect(try run(refusal).output.contains("chosen: position -2, layer 10"))
    let records = try ResultFile(run(refusal + ["--format", "json"]).output).records
    #expect(records.count == 3 * 90)
  }

  @Test("vectors of other places than the residual stream are not exported")
  func foreignSite() throws {
    let source = "\(Self.dumps)/requests-base"
    for name in try FileManager.default.contentsOfDirectory(atPath: source) {
      try FileManager.default.copyItem(atPath: "\(source)/\(name)", toPath: folder.file(name))
    }
    let manifest = try String(contentsOfFile: folder.file("dump.json"), encoding: .utf8)
    let edited = manifest.replacing("residual-post", with: "mlp-out")
    #expect(edited != manifest)
    try FileManager.default.removeItem(atPath: folder.file("dump.json"))
    try folder.write(edited, to: "dump.json")
    let saved = folder.file("vectors.json")
    _ = try run(["fit", folder.path, "--save", saved, "--quiet"])
    let refused = try run(
      [
        "export", saved, "--method", "difference-of-means", "--layers", "3", "--model", "llama",
        "--output", folder.file("out.gguf"),
      ], status: 64)
    #expect(refused.errors.contains("mlp-out"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("out.gguf")))
  }

  @Test("what is read from states is swept where there is no unembedding")
  func readout() throws {
    let saved = folder.file("vectors.json")
    _ = try run(["fit", "\(Self.dumps)/requests-base", "--save", saved, "--quiet"])
    let common = ["sweep", "\(Self.dumps)/requests-base", "--layer", "3", "--format", "csv"]
    let found = try run(common + ["--vectors", saved, "--method", "difference-of-means"])
    let learned = try run(common + ["--method", "difference-of-means"])
    // The same split and the same seed give the same vector, up to its rounding in the file.
    #expect(found.lines.count == learned.lines.count && found.lines.count > 100)
    #expect(found.output.contains(",flip-coefficient,"))
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
      (["sweep", "DUMPS/steering", "--method", "leace"], 64, "--layer"),
      (["sweep", "DUMPS/steering", "--layer", "2"], 64, "--vectors"),
      (["sweep", "DUMPS/steering", "--operation", "ablate"], 64, "--vectors"),
      (["sweep", "DUMPS/steering", "--steered", "DUMPS/steering"], 64, "--at"),
      (
        ["sweep", "DUMPS/steering", "--steered", "DUMPS/steering", "--at", "1"], 65,
        "the same last states"
      ),
      (
        ["sweep", "DUMPS/steering", "--readout", "--behaviour", "category=harmful request"], 64,
        "--readout"
      ),
      (["sweep", "DUMPS/steering", "--readout", "--method", "leace", "--layer", "9"], 64, "layer"),
      (["rank"], 64, "<dump>"),
      (["rank", "DUMPS/truth"], 65, "sweep.coefficients"),
      (["rank", "DUMPS/steering", "DUMPS/steering-controls"], 65, "same prompts"),
      (["rank", "DUMPS/steering", "--vectors", "none.json"], 66, "none.json"),
      (["rank", "--evaluations", "none.json"], 64, "--blocks"),
      (["rank", "--evaluations", "none.json", "--blocks", "18"], 66, "none.json"),
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
