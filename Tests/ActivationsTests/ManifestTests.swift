import Activations
import TestSupport
import Testing

@Suite struct ManifestTests {
  static let complete = """
    // A comment.
    {
      format: 'plumbline-dump', version: 1,
      model: {name: "m", revision: "r", fingerprint: "sha256:f"}, site: "residual-post", token: "mean",
      finalLayer: "pre-norm", layers: ["embeddings", "block 1"],
      provenance: {exporter: "e 0.2.0", "a.b": "", template: "\\"{question}\\"\\n\\tYes – ß"},
      arrays: {
        positive: {file: "c.npz", member: "yes", axes: ["sample", "layer", "width"]},
        negative: {file: "c.npz", member: "no", axes: ["layer", "sample", "width"]},
        labels: {file: "l.npy", axes: ["sample"], name: "truth", values: ["false", "true"]},
        finalNorm: {weight: {file: "w.npy", axes: ["width"]}, epsilon: 1e-6, offset: 1, kind: "rms"},
        sweep: {coefficients: [0, 0.5, -1], vector: {file: "v.npy", axes: ["width"]},
                layer: 3, positions: "last",
                states: {file: "s.npy", axes: ["sample", "width", "coefficient"]},
                controlVectors: {file: "cv.npy", axes: ["direction", "width"]},
                controlStates: {file: "cs.npy", axes: ["coefficient", "direction", "sample", "width"]}},
        "sweep.controlLogits":
          {file: "cl.npy", axes: ["direction", "coefficient", "sample", "vocabulary"]},
        unembeddingBias: {file: "b.npy", axes: ["vocabulary"]}, logitScale: 0.0625, logitSoftCap: 30,
        topLogits: {ids: {file: "i.npy", axes: ["token", "rank"]},
                    values: {file: "t.npy", axes: ["rank", "token"]}},
        logits: {file: "lo.npy", axes: ["token", "vocabulary"]}, tokenIds: {file: "ti.npy", axes: ["token"]},
        "contrasts.honesty.positive": {file: "hp.npy", axes: ["sample", "width"]},
        contrasts: {honesty: {negative: {file: "hn.npy", axes: ["sample", "width"]}}},
        answers: {similarity: {file: "s.npy", axes: ["sample", "answer", "answer"]}},
        attention: {file: "a_{layer}.npy", axes: ["sample", "head", "token", "token"]},
        alignedTokens: [5, 7], texts: {file: "t.jsonl"},
        attributes: {construction: {file: "k.npy", axes: ["sample"], values: ["none", "not"]}},
        "attributes.a.b": {file: "c.npz", member: "ab", axes: ["sample"], name: "a.b"},
      },
    }
    """

  @Test func everyRoleParsesAndWritesBackEqual() throws {
    let manifest = try DumpManifest(parsing: Self.complete)
    #expect(manifest.arrays.count == 30)
    #expect(manifest.model == .init(name: "m", revision: "r", fingerprint: "sha256:f"))
    #expect(
      manifest.provenance == [
        "exporter": "e 0.2.0", "a.b": "", "template": "\"{question}\"\n\tYes – ß",
      ])
    #expect(manifest.arrays[.logitSoftCap] == .number(30))
    #expect(manifest.arrays[.sweepLayer] == .number(3))
    #expect(manifest.arrays[.sweepPositions] == .choice("last"))
    #expect(
      manifest.arrays[.sweepControlStates]
        == .array(
          .init(file: "cs.npy", axes: [.coefficient, .direction, .sample, .width])))
    #expect(manifest.finalLayer == .preNorm)
    #expect(
      manifest.arrays[.contrastNegative("honesty")]
        == .array(.init(file: "hn.npy", axes: [.sample, .width])))
    #expect(
      manifest.arrays[.attribute("construction")]
        == .array(.init(file: "k.npy", axes: [.sample], values: ["none", "not"])))
    #expect(
      manifest.arrays[.attribute("a.b")]
        == .array(.init(file: "c.npz", member: "ab", axes: [.sample])))
    #expect(manifest.arrays[.alignedTokens] == .integers([5, 7]))
    #expect(manifest.arrays[try #require(ArrayRole("finalNorm.epsilon"))] == .number(1e-6))
    #expect(manifest.arrays[try #require(ArrayRole("finalNorm.kind"))] == .choice("rms"))
    #expect(try DumpManifest(parsing: manifest.jsonText) == manifest)
  }

  @Test func everyRowOfTheTableIsARoleWithOneIdentifier() {
    for definition in ArrayRoleDefinition.all {
      let identifier = definition.pattern.replacing("<feature>", with: "x")
      #expect(ArrayRole(identifier)?.definition.pattern == definition.pattern)
    }
    #expect(Set(ArrayRoleDefinition.all.map(\.pattern)).count == ArrayRoleDefinition.all.count)
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    let text: String
    let message: String
    var testDescription: String { message }
  }

  static func with(_ arrays: String, keys: String = "") -> String {
    "{format: \"plumbline-dump\", version: 1, \(keys) arrays: {\(arrays)}}"
  }

  static let faults: [Fault] = [
    Fault(text: "", message: "'d': line 1, column 1: the text ends where a value should be"),
    Fault(
      text: "{a: 1,\n b: nul}",
      message: "'d': line 2, column 5: the word \"nul\" is not a value; a text needs quotes"),
    Fault(
      text: "{a: 1, a: 2}",
      message: "'d': line 1, column 8: the key \"a\" is given twice in one object"),
    Fault(
      text: "{} x", message: "'d': line 1, column 4: there is more text after the end of the value"),
    Fault(text: "[]", message: "'d': is a list, expected an object"),
    Fault(text: "{}", message: "'d': format is missing; every manifest needs it"),
    Fault(
      text: "{format: \"x\", version: 1}",
      message:
        "'d': format is \"x\", expected \"plumbline-dump\"; this is not the manifest of a dump"),
    Fault(
      text: "{format: \"plumbline-dump\", version: 2}",
      message: "'d': version is 2, expected 1; a newer Plumbline wrote this dump: update"),
    Fault(
      text: "{format: \"plumbline-dump\", version: \"1\"}",
      message: "'d': version is a text, expected a whole number"),
    Fault(
      text: "{format: \"plumbline-dump\", version: 1}",
      message: "'d': arrays is missing; every manifest needs it"),
    Fault(text: with(""), message: "'d': arrays names no array"),
    Fault(
      text: with("", keys: "tokn: \"mean\","),
      message: "'d': tokn is not a key of the format; did you mean \"token\"? (known: arrays, "
        + "finalLayer, format, layers, model, provenance, site, token, version)"),
    Fault(
      text: with("", keys: "model: {nam: \"x\"},"),
      message: "'d': model.nam is not a key of the format; did you mean \"name\"? (known: "
        + "fingerprint, name, revision)"),
    Fault(
      text: with("", keys: "finalLayer: \"prenorm\","),
      message: "'d': finalLayer is \"prenorm\"; did you mean \"pre-norm\"? (known: post-norm, "
        + "pre-norm)"),
    Fault(
      text: with("labels: {file: \"l.npy\"}"),
      message: "'d': arrays.labels.axes is missing; every manifest needs it"),
    Fault(
      text: with("labels: {file: \"l.npy\", axes: [\"layer\"]}"),
      message: "'d': arrays.labels.axes are layer; labels needs sample, in any order"),
    Fault(
      text: with("positive: {file: \"l.npy\", axes: [\"sample\", \"sample\", \"width\"]}"),
      message: "'d': arrays.positive.axes are sample,sample,width; positive needs "
        + "sample,layer,width or sample,width or sample,variant,layer,width or "
        + "sample,variant,width, in any order"),
    Fault(
      text: with("labels: {file: \"l_{layer}.npy\", axes: [\"sample\"]}"),
      message: "'d': arrays.labels.axes the file name holds {layer}, but labels has no layers"),
    Fault(
      text: with("alignedTokens: [1, 1]"),
      message: "'d': arrays.alignedTokens names the same token twice"),
    Fault(
      text: with("alignedTokens: [1, -1]"),
      message: "'d': arrays.alignedTokens[1] is -1; a token is numbered from 0"),
    Fault(
      text: with("attributes: {a: {file: \"l.npy\", axes: [\"sample\"], name: \"b\"}}"),
      message:
        "'d': arrays.attributes.a.name is \"b\", but the role names the attribute \"a\"; leave "
        + "the key out"),
    Fault(
      text: with("attributes: {a: {file: \"l.npy\", axes: [\"sample\", \"width\"]}}"),
      message: "'d': arrays.attributes.a.axes are sample,width; attributes.a needs sample, in any "
        + "order"),
    Fault(
      text: with("attributes: [1]"),
      message: "'d': arrays.attributes is a list, expected an object"),
    Fault(
      text: with("finalNorm: {epsilon: \"x\"}"),
      message: "'d': arrays.finalNorm.epsilon is a text, expected a number"),
    Fault(
      text: with("logitSoftCap: 0"),
      message:
        "'d': arrays.logitSoftCap is 0.0, expected a number above 0; leave the key out where "
        + "the model has none"),
    Fault(
      text: with("logitScale: -0.5"),
      message: "'d': arrays.logitScale is -0.5, expected a number above 0; leave the key out where "
        + "the model has none"),
    Fault(
      text: with("logitSoftCap: null"),
      message: "'d': arrays.logitSoftCap is null, expected a number"),
    Fault(
      text: with("sweep: {controlVectors: {file: \"v.npy\", axes: [\"sample\", \"width\"]}}"),
      message: "'d': arrays.sweep.controlVectors.axes are sample,width; sweep.controlVectors needs "
        + "direction,width, in any order"),
    Fault(
      text: with(
        "labels: {file: \"l.npy\", axes: [\"sample\"]}", keys: "provenance: {a: {b: \"c\"}},"),
      message: "'d': provenance.a is an object, expected a text"),
    Fault(
      text: with("labels: {file: \"l.npy\", axes: [\"sample\"]}", keys: "provenance: {seed: 3},"),
      message: "'d': provenance.seed is a whole number, expected a text"),
    Fault(
      text: with("labels: {file: \"l.npy\", axes: [\"sample\"]}", keys: "provenance: \"me\","),
      message: "'d': provenance is a text, expected an object"),
    Fault(
      text: with(
        "labels: {file: \"l.npy\", axes: [\"sample\"]}", keys: "model: {fingerprint: \"\"},"),
      message: "'d': model.fingerprint is empty; leave the key out instead"),
  ]

  @Test(arguments: faults)
  func everyFaultIsNamedWithItsPlace(_ fault: Fault) {
    let error = #expect(throws: ActivationsError.self) {
      try DumpManifest(parsing: fault.text, path: "d")
    }
    #expect(error?.description == fault.message)
    #expect(error?.category == .badData)
  }

  @Test(arguments: [
    ("positiv", "positive"), ("lables", "labels"), ("contrasts.a.positve", "contrasts"),
    ("final_normed", "finalNormed"), ("tokencounts", "tokenCounts"),
    ("unembedding_bias", "unembeddingBias"), ("logit_softcap", "logitSoftCap"),
    ("sweep.control_states", "sweep.controlStates"),
  ])
  func aMisspeltRoleIsRefusedWithASuggestion(_ role: String, _ meant: String) {
    let error = #expect(throws: ActivationsError.self) {
      try DumpManifest(parsing: Self.with("\"\(role)\": {file: \"x\", axes: []}"))
    }
    let text = error?.description ?? ""
    #expect(text.contains("arrays.\(role) is not a role; "))
    if meant != "contrasts" { #expect(text.contains("did you mean \"\(meant)\"?")) }
  }

  /// Oracle: JSON5's own rules.
  @Test func everyKindOfValueOfJSON5IsRead() throws {
    let text = """
      {/* c */ 'format': "plumbline\\u002ddump", "version": +1, // end
       site: 'a\\
      b "quoted" \\x41 \\uD83D\\uDE00', arrays: {alignedTokens: [0x10, 2,],
       "sweep.coefficients": [.5, 5., -1e3, +2, -0x10]}}
      """
    let manifest = try DumpManifest(parsing: text)
    #expect(manifest.site == "ab \"quoted\" A 😀")
    #expect(manifest.arrays[try #require(ArrayRole("alignedTokens"))] == .integers([16, 2]))
    #expect(
      manifest.arrays[try #require(ArrayRole("sweep.coefficients"))]
        == .numbers([0.5, 5, -1000, 2, -16]))
  }

  /// No mutant may crash; one that is accepted must write back to an equal value.
  @Test func mutantsAreReadOrRefused() throws {
    let count = FuzzCount.mutants(default: 5000)
    var accepted = 0
    let mutants = Mutator(files: [Array(Self.complete.utf8)], seed: 5)
    for mutant in mutants.prefix(count) {
      let text = String(decoding: mutant.bytes, as: UTF8.self)
      do {
        let manifest = try DumpManifest(parsing: text)
        #expect(try DumpManifest(parsing: manifest.jsonText) == manifest)
        accepted += 1
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
    #expect(accepted > count / 500)
    #expect(accepted < count / 5 * 4)
  }
}
