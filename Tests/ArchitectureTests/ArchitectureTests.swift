import AlignmentQuality
import ArrayFiles
import Epistemics
import LinearAlgebra
import Probes
import Testing

/// The rules, held against the package as it is.
@Suite struct ArchitectureTests {
  static let tree = SourceTree.package

  @Test func thePackageIsFound() {
    #expect(Self.tree.files.contains { $0.path == "Sources/Probes/ProbeCatalog.swift" })
    #expect(Self.tree.sources.count > 150)
  }

  @Test func everyModuleImportsOnlyWhatItsLineAllows() {
    #expect(Architecture.forbiddenImports(in: Self.tree) == [])
  }

  @Test func arrowsOnlyPointDownward() {
    #expect(Architecture.upwardArrows(in: Architecture.modules) == [])
  }

  @Test func eachCModuleIsImportedFromOnePlace() {
    #expect(Architecture.strayImportsOfC(in: Self.tree) == [])
  }

  @Test func unsafeCodeStandsOnlyInTheNamedPlaces() {
    #expect(Architecture.strayUnsafeCode(in: Self.tree) == [])
    #expect(Architecture.emptyUnsafePlaces(in: Self.tree) == [])
  }

  @Test func noFileIsLong() {
    #expect(Architecture.longFiles(in: Self.tree) == [])
  }

  @Test func nothingStopsTheProgramByForceOrWaitsForLater() {
    #expect(Architecture.forbiddenWords(in: Self.tree) == [])
  }

  @Test func fullFoundationStaysAtTheTop() {
    #expect(Architecture.usesOfFullFoundation(in: Self.tree) == [])
  }

  @Test func everyPublishedModuleHasADocumentationCatalogue() {
    #expect(Architecture.modulesWithoutCatalogue(in: Self.tree) == [])
  }

  @Test func everyProbeIsInTheCatalogue() {
    let listed = Set(ProbeCatalog.all.map { String(describing: $0) })
    #expect(listed.count == ProbeCatalog.all.count)
    #expect(Architecture.types(conformingTo: "Probe", in: Self.tree) == listed)
  }

  @Test func everyClusterIndexIsInTheCatalogue() {
    let listed = Set(ClusterIndexCatalog.all.map { String(describing: $0) })
    #expect(listed.count == ClusterIndexCatalog.all.count)
    #expect(Architecture.types(conformingTo: "ClusterIndex", in: Self.tree) == listed)
  }

  @Test func everyGeometryMeasureIsInTheCatalogue() {
    let listed = Set(GeometryCatalog.all.map { String(describing: $0) })
    #expect(listed.count == GeometryCatalog.all.count)
    #expect(Architecture.types(conformingTo: "GeometryMeasure", in: Self.tree) == listed)
  }

  @Test func everyAnswerScoreIsInTheCatalogue() {
    let listed = Set(AnswerScoreCatalog.all.map { String(describing: $0) })
    #expect(listed.count == AnswerScoreCatalog.all.count)
    #expect(Architecture.types(conformingTo: "AnswerScore", in: Self.tree) == listed)
  }

  @Test func theUmbrellaReexportsEveryPublishedModuleAndAddsNothing() {
    let files = Self.tree.sources.filter { $0.module == "Plumbline" }
    #expect(files.map(\.path) == ["Sources/Plumbline/Exports.swift"])
    let lines = files.flatMap { $0.code.split(separator: "\n").map(String.init) }
    let expected = Architecture.published.dropLast().sorted()
    #expect(lines == expected.map { "@_exported public import \($0)" })
  }

  @Test func everyFlagIsExplained() throws {
    let article = try SourceTree.text(of: "Sources/Studies/Studies.docc/RecordsAndFlags.md")
    let flags = Architecture.flags(in: Self.tree)
    #expect(flags.count > 20)
    #expect(flags.filter { !article.contains("`\($0)`") } == [])
  }

  /// The two modules do not know each other, so each has a list of its own.
  @Test func storedElementsAndWidenedElementsAreTheSame() {
    #expect(ElementType.allCases.map(\.rawValue) == Widening.Element.allCases.map(\.rawValue))
    #expect(ElementType.allCases.map(\.byteCount) == Widening.Element.allCases.map(\.byteCount))
  }
}
