import Activations
import FoundationEssentials
import LinearAlgebra
import TestSupport
import Testing

@Suite struct ParameterTests {
  struct Fitted: Codable, Equatable {
    var name: String
    var weights: ParameterArray<Float>
    var layers: [ParameterArray<Double>]
    var bias: ParameterArray<Float>?
    var table: [String: ParameterArray<Float>]
  }

  static func draw(seed: UInt64) -> Fitted {
    var generator = TestGenerator(seed: seed)
    func floats(_ count: Int) -> [Float] {
      (0..<count).map { _ in
        let value = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
        return value.isFinite ? value : -0.0
      }
    }
    func doubles(_ count: Int) -> [Double] {
      (0..<count).map { _ in
        let value = Double(bitPattern: generator.next())
        return value.isFinite ? value : .leastNonzeroMagnitude
      }
    }
    return Fitted(
      name: "x", weights: ParameterArray(floats(60), shape: [4, 15]),
      layers: [ParameterArray(doubles(9)), ParameterArray(doubles(1), shape: [])],
      bias: seed.isMultiple(of: 2) ? ParameterArray(floats(3)) : nil,
      table: ["a.b": ParameterArray(floats(2)), "c/d": ParameterArray([Float]())])
  }

  static func bits(_ fitted: Fitted) -> [UInt64] {
    let floats =
      [fitted.weights] + (fitted.bias.map { [$0] } ?? [])
      + fitted.table.sorted {
        $0.key < $1.key
      }.map(\.value)
    return floats.flatMap { $0.values.map { UInt64($0.bitPattern) } }
      + fitted.layers.flatMap { $0.values.map(\.bitPattern) }
  }

  /// Random bit patterns: subnormals, −0 and the extremes among them.
  @Test(arguments: [false, true], 0..<40 as Range<UInt64>)
  func savingAndReadingReturnsEveryBit(isInline: Bool, seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let fitted = Self.draw(seed: seed)
    let path = folder.file("probe.json")
    try ParameterFile.write(fitted, kind: "test", to: path, isInline: isInline)
    let read = try ParameterFile.read(Fitted.self, kind: "test", from: path)
    #expect(read == fitted)
    #expect(Self.bits(read) == Self.bits(fitted))
    #expect(try ParameterFile.kind(of: path) == "test")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == (isInline ? ["probe.json"] : ["probe.json", "probe.safetensors"]))
  }

  @Test func savingAgainReplacesBothFiles() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("probe.json")
    for seed in 0..<5 as Range<UInt64> {
      try ParameterFile.write(Self.draw(seed: seed), kind: "test", to: path)
      #expect(try ParameterFile.read(Fitted.self, from: path) == Self.draw(seed: seed))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
    }
  }

  /// At each step of a save that is cut short, the old value is still whole.
  @Test func aSaveCutShortLeavesTheOldValue() throws {
    let folder = try TemporaryFolder()
    let other = try TemporaryFolder()
    let path = folder.file("probe.json")
    try ParameterFile.write(Self.draw(seed: 1), kind: "test", to: path)
    try ParameterFile.write(Self.draw(seed: 1), kind: "test", to: other.file("probe.json"))
    try ParameterFile.write(Self.draw(seed: 2), kind: "test", to: other.file("probe.json"))
    // The numbers of the second save have been written, its JSON has not.
    try FileManager.default.copyItem(
      atPath: other.file("probe.2.safetensors"), toPath: folder.file("probe.2.safetensors"))
    #expect(try ParameterFile.read(Fitted.self, from: path) == Self.draw(seed: 1))
  }

  /// A folder in the place of the JSON file stands for a disk that is full by then.
  @Test func aSaveThatFailsLeavesNoNumbersAndReplacesNone() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "probe.json/occupied")
    try folder.write("mine", to: "probe.safetensors")
    #expect(throws: ActivationsError.self) {
      try ParameterFile.write(Self.draw(seed: 1), kind: "test", to: folder.file("probe.json"))
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["probe.json", "probe.safetensors"])
    #expect(try Data(contentsOf: URL(filePath: folder.file("probe.safetensors"))).count == 4)
  }

  @Test func aSaveReplacesNumbersThatNothingRefersTo() throws {
    let folder = try TemporaryFolder()
    try folder.write("orphan", to: "probe.safetensors")
    let path = folder.file("probe.json")
    try ParameterFile.write(Self.draw(seed: 1), kind: "test", to: path)
    #expect(try ParameterFile.read(Fitted.self, from: path) == Self.draw(seed: 1))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
    #expect(Set(ParameterFile.paths(for: path)).count == 3)
  }

  @Test func numbersOfAnotherSaveAreRefused() throws {
    let folder = try TemporaryFolder()
    try ParameterFile.write(Self.draw(seed: 1), kind: "test", to: folder.file("a.json"))
    try ParameterFile.write(Self.draw(seed: 2), kind: "test", to: folder.file("b.json"))
    try FileManager.default.removeItem(atPath: folder.file("a.safetensors"))
    let missing = #expect(throws: ActivationsError.self) {
      try ParameterFile.read(Fitted.self, from: folder.file("a.json"))
    }
    #expect(missing?.category == .missingInput)
    try FileManager.default.copyItem(
      atPath: folder.file("b.safetensors"), toPath: folder.file("a.safetensors"))
    let error = #expect(throws: ActivationsError.self) {
      try ParameterFile.read(Fitted.self, from: folder.file("a.json"))
    }
    #expect(error?.description.contains("is not the file that was written with its JSON") == true)
  }

  @Test func anotherKindIsRefused() throws {
    let folder = try TemporaryFolder()
    try ParameterFile.write(Self.draw(seed: 1), kind: "one", to: folder.file("a.json"))
    let error = #expect(throws: ActivationsError.self) {
      try ParameterFile.read(Fitted.self, kind: "two", from: folder.file("a.json"))
    }
    #expect(error?.description.hasSuffix("holds a one, expected a two") == true)
  }

  @Test(arguments: [false, true])
  func nonFiniteParametersAreNotSaved(isInline: Bool) throws {
    let folder = try TemporaryFolder()
    var fitted = Self.draw(seed: 1)
    fitted.bias = ParameterArray([1, .nan])
    let error = #expect(throws: ActivationsError.self) {
      try ParameterFile.write(fitted, kind: "x", to: folder.file("a.json"), isInline: isInline)
    }
    #expect(error?.description.contains("value.bias: a parameter is not finite") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func shapesThatDoNotFitAreRefused() {
    for text in [
      #"{"shape": [2, 2], "values": [1, 2, 3]}"#, #"{"shape": [-1], "values": []}"#,
      #"{"shape": [4611686018427387904, 4], "values": []}"#, #"{"tensor": "x"}"#,
    ] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(ParameterArray<Float>.self, from: Data(text.utf8))
      }
    }
  }
}
