import AlignmentQuality
import TestSupport
import Testing

@Suite struct PoolingSimplexMapTests {
  static let maps: [SimplexMap] = [
    .softmax, .sparsemax, .entmax(alpha: 1), .entmax(alpha: 1.2), .entmax(alpha: 1.5),
    .entmax(alpha: 2),
  ]
  static let scores = [0.3, -1.2, 1.1, 0.9, -0.4, 1.05]

  /// k = 2, τ = .4 by hand.
  @Test func sparsemaxByHand() throws {
    let weights = try SimplexMap.sparsemax.weights(of: [1, 0.8, 0.1])
    #expect(Tolerance.largestDifference(weights, [0.6, 0.4, 0]) < 1e-15)
    #expect(weights[2] == 0)
  }

  @Test func mapsAgreeWithFortyDigits() throws {
    let golden = try PoolingGolden.read().maps
    for entry in golden.cases {
      let weights =
        entry.map == "softmax"
        ? try SimplexMap.softmax.weights(of: golden.scores, temperature: entry.parameter)
        : try SimplexMap.entmax(alpha: entry.parameter).weights(of: golden.scores)
      #expect(Tolerance.largestDifference(weights, entry.weights) < 1e-14, "\(entry)")
    }
  }

  @Test func entmaxEndsInSoftmaxAndSparsemax() throws {
    let soft = try SimplexMap.softmax.weights(of: Self.scores)
    let sparse = try SimplexMap.sparsemax.weights(of: Self.scores)
    #expect(try SimplexMap.entmax(alpha: 1).weights(of: Self.scores) == soft)
    // The weights differ from softmax by about (α − 1) z²/2.
    let near = try SimplexMap.entmax(alpha: 1 + 1e-10).weights(of: Self.scores)
    #expect(Tolerance.largestDifference(near, soft) < 1e-9)
    let atTwo = try SimplexMap.entmax(alpha: 2).weights(of: Self.scores)
    #expect(Tolerance.largestDifference(atTwo, sparse) < 1e-15)
    #expect(Tolerance.largestDifference(soft, sparse) > 0.05)
  }

  @Test(arguments: maps) func weightsLieOnTheSimplex(map: SimplexMap) throws {
    for count in [1, 2, 3, 80] {
      let scores = PoolingSamples.uniforms(count, in: -30...30, seed: UInt64(count))
      let weights = try map.weights(of: scores, temperature: 7)
      #expect(weights.allSatisfy { $0 >= 0 })
      #expect(abs(weights.reduce(0, +) - 1) < 1e-12)
      for (one, other) in zip(scores, weights).sorted(by: { $0.0 < $1.0 }).adjacent {
        #expect(one.1 <= other.1)
      }
    }
    #expect(try map.weights(of: [-1e308, 1e308]) == [0, 1])
  }

  @Test(arguments: maps) func tiesShareAndShiftsDoNotMatter(map: SimplexMap) throws {
    let weights = try map.weights(of: [0.5, 0.75, 0.75, 0.5])
    #expect(weights[1] == weights[2] && weights[0] == weights[3])
    // Sums with 1024 are exact here.
    #expect(try map.weights(of: [1024.5, 1024.75, 1024.75, 1024.5]) == weights)
    let equal = try map.weights(of: [3, 3, 3, 3])
    #expect(Tolerance.largestDifference(equal, [0.25, 0.25, 0.25, 0.25]) < 1e-15)
  }

  @Test(arguments: maps) func pullbackIsTheDerivative(map: SimplexMap) throws {
    let gradient = [0.7, -0.2, 1.3, 0.4, -2, 0.1]
    let (temperature, step) = (0.8, 1e-6)
    let weights = try map.weights(of: Self.scores, temperature: temperature)
    let pulled = map.pullback(gradient, at: weights, temperature: temperature)
    for place in Self.scores.indices {
      func value(_ change: Double) throws -> Double {
        var moved = Self.scores
        moved[place] += change
        return zip(gradient, try map.weights(of: moved, temperature: temperature)).reduce(0) {
          $0 + $1.0 * $1.1
        }
      }
      let slope = (try value(step) - value(-step)) / (2 * step)
      #expect(abs(pulled[place] - slope) < 1e-7, "\(map) \(place)")
    }
    #expect(pulled.contains { abs($0) > 0.1 })
  }

  /// The variational inequality ⟨z − p, q − p⟩ ≤ 0 for all q of the simplex defines the projection.
  @Test func sparsemaxIsTheNearestPoint() throws {
    for seed in 0..<20 {
      let scores = PoolingSamples.uniforms(7, in: -1...1.5, seed: UInt64(seed))
      let weights = try SimplexMap.sparsemax.weights(of: scores)
      let residual = zip(scores, weights).map { $0 - $1 }
      let own = zip(residual, weights).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(residual.allSatisfy { $0 - own < 1e-14 })
    }
  }

  @Test func badScoresAreRefused() throws {
    for (map, scores, temperature, part) in [
      (SimplexMap.softmax, [], 1.0, "empty"), (.sparsemax, [1, .nan], 1, "nan at position 1"),
      (.softmax, [.infinity], 1, "inf at position 0"), (.softmax, [1], 0, "temperature is 0.0"),
      (.entmax(alpha: 2.5), [1], 1, "from 1 (softmax) to 2"),
      (.entmax(alpha: .nan), [1], 1, "alpha"),
    ] {
      let error = #expect(throws: AlignmentQualityError.self) {
        try map.weights(of: scores, temperature: temperature)
      }
      #expect(error?.description.contains(part) == true, "\(String(describing: error))")
    }
  }
}

extension Array {
  fileprivate var adjacent: Zip2Sequence<Self, SubSequence> { zip(self, dropFirst()) }
}
