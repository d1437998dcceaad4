internal import Activations
internal import LinearAlgebra
internal import Optimization

extension ContrastConsistentSearch {
  /// The starting weights of every try.
  ///
  /// Each try draws from a stream of its own, named by the layer and the try, so that one layer or one
  /// try alone is the same as in a sweep.
  ///
  /// - Parameters:
  ///   - pairs: The normalised training pairs, which only a principal-component start reads.
  ///   - seed: The seed of the run.
  ///   - layer: The layer's number.
  /// - Returns: All tries' weights, stacked.
  /// - Throws: ``ProbeError/noDirection(method:reason:)`` if there is no principal component.
  func initialNetwork(_ pairs: ContrastPairs, seed: UInt64, layer: Int) throws(ProbeError)
    -> ProbeNetwork
  {
    let width = pairs.width
    if initialization == .principalComponent {
      let direction = try LeadingComponent.direction(of: pairs.differences)
      return ProbeNetwork(
        architecture: .linear, tryCount: 1, width: width,
        parameters: [
          Matrix(rowCount: 1, columnCount: width, elements: direction),
          Matrix(rowCount: 1, columnCount: 1),
        ])
    }
    let networks = (0..<tries).map { attempt in
      var generator = SeededGenerator(
        seed: seed, stream: RandomPurpose.initialization.rawValue, UInt64(layer), UInt64(attempt))
      return ProbeNetwork(
        architecture: network, tryCount: 1, width: width,
        parameters: drawParameters(width: width, using: &generator))
    }
    return .stacking(networks)
  }

  /// The start of given weights.
  ///
  /// - Parameters:
  ///   - weights: One start a row, (tries, d + 1), the bias last.
  ///   - width: d.
  ///   - method: The name for errors of the method that is fitted.
  /// - Returns: All tries' weights, stacked.
  /// - Throws: ``ProbeError/invalidSetting(method:name:value:expected:)`` for another shape, or a probe that
  ///   is not linear.
  func initialNetwork(weights: Matrix<Float>, width: Int, method: String) throws(ProbeError)
    -> ProbeNetwork
  {
    guard probe == .linear, weights.rowCount == tries, weights.columnCount == width + 1 else {
      throw .invalidSetting(
        method: method, name: "initialWeights",
        value: "of shape (\(weights.rowCount), \(weights.columnCount))",
        expected: "shape (\(tries), \(width + 1)) for a linear probe, the bias last")
    }
    return ProbeNetwork(
      architecture: .linear, tryCount: tries, width: width,
      parameters: [
        Matrix(weights.view.columns(0..<width)),
        Matrix(rowCount: 1, columnCount: tries, elements: weights.column(width)),
      ])
  }

  /// Draws the layers of one try, each as a (units, inputs) weight matrix and its biases.
  private func drawParameters(width: Int, using generator: inout SeededGenerator)
    -> [Matrix<Float>]
  {
    switch network {
    case .linear:
      return drawLayer(unitCount: 1, inputCount: width, using: &generator)
    case .multilayer(let hiddenWidth):
      return drawLayer(unitCount: hiddenWidth, inputCount: width, using: &generator)
        + drawLayer(unitCount: 1, inputCount: hiddenWidth, using: &generator)
    }
  }

  private func drawLayer(
    unitCount: Int, inputCount: Int, using generator: inout SeededGenerator
  ) -> [Matrix<Float>] {
    let bound = 1 / Double(max(inputCount, 1)).squareRoot()
    var weights: [Float] = []
    var biases: [Float] = []
    for _ in 0..<unitCount {
      var unit: [Double]
      switch initialization {
      case .uniformLinear, .principalComponent:
        unit = (0...inputCount).map { _ in (2 * generator.nextUniform() - 1) * bound }
      case .spherical:
        unit = (0...inputCount).map { _ in generator.nextNormal() }
        let norm = unit.reduce(0) { $0 + $1 * $1 }.squareRoot()
        if norm > 0 { unit = unit.map { $0 / norm } }
      case .truncatedNormal:
        unit = (0..<inputCount).map { _ in generator.nextTruncatedNormal(deviation: bound, limit: 2)
        }
        unit.append(0)
      }
      biases.append(Float(unit.removeLast()))
      weights += unit.map { Float($0) }
    }
    return [
      Matrix(rowCount: unitCount, columnCount: inputCount, elements: weights),
      Matrix(rowCount: 1, columnCount: unitCount, elements: biases),
    ]
  }
}

extension SeededGenerator {
  /// A normal number of the given deviation, drawn again until it lies within ±`limit`.
  fileprivate mutating func nextTruncatedNormal(deviation: Double, limit: Double) -> Double {
    while true {
      let value = nextNormal() * deviation
      if abs(value) <= limit { return value }
    }
  }
}
