import TestSupport
import Testing

/// What is typed wrongly ends with 64, what is asked for politely with 0.
@Suite("Usage")
struct UsageTests {
  @Test(
    "a request that makes no sense ends with 64 and no result",
    arguments: [
      ["frobnicate"], ["probe"], ["demo", "--x"], ["methods", "nothing"], ["inspect"],
      ["probe", "DUMP", "DUMP"], ["probe", "DUMP", "--frobnicate"],
      ["probe", "DUMP", "--layers", "7"], ["probe", "DUMP", "--layers", "1-0"],
      ["probe", "DUMP", "--layers", ""], ["probe", "DUMP", "--layers", "0-9223372036854775807"],
      ["probe", "DUMP", "--method", "contrast-consistent-search/nothing"],
      ["probe", "DUMP", "--method", "difference-of-means/nothing"],
      ["probe", "DUMP", "--compatibility", "polarity-aware"],
      [
        "probe", "DUMP", "--method", "polarity-aware-ccs/released-raw", "--compatibility",
        "polarity-aware",
      ],
      ["probe", "DUMP", "--where", "template=a", "--where", "template=b"],
      ["probe", "DUMP", "--test-fraction", "1"],
      ["probe", "DUMP", "--test-fraction", "0.2", "--folds", "3"],
      ["probe", "DUMP", "--folds", "1"], ["probe", "DUMP", "--folds", "-2"],
      ["probe", "DUMP", "--seed", "18446744073709551616"], ["probe", "DUMP", "--threads", "0"],
      ["probe", "DUMP", "--threads", "9223372036854775807"], ["probe", "DUMP", "--memory", "lots"],
      ["probe", "DUMP", "--memory", "nan"], ["probe", "DUMP", "--memory", "1e30GiB"],
      ["probe", "DUMP", "--method", "ccs2"], ["probe", "DUMP", "--method", ""],
      ["probe", "DUMP", "--method", "difference-of-means,difference-of-means"],
      ["probe", "DUMP", "--set", "contrast-consistent-search.colour=1"],
      ["probe", "DUMP", "--set", "contrast-consistent-search.tries=0"],
      ["probe", "DUMP", "--set", "contrast-consistent-search.tries=1000000000"],
      ["probe", "DUMP", "--set", "contrast-consistent-search.tries=many"],
      ["probe", "DUMP", "--set", "contrast-consistent-search.learningRate=nan"],
      ["probe", "DUMP", "--set", "tries"], ["probe", "DUMP", "--compatibility", "nobody"],
      ["probe", "DUMP", "--controls", "some"], ["probe", "DUMP", "--format", "xml"],
      ["probe", "DUMP", "--where", "template"], ["probe", "DUMP", "--where", "template=a"],
      ["probe", "DUMP", "--transfer"], ["probe", "DUMP", "--test", "DUMP"],
      ["probe", "DUMP", "--test", "DUMP/../OTHER/../DUMP"],
      ["probe", "DUMP", "--positive", "x.npy"], ["probe", "DUMP", "--save", "probes.txt"],
      ["probe", "--positive", "a.npy", "--negative", "b.npy", "--axes", "sample,colour"],
      ["probe", "apply"], ["probe", "apply", "probe.json"],
    ])
  func misuse(_ arguments: [String]) throws {
    let dump = try SmallDump()
    let parent = dump.path.split(separator: "/").dropLast().joined(separator: "/")
    let name = dump.path.split(separator: "/").last.map(String.init) ?? ""
    let typed = arguments.map {
      $0 == "DUMP" ? dump.path : $0 == "DUMP/../OTHER/../DUMP" ? "/\(parent)/./\(name)/" : $0
    }
    let run = try Tool.run(typed)
    #expect(!run.endedBySignal)
    #expect(run.status == 64, "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(!run.errors.isEmpty && !run.errors.contains("bug"))
  }

  @Test("more folds than groups is bad data, and says how many groups there are")
  func tooManyFolds() throws {
    let dump = try SmallDump()
    let run = try Tool.run(["probe", dump.path, "--folds", "61"] + quickFit)
    #expect(run.status == 65)
    #expect(run.errors.contains("61 folds") && run.errors.contains("60"))
  }

  @Test(
    "inputs that are not there end with 66",
    arguments: [
      ["probe", "/nowhere"], ["probe", ""], ["inspect", "/nowhere"],
      ["demo", "--studies", "/nowhere"], ["probe", "apply", "/nowhere.json", "DUMP"],
      ["probe", "DUMP", "--test", "/nowhere"],
      ["probe", "--positive", "/nowhere.npy", "--negative", "/nowhere.npy"],
    ])
  func missing(_ arguments: [String]) throws {
    let dump = try SmallDump()
    let run = try Tool.run(arguments.map { $0 == "DUMP" ? dump.path : $0 })
    #expect(run.status == 66, "\(run.errors)")
    #expect(run.output.isEmpty && !run.errors.isEmpty)
  }

  @Test(
    "every command explains itself",
    arguments: [
      [], ["demo"], ["inspect"], ["probe"], ["probe", "fit"], ["probe", "apply"], ["methods"],
    ])
  func help(_ command: [String]) throws {
    let run = try Tool.run(command + ["--help"])
    #expect(run.status == 0)
    #expect(run.output.contains("USAGE") && run.errors.isEmpty)
  }

  @Test("the version names Swift, OpenBLAS and the processor core")
  func version() throws {
    let run = try Tool.run(["--version"])
    #expect(run.status == 0)
    for word in ["plumbline", "Swift", "OpenBLAS", "core", "threads"] {
      #expect(run.output.contains(word))
    }
  }

  @Test("every listed method describes itself")
  func methods() throws {
    let overview = try Tool.run(["methods"])
    #expect(overview.status == 0)
    let known = [
      "contrast-consistent-search", "difference-of-means", "logistic-regression",
      "random-direction",
    ]
    for name in known {
      #expect(overview.output.contains(name))
      let one = try Tool.run(["methods", name])
      #expect(one.status == 0 && one.output.contains(name))
    }
  }
}
