import Testing

/// Every rule goes red where something is planted, and stays green where it only looks like it.
@Suite struct PlantedViolationTests {
  private func tree(_ path: String, _ text: String) -> SourceTree {
    SourceTree(files: [SourceFile(path: path, text: text)])
  }

  @Test(arguments: [
    ("Sources/LinearAlgebra/A.swift", "import Activations", "Activations"),
    ("Sources/ArrayFiles/A.swift", "internal import LinearAlgebra", "LinearAlgebra"),
    ("Sources/Probes/A.swift", "public import Studies\nlet a = 1", "Studies"),
    ("Sources/Probes/A.swift", "@_exported public import Studies", "Studies"),
    ("Sources/Evaluation/A.swift", "// a\n  import struct Probes.RandomDirection", "Probes"),
    ("Sources/Optimization/A.swift", "package import class Evaluation.A", "Evaluation"),
    ("Sources/Studies/A.swift", "import ArgumentParser", "ArgumentParser"),
    ("Sources/PlumblineTool/A.swift", "import Probes", "Probes"),
    ("Sources/Evaluation/A.swift", "import Foundation", "Foundation"),
  ])
  func anImportThatIsNotAllowed(path: String, text: String, name: String) {
    let found = Architecture.forbiddenImports(in: tree(path, text))
    #expect(found.count == 1 && found.first?.contains("imports \(name), which") == true)
  }

  @Test func aFileOfNoKnownModule() {
    #expect(Architecture.forbiddenImports(in: tree("Sources/Extra/A.swift", "")).count == 1)
  }

  @Test func importsInCommentsAndStringsAreNone() {
    let text = """
      // import Studies
      internal import Activations
      /* import Studies /* import Studies */ import Studies
      import Studies */
      let text = "
      import Studies"
      let more = \"\"\"
        import Studies "
        import Studies
        \"\"\"
      """
    let file = SourceFile(path: "Sources/Probes/A.swift", text: text)
    #expect(file.imports.map(\.module) == ["Activations"])
    #expect(file.imports.map(\.line) == [2])
  }

  @Test func foundationInPlaceOfItsEssentialsIsAllowed() {
    func text(_ condition: String) -> String {
      "#if \(condition)\n  import FoundationEssentials\n#else\n  import Foundation\n#endif\n"
    }
    let path = "Sources/Evaluation/A.swift"
    let fallback = text("canImport(FoundationEssentials)")
    #expect(Architecture.forbiddenImports(in: tree(path, fallback)) == [])
    #expect(Architecture.usesOfFullFoundation(in: tree(path, fallback)) == [])
    for planted in [fallback + "import Foundation", text("canImport(Glibc)"), "import Foundation"] {
      #expect(Architecture.usesOfFullFoundation(in: tree(path, planted)).count == 1)
    }
    let above = tree("Sources/Studies/A.swift", "import Foundation")
    #expect(Architecture.usesOfFullFoundation(in: above) == [])
  }

  @Test func anArrowThatPointsUpwardOrInACircle() {
    let circle = [Architecture.Module("A", ["B"]), Architecture.Module("B", ["A"])]
    #expect(Architecture.upwardArrows(in: circle).count == 1)
    #expect(Architecture.upwardArrows(in: [Architecture.Module("A", ["A"])]).count == 1)
  }

  @Test(arguments: [
    ("Sources/LinearAlgebra/Decompositions/A.swift", "CLAPACK"),
    ("Sources/LinearAlgebra/Reductions/A.swift", "CArrayKernels"),
    ("Sources/ArrayFiles/ArrayFile.swift", "CZlib"),
    ("Tests/LinearAlgebraTests/A.swift", "CLAPACK"),
  ])
  func cImportedFromAnotherPlace(path: String, module: String) {
    let planted = tree(path, "internal import \(module)\n")
    #expect(Architecture.strayImportsOfC(in: planted).count == 1)
  }

  @Test(arguments: [
    "let a = unsafe pointer.pointee", "nonisolated(unsafe) var a = 1",
    "struct A: @unchecked Sendable {}", #"let text = "\(unsafe pointer.pointee)""#,
    ##"let text = #"\#(unsafe pointer.pointee)"#"##, #"let a = "\"//"; unsafe b()"#,
  ])
  func unsafeCodeInAnotherPlace(text: String) {
    #expect(Architecture.strayUnsafeCode(in: tree("Sources/Probes/A.swift", text)).count == 1)
    let home = tree("Sources/LinearAlgebra/LAPACK/A.swift", text)
    #expect(Architecture.strayUnsafeCode(in: home) == [])
  }

  @Test(arguments: [
    "// unsafe code", #"let text = "unsafe""#, "let unsafely = 1", "func withUnsafeBytes() {}",
    ##"let text = #"unsafe \(unsafe)"#"##, #"let text = "\(a["b"]) unsafe""#,
  ])
  func whatOnlyLooksUnsafe(text: String) {
    #expect(Architecture.strayUnsafeCode(in: tree("Sources/Probes/A.swift", text)) == [])
  }

  @Test func aPlaceWithoutUnsafeCodeIsNamed() {
    let path = "Sources/ArrayFiles/Inflate.swift"
    #expect(Architecture.emptyUnsafePlaces(in: tree(path, "// unsafe\n")).contains(path))
    #expect(!Architecture.emptyUnsafePlaces(in: tree(path, "unsafe a()\n")).contains(path))
  }

  @Test func aFileOfOneLineTooMany() {
    let lines = String(repeating: "\n", count: Architecture.mostLines)
    #expect(Architecture.longFiles(in: tree("Sources/Probes/A.swift", lines)) == [])
    #expect(Architecture.longFiles(in: tree("Sources/Probes/A.swift", lines + "a")).count == 1)
    #expect(Architecture.longFiles(in: tree("Tests/ProbesTests/A.swift", lines + "\n")).count == 1)
  }

  @Test(arguments: [
    "let a = try! b()", "let a = b as! C", "fatalError()", "// TODO: later", "/// FIXME",
    "@testable import Probes",
  ])
  func aWordThatIsForbidden(text: String) {
    #expect(Architecture.forbiddenWords(in: tree("Sources/Probes/A.swift", text)).count == 1)
  }

  @Test(arguments: [
    "try? b()", "a != b as C", "// never fatalError", #"let text = "try! as!""#, "let has = !a",
  ])
  func whatOnlyLooksForbidden(text: String) {
    #expect(Architecture.forbiddenWords(in: tree("Sources/Probes/A.swift", text)) == [])
  }

  @Test func aModuleWithoutACatalogue() {
    var contents = Dictionary(
      uniqueKeysWithValues: Architecture.published.map { ($0, ["\($0).docc"]) })
    let whole = SourceTree(files: [], contents: contents)
    #expect(Architecture.modulesWithoutCatalogue(in: whole) == [])
    contents["Probes"] = ["Probe.swift"]
    contents["Studies"] = nil
    let planted = SourceTree(files: [], contents: contents)
    #expect(Architecture.modulesWithoutCatalogue(in: planted) == ["Probes", "Studies"])
  }

  @Test func aFlagIsFoundOnOneLineOrTwo() {
    let text = "flags.append(Flag(\"first-flag\"))\nFlag(\n  \"second\", detail: \"third\")"
    #expect(
      Architecture.flags(in: tree("Sources/Studies/A.swift", text)) == ["first-flag", "second"])
  }

  @Test(arguments: [
    "public struct Found: Probe {}", "struct Found: Sendable, Probe, Equatable { let a = 1 }",
    "struct Found {}\nextension Found: Probe {}", "struct Found: Equatable & Probe {}",
    "let a = 1\n@available(*, unavailable) public struct Found:\n  Probe\n{}",
    "final class Found: Probe where A == B {}", "struct Found<A: B>: Probe {}",
  ])
  func aProbeIsFoundHoweverItIsDeclared(text: String) {
    #expect(
      Architecture.types(conformingTo: "Probe", in: tree("Sources/Probes/A.swift", text)) == [
        "Found"
      ])
  }

  @Test(arguments: [
    "protocol Probe: CatalogEntry {}", "struct A: FittedProbe {}", "// struct A: Probe {}",
    "extension Probe { func a() {} }", "func a<B: Probe>(_ b: B) {}", "let a: any Probe = b",
    "struct A { var probe: Probe }", "extension A where B: Probe {}",
  ])
  func whatIsNoProbe(text: String) {
    #expect(
      Architecture.types(conformingTo: "Probe", in: tree("Sources/Probes/A.swift", text)) == [])
  }
}
