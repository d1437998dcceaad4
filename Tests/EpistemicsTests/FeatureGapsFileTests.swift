import Activations
import ArrayFiles
import Epistemics
import FoundationEssentials
import LinearAlgebra
import TestSupport
import Testing

/// Feature gaps read from dumps, and kept in files.
@Suite struct FeatureGapsFileTests {
  private let drawn: PlantedFeatures.Drawn

  init() throws { drawn = try PlantedFeatures(trainingCount: 30).draw(seed: 30) }

  /// (samples, layers, width), as float32.
  private func write(_ layers: [Matrix<Float>], to path: String) throws {
    var values: [Float] = []
    for sample in 0..<layers[0].rowCount { for layer in layers { values += layer.row(sample) } }
    try NPYWriter.write(
      try ArrayContents(
        values, shape: [layers[0].rowCount, layers.count, layers[0].columnCount]), to: path)
  }

  private func dump(in folder: TemporaryFolder) throws -> ActivationDump {
    let states: [Axis] = [.sample, .layer, .width]
    var manifest = DumpManifest(
      model: .init(name: "planted"), site: "residual-post", token: "mean",
      arrays: [
        .activations: .array(ArrayReference(file: "validation.npy", axes: states)),
        .labels: .array(ArrayReference(file: "labels.npy", axes: [.sample])),
        .tokenStates: .array(
          ArrayReference(file: "tokens.npy", axes: [.token, .layer, .width])),
        .tokenCounts: .array(ArrayReference(file: "counts.npy", axes: [.sample])),
      ])
    try write(drawn.validation, to: folder.file("validation.npy"))
    try write(drawn.test, to: folder.file("tokens.npy"))
    for (name, numbers) in [
      ("labels", drawn.validationLabels), ("counts", (0..<120).map { $0 < 80 ? 2 : 1 }),
    ] {
      try NPYWriter.write(
        try ArrayContents(numbers.map(Int64.init), shape: [numbers.count]),
        to: folder.file("\(name).npy"))
    }
    for feature in drawn.contrasts {
      for (side, role, layers) in [
        ("positive", ArrayRole.contrastPositive(feature.name), feature.pairs.map(\.positive)),
        ("negative", ArrayRole.contrastNegative(feature.name), feature.pairs.map(\.negative)),
      ] {
        let file = "\(feature.name)-\(side).npy"
        try write(layers, to: folder.file(file))
        manifest.arrays[role] = .array(ArrayReference(file: file, axes: states))
      }
    }
    try AtomicFile.write(Array(manifest.jsonText.utf8), to: folder.file("dump.json"))
    return try ActivationDump.open(folder.path)
  }

  @Test func aDumpGivesTheSameFitAsItsArrays() throws {
    let folder = try TemporaryFolder()
    let dump = try dump(in: folder)
    let labels = try #require(dump.labels)
    let contrasts = try FeatureContrasts(dump)
    #expect(contrasts.features == PlantedFeatures.names)
    let fitted = try FeatureGaps.shallow.fit(
      contrasts: contrasts, validation: JudgedAnswers(states: LayeredStates(dump), labels: labels),
      seed: 5)
    let direct = try drawn.fit()
    #expect(fitted == direct)
    let some = try fitted.scores(of: LayeredStates(dump, samples: [7, 3]))
    let all = try direct.scores(of: LayeredStates(drawn.validation))
    #expect(some.logits == [all.logits[7], all.logits[3]])
    let tokens = try fitted.tokenScores(
      of: LayeredStates(tokensOf: dump), tokenCounts: (0..<120).map { $0 < 80 ? 2 : 1 })
    let single = try direct.scores(of: LayeredStates(drawn.test))
    #expect(tokens.tokens == single.scores)
  }

  @Test func whatADumpLacksIsNamed() throws {
    let folder = try TemporaryFolder()
    let dump = try dump(in: folder)
    for name in ["honest", ""] {
      #expect {
        try FeatureContrasts(dump, features: ["honesty", name])
      } throws: { error in
        "\(error)".contains("contrasts.\(name).positive")
      }
    }
    #expect(throws: EpistemicsError.repeatedFeature(name: "honesty")) {
      try FeatureContrasts(dump, features: ["honesty", "honesty"])
    }
    #expect(throws: EpistemicsError.notEnough(what: "samples", count: 0, minimum: 1)) {
      try LayeredStates(dump, samples: [])
    }
    #expect(
      throws: EpistemicsError.activations(.outOfRange(what: "sample", value: 120, count: 120))
    ) { try LayeredStates(dump, samples: [120]) }
    #expect(throws: EpistemicsError.self) { try Unembedding(dump) }
  }

  @Test func aFitComesBackBitForBit() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("gaps.json")
    let settings = FeatureGaps.shallow.with { $0.split = .paper }
    let fitted = try settings.fit(
      contrasts: drawn.featureContrasts(identifiers: Array(0..<30)),
      validation: drawn.judgedValidation(identifiers: Array(0..<120)), seed: .max)
    for isInline in [false, true] {
      try ParameterFile.write(fitted, kind: FittedFeatureGaps.kind, to: path, isInline: isInline)
      let read = try ParameterFile.read(
        FittedFeatureGaps.self, kind: FittedFeatureGaps.kind, from: path)
      #expect(read == fitted && read.flags == fitted.flags)
      let states = try LayeredStates(drawn.test)
      #expect(try read.scores(of: states).logits == fitted.scores(of: states).logits)
    }
  }

  @Test func filesWhosePartsDoNotFitAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("gaps.json")
    try ParameterFile.write(
      try drawn.fit(), kind: FittedFeatureGaps.kind, to: path, isInline: true)
    let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    for (old, new, words) in [
      ("\"layerCount\" : 6", "\"layerCount\" : 3", "layers below 3"),
      ("\"sign\" : 1", "\"sign\" : 2", "signs of 1 or -1"),
      ("\"ignoredLayerCount\" : 1", "\"ignoredLayerCount\" : \"x\"", "ignoredLayerCount"),
    ] {
      #expect(text.contains(old))
      try folder.write(text.replacing(old, with: new), to: "gaps.json")
      #expect {
        try ParameterFile.read(
          FittedFeatureGaps.self, kind: FittedFeatureGaps.kind, from: path)
      } throws: { error in
        "\(error)".contains(words)
      }
    }
  }
}
