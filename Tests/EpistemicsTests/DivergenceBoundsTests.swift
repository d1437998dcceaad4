import Activations
import ArrayFiles
import Epistemics
import LinearAlgebra
import Optimization
import TestSupport
import Testing

/// What `Golden/generate_feature_gaps.py` wrote into `divergence_bounds.json`.
private struct BoundsGolden: Decodable {
  struct Inputs: Decodable {
    var unembedding: [[Double]]
    var idealState: [Double]
    var state: [Double]
  }

  struct Outputs: Decodable {
    var total: Double
    var aleatoric: Double
    var divergence: Double
    var range: Double
    var hoeffding: Double
    var rowNorm: Double
    var spectral: Double
  }

  var inputs: Inputs
  var outputs: Outputs
}

@Suite struct DivergenceBoundsTests {
  private func single(_ values: [Double]) -> [Float] { values.map { Float($0) } }

  private func isClose(_ value: Double?, _ expected: Double, _ tolerance: Double) -> Bool {
    abs((value ?? .nan) - expected) <= tolerance * abs(expected)
  }

  /// Oracle: NumPy and SciPy in float64; 1e-12 for closed forms, 1e-9 for the spectral norm.
  @Test func theChainIsThatOfSciPy() throws {
    let golden = try goldenFile("divergence_bounds.json", as: BoundsGolden.self)
    let unembedding = try Unembedding(Matrix(rows: golden.inputs.unembedding.map(single)))
    let bounds = try DivergenceBounds.measure(
      idealStates: Matrix(rows: [single(golden.inputs.idealState)]),
      states: Matrix(rows: [single(golden.inputs.state)]), unembedding: unembedding,
      norms: UnembeddingNorms(of: unembedding))[0]
    let expected = golden.outputs
    #expect(isClose(bounds.totalUncertainty, expected.total, 1e-12))
    #expect(isClose(bounds.aleatoricUncertainty, expected.aleatoric, 1e-12))
    #expect(isClose(bounds.divergence, expected.divergence, 1e-12))
    #expect(isClose(bounds.logitRange, expected.range, 1e-12))
    #expect(isClose(bounds.hoeffdingBound, expected.hoeffding, 1e-12))
    #expect(isClose(bounds.smallestBound, expected.hoeffding, 1e-12))
    #expect(isClose(bounds.rowNormBound, expected.rowNorm, 1e-12))
    #expect(isClose(bounds.spectralBound, expected.spectral, 1e-9))
    // The specification's numbers, of states that were not rounded to float32.
    #expect(abs(bounds.divergence - 0.456812) < 5.1e-7 + 1e-7)
    #expect(abs(bounds.totalUncertainty - 2.399866) < 5.1e-7 + 1e-7)
  }

  private func check(_ bounds: DivergenceBounds, _ message: String) {
    // Each is computed by itself; a few hundred roundings of its own size are all that may be missing.
    let rounding = 1 + 1e-12
    #expect(bounds.divergence >= 0 && bounds.aleatoricUncertainty >= 0, "\(message)")
    #expect(bounds.divergence <= bounds.logitRange * rounding, "\(message)")
    #expect(bounds.divergence <= bounds.hoeffdingBound * rounding + 1e-300, "\(message)")
    #expect(bounds.divergence <= bounds.smallestBound * rounding + 1e-300, "\(message)")
    if let row = bounds.rowNormBound, let spectral = bounds.spectralBound {
      #expect(bounds.logitRange <= row * rounding, "\(message)")
      #expect(row <= spectral * rounding, "\(message)")
    }
    #expect(
      bounds.totalUncertainty == bounds.aleatoricUncertainty + bounds.divergence, "\(message)")
  }

  /// Oracle: the chain of inequalities.
  ///
  /// Distances reach from rounding to where the softmax is one token.
  @Test func everyBoundHoldsOnTenThousandRandomCases() throws {
    var generator = SeededGenerator(seed: 1, stream: 8)
    for number in 0..<400 {
      let vocabularySize = 2 + generator.nextIndex(below: 30)
      let width = 1 + generator.nextIndex(below: 8)
      let scale = Float(pow10(generator.nextUniform() * 3 - 1.5))
      func normals(_ rows: Int, _ size: Float) -> Matrix<Float> {
        Matrix(rowCount: rows, columnCount: width) { _, _ in size * Float(generator.nextNormal()) }
      }
      let unembedding = try Unembedding(normals(vocabularySize, 1))
      let ideal = normals(25, scale)
      var states = ideal
      for token in 0..<25 {
        let size = Float(pow10(generator.nextUniform() * 10 - 8))
        for column in 0..<width { states[token, column] += size * Float(generator.nextNormal()) }
      }
      let norms = try UnembeddingNorms(of: unembedding)
      let bounds = try DivergenceBounds.measure(
        idealStates: ideal, states: states, unembedding: unembedding, norms: norms)
      for (token, own) in bounds.enumerated() { check(own, "case \(number), token \(token)") }
    }
  }

  @Test func everyBoundHoldsForRandomLogits() throws {
    var generator = SeededGenerator(seed: 2, stream: 8)
    for number in 0..<2000 {
      let count = 2 + generator.nextIndex(below: 20)
      let sizes = (0..<2).map { _ in pow10(generator.nextUniform() * 12 - 9) }
      let ideal = (0..<count).map { _ in 3 * generator.nextNormal() }
      let logits = ideal.map { $0 + sizes[0] * generator.nextNormal() + sizes[1] }
      check(try DivergenceBounds(idealLogits: ideal, logits: logits), "case \(number)")
    }
  }

  @Test func equalStatesHaveNoDivergence() throws {
    let bounds = try DivergenceBounds(idealLogits: [1, 2, 3], logits: [1, 2, 3])
    #expect(bounds.divergence == 0 && bounds.logitRange == 0 && bounds.smallestBound == 0)
    #expect(bounds.totalUncertainty == bounds.aleatoricUncertainty)
    let unembedding = try Unembedding(Matrix(rows: [[1, 2], [0, 1], [3, -1]]))
    let states = Matrix<Float>(rows: [[0.5, 0.25]])
    let same = try DivergenceBounds.measure(
      idealStates: states, states: states, unembedding: unembedding,
      norms: UnembeddingNorms(of: unembedding))[0]
    #expect(same.divergence == 0 && same.rowNormBound == 0 && same.spectralBound == 0)
  }

  /// Oracle: of two tokens with log-odds a* and a, KL = p* (a* − a) − ln(1 + e^a*) + ln(1 + e^a), whose series in small
  /// a* − a = s is p*(1 − p*) s²/2 · (1 − (1 − 2 p*) s/3 + …).
  @Test func twoTokensHaveTheDivergenceOfTwoCoins() throws {
    let share = 0.7310585786300049
    for step in [1e-2, 1e-4, 1e-7, 1e-12] {
      let bounds = try DivergenceBounds(idealLogits: [1, 0], logits: [1 - step, 0])
      let realStep = 1 - (1 - step)
      let series =
        share * (1 - share) * realStep * realStep / 2 * (1 - (1 - 2 * share) * realStep / 3)
      #expect(isClose(bounds.divergence, series, max(1e-13, step * step)))
    }
    let far = try DivergenceBounds(idealLogits: [2, 0], logits: [-1, 0])
    let expected = 0.8807970779778823 * 3 - 2.1269280110429727 + 0.31326168751822286
    #expect(isClose(far.divergence, expected, 1e-14))
  }

  @Test func extremeLogitsStayFinite() throws {
    let bounds = try DivergenceBounds(idealLogits: [2000, 0, -5], logits: [0, 2000, 5])
    #expect(abs(bounds.divergence - 2000) < 1e-9 && bounds.aleatoricUncertainty == 0)
    #expect(bounds.logitRange == 4000 && bounds.smallestBound == 4000)
    let far = try DivergenceBounds(
      idealLogits: [1e6, 1e6 + 1, 0], logits: [-1e6, -1e6 + 1, -2e6])
    #expect(far.divergence == 0 && isClose(far.aleatoricUncertainty, 0.5822032, 1e-6))
  }

  /// A constant added to logits changes nothing; a vocabulary read in chunks is one.
  @Test func chunksAndConstantsChangeNothing() throws {
    var generator = SeededGenerator(seed: 3, stream: 8)
    let weights = Matrix<Float>(rowCount: 1300, columnCount: 5) { row, _ in
      // The largest logits come last, so that earlier sums are rescaled.
      Float(generator.nextNormal()) * (1 + Float(row) / 300)
    }
    let unembedding = try Unembedding(weights)
    for size in [0.01, 1] as [Float] {
      let states = Matrix<Float>(rowCount: 3, columnCount: 5) { _, _ in
        Float(generator.nextNormal())
      }
      let ideal = Matrix<Float>(rowCount: 3, columnCount: 5) { row, column in
        states[row, column] + size * Float(generator.nextNormal())
      }
      let streamed = try DivergenceBounds.measure(
        idealStates: ideal, states: states, unembedding: unembedding)
      for token in 0..<3 {
        func logits(_ matrix: Matrix<Float>, plus constant: Double) -> [Double] {
          let state = matrix.row(token).map { Double($0) }
          return (0..<1300).map { row in
            zip(weights.row(row), state).reduce(constant) { $0 + Double($1.0) * $1.1 }
          }
        }
        let whole = try DivergenceBounds(
          idealLogits: logits(ideal, plus: 0), logits: logits(states, plus: 7))
        #expect(isClose(streamed[token].divergence, whole.divergence, 1e-9))
        #expect(
          isClose(streamed[token].aleatoricUncertainty, whole.aleatoricUncertainty, 1e-12))
        #expect(isClose(streamed[token].logitRange, whole.logitRange, 1e-10))
        #expect(streamed[token].rowNormBound == nil && whole.spectralBound == nil)
      }
    }
  }

  /// Oracle: the norms of a diagonal matrix are its largest entry, and ‖W‖₂ of equal rows is √V times their length.
  @Test func normsAreThoseOfKnownMatrices() throws {
    let diagonal = try UnembeddingNorms(
      of: Unembedding(Matrix(rows: [[3, 0], [0, -4], [0, 0]])))
    #expect(isClose(diagonal.largestRowNorm, 4, 1e-15) && isClose(diagonal.spectralNorm, 4, 1e-15))
    let equal = try UnembeddingNorms(
      of: Unembedding(Matrix<Float>(rowCount: 900, columnCount: 4, repeating: 0.5)))
    #expect(isClose(equal.largestRowNorm, 1, 1e-15) && isClose(equal.spectralNorm, 30, 1e-12))
  }

  @Test func aDumpsUnembeddingIsRead() throws {
    let folder = try TemporaryFolder()
    try NPYWriter.write(
      try ArrayContents([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2]),
      to: folder.file("unembedding.npy"))
    try NPYWriter.write(
      try ArrayContents([1, 2] as [Float], shape: [1, 2]), to: folder.file("states.npy"))
    let manifest = DumpManifest(
      model: .init(name: "x"),
      arrays: [
        .activations: .array(ArrayReference(file: "states.npy", axes: [.sample, .width])),
        .unembedding: .array(
          ArrayReference(file: "unembedding.npy", axes: [.vocabulary, .width])),
      ])
    try AtomicFile.write(Array(manifest.jsonText.utf8), to: folder.file("dump.json"))
    let unembedding = try Unembedding(try ActivationDump.open(folder.path))
    let direct = try Unembedding(Matrix(rows: [[1, 2], [3, 4], [5, 6]]))
    #expect(try UnembeddingNorms(of: unembedding) == UnembeddingNorms(of: direct))
  }

  @Test func whatCannotBeComparedIsRefused() throws {
    #expect(throws: EpistemicsError.self) { try DivergenceBounds(idealLogits: [1], logits: [1]) }
    #expect(throws: EpistemicsError.self) {
      try DivergenceBounds(idealLogits: [1, 2], logits: [1, 2, 3])
    }
    #expect(throws: EpistemicsError.notFinite(what: "the logits", row: 0, column: 1)) {
      try DivergenceBounds(idealLogits: [1, 2], logits: [1, .nan])
    }
    let unembedding = try Unembedding(Matrix(rows: [[1, 2], [0, 1], [3, -1]]))
    let states = Matrix<Float>(rows: [[1, 2]])
    for other in [Matrix<Float>(rows: [[1, 2, 3]]), Matrix(rows: [[1, 2], [1, 2]])] {
      #expect(throws: EpistemicsError.self) {
        try DivergenceBounds.measure(
          idealStates: states, states: other, unembedding: unembedding)
      }
    }
    #expect(throws: EpistemicsError.self) {
      try DivergenceBounds.measure(
        idealStates: states, states: Matrix(rows: [[1, .infinity]]), unembedding: unembedding)
    }
    #expect(throws: EpistemicsError.self) { try Unembedding(Matrix(rows: [[1, .nan], [1, 2]])) }
    #expect(throws: EpistemicsError.self) { try Unembedding(Matrix(rows: [[1, 2]])) }
  }

  private func pow10(_ exponent: Double) -> Double {
    var result = 1.0
    for _ in 0..<Int(abs(exponent) * 8) {
      result *= exponent < 0 ? 0.7498942093324559 : 1.333521432163324
    }
    return result
  }
}
