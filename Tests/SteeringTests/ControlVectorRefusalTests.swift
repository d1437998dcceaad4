import ArrayFiles
import FoundationEssentials
import Steering
import TestSupport
import Testing

/// Oracle: what the readers of each format accept.
///
/// Whatever is refused leaves no file.
@Suite struct ControlVectorRefusalTests {
  private func vector(
    _ layer: Int, _ values: [Double], hint: String? = "llama"
  ) throws -> ControlVector {
    try ControlVector([.init(layer: layer, values: values)], modelHint: hint)
  }

  typealias Refused = (
    name: String, layer: Int, values: [Double], hint: String?, type: ElementType?, fact: String
  )

  static let refused: [Refused] = [
    ("x.gguf", 1, [1.0], "llama", nil, "cannot name layer 1"),
    ("x.gguf", 0, [1], "llama", nil, "cannot name layer 0"),
    ("x.safetensors", 0, [1], "llama", nil, "cannot name layer 0"),
    ("x.npz", 0, [1], "llama", nil, "cannot name layer 0"),
    ("x.svec", 0, [1], "llama", nil, "cannot name layer 0"),
    ("x.gguf", 2, [1, 4e38], "llama", nil, "layer 2 holds 4e+38 at position 1, beyond float32"),
    ("x.gguf", 2, [1e-46, 0], "llama", nil, "float32 rounds it to zero"),
    ("x.npz", 2, [0, -65520], "llama", ElementType.float16, "beyond float16"),
    ("x.npz", 2, [0x1p-25], "llama", .float16, "float16 rounds it to zero"),
    ("x.npz", 2, [1], "llama", .bfloat16, "cannot be rounded to bfloat16"),
    ("x.gguf", 2, [1], "llama", .float16, "llama.cpp reads float32 only"),
    ("x.svec", 2, [1], "llama", .float32, "JSON keeps every digit"),
    ("x.gguf", 2, [1], nil, nil, "name the kind of model"),
    ("x.svec", 2, [1], nil, nil, "name the kind of model"),
    ("x.pt", 2, [1], "llama", nil, "expected one that ends in .gguf, .safetensors, .npz, .svec"),
    ("gguf", 2, [1], "llama", nil, "says no format"),
    ("none/x.gguf", 2, [1], "llama", nil, "cannot be written"),
  ]

  @Test(arguments: refused)
  func whatAFormatCannotSayIsNotWritten(
    name: String, layer: Int, values: [Double], hint: String?, type: ElementType?, fact: String
  ) throws {
    let folder = try TemporaryFolder()
    let vector = try vector(layer, values, hint: hint)
    let error = try #require(
      #expect(throws: SteeringError.self) {
        try ControlVectorFile.write(vector, to: folder.file(name), as: type)
      })
    #expect(error.description.contains(fact), "\(error)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  /// Just inside each bound.
  @Test func theExtremesOfATypeAreWritten() throws {
    let folder = try TemporaryFolder()
    let wide = try vector(2, [Double(Float.greatestFiniteMagnitude), 0x1p-149])
    try ControlVectorFile.write(wide, to: folder.file("x.gguf"))
    #expect(try ControlVectorFile.read(folder.file("x.gguf")).vector == wide)
    let narrow = try vector(1, [65504, 0x1p-24], hint: nil)
    try ControlVectorFile.write(narrow, to: folder.file("x.npz"), as: .float16)
    #expect(try ControlVectorFile.read(folder.file("x.npz")).vector == narrow)
  }

  // MARK: Reading

  private func message(_ path: String) throws -> String {
    try #require(#expect(throws: SteeringError.self) { try ControlVectorFile.read(path) })
      .description
  }

  private static let one = try? ArrayContents([1, 2] as [Float], shape: [2])

  @Test(arguments: [
    "token_embd.weight", "direction", "direction.", "direction.x", "direction.1x", "direction.01",
    "direction.-1", "direction.+1", "direction.99999999999", "Direction.1", "direction.1.weight",
  ])
  func foreignTensorsAreRefusedByName(name: String) throws {
    let folder = try TemporaryFolder()
    let one = try #require(Self.one)
    let tensors = [("direction.1", one), (name, one)]
    try GGUFWriter.write(
      tensors, metadata: [("general.architecture", .string("controlvector"))],
      to: folder.file("x.gguf"))
    try SafetensorsWriter.write(tensors, to: folder.file("x.safetensors"))
    try NPZWriter.write(tensors, to: folder.file("x.npz"))
    for file in ["x.gguf", "x.safetensors", "x.npz"] {
      let message = try message(folder.file(file))
      #expect(message.contains("holds '\(name)', which is no steering vector"), "\(message)")
    }
  }

  @Test func arraysThatAreNoVectorsAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("x.gguf")
    let wrong: [(ArrayContents, String)] = [
      (try ArrayContents([1, 2] as [Float], shape: [1, 2]), "of shape [1, 2]"),
      (try ArrayContents([1, 2] as [Int32], shape: [2]), "type int32"),
      (try ArrayContents([1, 2, 3] as [Float], shape: [3]), "has width 3 at layer 3"),
      (try ArrayContents([1, .nan] as [Float], shape: [2]), "holds nan at layer 3"),
      (try ArrayContents([0, 0] as [Float], shape: [2]), "is zero at layer 3"),
    ]
    for (contents, fact) in wrong {
      try GGUFWriter.write(
        [("direction.1", try #require(Self.one)), ("direction.2", contents)], to: path)
      #expect(try message(path).contains(fact))
    }
    try GGUFWriter.write([], to: path)
    #expect(try message(path).contains("has no vector"))
    try NPYWriter.write(try #require(Self.one), to: folder.file("x.npy"))
    #expect(try message(folder.file("x.npy")).contains("is a single array"))
    #expect(try message(folder.file("none.gguf")).contains("There is no file"))
    #expect(try message(folder.file("none.svec")).contains("There is no file"))
  }

  @Test(arguments: [
    (
      "controlvector.operation", GGUFValue.string("subtract"),
      "operation 'subtract', which is unknown"
    ),
    ("controlvector.site", .string("head-output"), "expected one of residual-post, residual-pre"),
    ("controlvector.unit", .string("sigma"), "unit 'sigma'"),
    ("controlvector.norm", .array(GGUFArray([1.0, 2.0])), "2 numbers under norm, and 1 vectors"),
    ("controlvector.norm", .array(GGUFArray([-1.0])), "raw norm -1.0"),
    ("glp.mode", .string("rotate"), "expected project or add"),
    ("glp.mode", .uint8(1), "expected project or add"),
  ])
  func notesThatCannotBeUnderstoodAreRefused(key: String, value: GGUFValue, fact: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("x.gguf")
    try GGUFWriter.write(
      [("direction.1", try #require(Self.one))], metadata: [(key, value)], to: path)
    let message = try message(path)
    #expect(message.contains(fact), "\(message)")
  }

  @Test func otherLayerBasesAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("x.safetensors")
    let tensors = [("direction.1", try #require(Self.one))]
    try SafetensorsWriter.write(tensors, metadata: ["layer_base": "1"], to: path)
    #expect(try message(path).contains("counts its layers from 1"))
    try SafetensorsWriter.write(tensors, metadata: ["norm": "1,x"], to: path)
    #expect(try message(path).contains("the norm '1,x'"))
    try SafetensorsWriter.write(tensors, to: path)
    #expect(try ControlVectorFile.read(path).vector.layers == [2])
    let text = try ArrayContents(Array("[1]".utf8), shape: [3])
    try NPZWriter.write(tensors + [("metadata", text)], to: folder.file("x.npz"))
    #expect(try message(folder.file("x.npz")).contains("no JSON object of texts"))
  }

  @Test(arguments: [
    ("[1]", "is no JSON object"), ("{}", "has no 'directions'"),
    (#"{"directions": {}}"#, "has no vector"),
    (#"{"directions": [1]}"#, "'directions' that is no object"),
    (#"{"directions": {"1": 2}}"#, "no list of numbers"),
    (#"{"directions": {"1": [[2]]}}"#, "an item that is no number"),
    (#"{"directions": {"01": [2]}}"#, "has '01' under 'directions'"),
    (#"{"directions": {"-1": [2]}}"#, "has '-1' under 'directions'"),
    (#"{"directions": {"1": [NaN]}}"#, "expected a string, a finite number"),
    (#"{"directions": {"1": [1e999]}}"#, "is beyond Double"),
    (#"{"directions": {"1": [1]}, "directions": {"2": [1]}}"#, "'directions' twice"),
    (#"{"directions": {"1": [1], "1": [2]}}"#, "'1' twice"),
    (#"{"directions": {"1": [1]}, "explained_variances": {"2": 1}}"#, "other layers"),
    (#"{"directions": {"1": [1]}, "explained_variances": {"1": "a"}}"#, "is no number"),
    (#"{"directions": {"1": [1]}, "num_heads": 8}"#, "attention heads"),
    (#"{"directions": {"1": [1]}, "model_type": 8}"#, "model_type that is no text"),
    (#"{"directions": {"1": [1]}, "plumbline": {"site": 8}}"#, "no object of texts"),
    (#"{"directions": {"1": [1]}"#, "found the end"),
  ])
  func textThatHoldsNoVectorsIsRefused(text: String, fact: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "x.svec")
    let message = try message(folder.file("x.svec"))
    #expect(message.contains(fact), "\(message)")
  }

  /// Oracle: a damaged file is read as a checked vector, or refused.
  @Test func mutantsAreReadOrRefused() throws {
    let folder = try TemporaryFolder()
    var files: [[UInt8]] = []
    let suffixes = ["gguf", "safetensors", "npz", "svec"]
    for suffix in suffixes {
      let path = folder.file("x." + suffix)
      try ControlVectorFile.write(ControlVectorFileTests.full(), to: path)
      files.append(try ControlVectorFileTests.bytes(path))
    }
    var read = 0
    var refused = 0
    let count = FuzzCount.mutants(default: 2_000)
    for mutant in Mutator(files: files, seed: 20_261_122).prefix(count) {
      let path = folder.file("mutant." + suffixes[mutant.origin])
      try Data(mutant.bytes).write(to: URL(filePath: path))
      // Written over, a file is flushed to the disk first; a new one is not.
      defer { try? FileManager.default.removeItem(atPath: path) }
      do throws(SteeringError) {
        let vector = try ControlVectorFile.read(path).vector
        read += 1
        if !vector.directions.allSatisfy({ $0.values.count == vector.width && $0.layer >= 0 }) {
          Issue.record("a vector that was not checked")
        }
      } catch {
        refused += 1
        if error.description.isEmpty { Issue.record("an error without a message") }
      }
    }
    #expect(read > count / 50)
    #expect(refused > count / 4)
  }
}
