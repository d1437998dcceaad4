import ArrayFiles
import LinearAlgebra
import Steering
import Testing

/// Oracle: differences of means of a real model, published with the refusal direction, and what NumPy says of them.
@Suite struct PublishedVectorTests {
  private static let (positions, layers, width) = (5, 18, 2048)
  private let values: [Double]

  init() throws {
    let folder = "\(#filePath)".split(separator: "/").dropLast().joined(separator: "/")
    values = try ArrayFile.open("/\(folder)/Golden/gemma-2b-it_mean_diffs.npy").doubles()
  }

  /// The vector of a position counted from the end, −1 being the last, and the input of a block.
  private func vector(_ position: Int, _ layer: Int) -> [Double] {
    let first = ((Self.positions + position) * Self.layers + layer) * Self.width
    return Array(values[first..<(first + Self.width)])
  }

  private func norm(_ vector: [Double]) -> Double { euclideanNorm(vector.span) }

  @Test func normsAndCosinesAreNumPys() {
    let chosen = vector(-2, 10)
    #expect(abs(norm(chosen) / 10.064353277286578 - 1) < 1e-12)
    for (other, expected) in [
      (vector(-2, 11), 0.7643003869158164), (vector(-2, 9), 0.6865641933842184),
      (vector(-1, 10), 0.9364009042938554),
    ] {
      #expect(abs(cosine(chosen, other) / expected - 1) < 1e-12)
    }
    for (value, expected) in zip(chosen, [0.09754041, 0.03949568, 0.09052957]) {
      #expect(abs(value - expected) < 1e-8)
    }
  }

  /// To the four digits of the published table.
  @Test func normsGrowWithDepth() {
    let expected = [
      0, 2.0374, 1.8735, 1.3189, 1.4073, 1.6253, 1.8795, 3.1652, 4.0248, 5.1013, 10.0644, 14.9478,
      18.5474, 20.4259, 23.5562, 28.8522, 33.6415, 36.7236,
    ]
    for (layer, value) in expected.enumerated() {
      #expect(abs(norm(vector(-2, layer)) - value) < 5.1e-5)
    }
  }

  /// The same token at every prompt's end: its embeddings cannot differ, and no operation is along such a vector's
  /// rounding in earnest.
  @Test func embeddingsOfOneTokenDifferByRoundingOnly() {
    #expect(vector(-2, 0).allSatisfy { $0.magnitude < 1e-14 })
  }

  /// The published layer is the input of block 10, which is the output of block 9 counted from 0: direction.9.
  @Test func theChosenLayerHasItsNumberInEveryTool() throws {
    let layer = try LayerNumbering.refusalDirection.layer(of: 10)
    #expect(layer == 10)
    #expect(try LayerNumbering.llamaCpp.number(of: layer) == 9)
    #expect(try LayerNumbering.repeng.number(of: layer) == 9)
  }
}
