import Activations
import Epistemics
import LinearAlgebra
import Optimization

/// Answers whose correctness follows how far their states lie along a few hidden directions, and contrasts that
/// vary along the same directions.
struct PlantedFeatures {
  static let names = ["context-comprehension", "context-reliance", "honesty"]

  var trainingCount = 80
  var validationCount = 120
  var testCount = 200
  var width = 40
  var layerCount = 6
  /// The layer where the gaps are largest; they fall to a quarter with each layer away from it.
  var plantedLayer = 4
  /// How much a unit of gap moves a state there, against noise of 1 for each feature.
  var strength = 2.0
  /// How much of what makes an answer correct is the gaps; 0 plants nothing.
  var effect = 2.0
  /// Every so many answers one is not attempted; 0 for none.
  var skipping = 0

  struct Drawn {
    var contrasts: [(name: String, pairs: [ContrastPairs])]
    var validation: [Matrix<Float>]
    var validationLabels: [Int]
    var test: [Matrix<Float>]
    var testLabels: [Int]
    /// (features, width), orthonormal.
    var directions: [[Double]]
  }

  func draw(seed: UInt64) throws -> Drawn {
    var generator = SeededGenerator(seed: 4711, stream: seed)
    // Orthonormal: signs of three columns of a Hadamard matrix, over the root of their number.
    let directions = (0..<Self.names.count).map { feature in
      (0..<width).map { column in
        column < 32
          ? ((column & (1 << feature)).nonzeroBitCount == 1 ? -1 : 1) / 32.0.squareRoot() : 0
      }
    }
    let contrasts = try Self.names.indices.map { feature in
      let pairs = try (0..<layerCount).map { layer in
        try self.pairs(along: directions[feature], at: layer, &generator)
      }
      return (name: Self.names[feature], pairs: pairs)
    }
    let validation = answers(validationCount, along: directions, &generator)
    let test = answers(testCount, along: directions, &generator)
    return Drawn(
      contrasts: contrasts, validation: validation.layers, validationLabels: validation.labels,
      test: test.layers, testLabels: test.labels, directions: directions)
  }

  private func share(of layer: Int) -> Double {
    (0..<abs(layer - plantedLayer)).reduce(1) { share, _ in share / 4 }
  }

  private func pairs(
    along direction: [Double], at layer: Int, _ generator: inout SeededGenerator
  ) throws -> ContrastPairs {
    var sides: [[[Float]]] = [[], []]
    let offset = (0..<width).map { _ in 0.3 * generator.nextNormal() }
    for _ in 0..<trainingCount {
      let amount = 2 * strength * generator.nextNormal()
      let middle = (0..<width).map { _ in generator.nextNormal() }
      let step = (0..<width).map {
        offset[$0] + amount * direction[$0] + 0.3 * generator.nextNormal()
      }
      sides[0].append(zip(middle, step).map { Float($0 + $1 / 2) })
      sides[1].append(zip(middle, step).map { Float($0 - $1 / 2) })
    }
    return try ContrastPairs(positive: Matrix(rows: sides[0]), negative: Matrix(rows: sides[1]))
  }

  private func answers(
    _ count: Int, along directions: [[Double]], _ generator: inout SeededGenerator
  ) -> (layers: [Matrix<Float>], labels: [Int]) {
    var labels: [Int] = []
    var layers = [[[Float]]](repeating: [], count: layerCount)
    for answer in 0..<count {
      let gaps = directions.map { _ in generator.nextNormal() }
      let logit = effect * (gaps[0] - gaps[1] + gaps[2]) + generator.nextNormal()
      labels.append(logit > 0 ? 1 : 0)
      if skipping > 0, answer.isMultiple(of: skipping) { labels[answer] = -1 }
      for layer in 0..<layerCount {
        let size = strength * share(of: layer)
        layers[layer].append(
          (0..<width).map { column in
            let planted = zip(gaps, directions).reduce(0) { $0 + $1.0 * $1.1[column] }
            return Float(size * planted + generator.nextNormal())
          })
      }
    }
    return (layers.map { Matrix(rows: $0) }, labels)
  }
}

extension PlantedFeatures.Drawn {
  func featureContrasts(identifiers: [Int]? = nil) throws -> FeatureContrasts {
    try FeatureContrasts(contrasts, identifiers: identifiers)
  }

  func judgedValidation(identifiers: [Int]? = nil) throws -> JudgedAnswers {
    try JudgedAnswers(
      states: LayeredStates(validation), labels: validationLabels, identifiers: identifiers)
  }

  func judgedTest(identifiers: [Int]? = nil) throws -> JudgedAnswers {
    try JudgedAnswers(states: LayeredStates(test), labels: testLabels, identifiers: identifiers)
  }

  func fit(_ settings: FeatureGaps = .shallow) throws -> FittedFeatureGaps {
    try settings.fit(contrasts: featureContrasts(), validation: judgedValidation(), seed: 5)
  }

  func confidence(_ settings: FeatureGaps = .shallow) throws -> [Double] {
    try fit(settings).scores(of: LayeredStates(test)).confidence
  }

  /// The same data after a change of every state of both sides and of the answers.
  func mapped(
    contrasts change: ([Double]) -> [Double], answers answerChange: ([Double]) -> [Double]
  ) throws -> PlantedFeatures.Drawn {
    func changed(_ matrix: Matrix<Float>, _ change: ([Double]) -> [Double]) -> Matrix<Float> {
      Matrix(
        rows: (0..<matrix.rowCount).map { row in
          change(matrix.row(row).map { Double($0) }).map { Float($0) }
        })
    }
    var result = self
    result.contrasts = try contrasts.map { feature in
      let pairs = try feature.pairs.map {
        try ContrastPairs(
          positive: changed($0.positive, change), negative: changed($0.negative, change))
      }
      return (name: feature.name, pairs: pairs)
    }
    result.validation = validation.map { changed($0, answerChange) }
    result.test = test.map { changed($0, answerChange) }
    return result
  }

  func swapped() throws -> PlantedFeatures.Drawn {
    var result = self
    result.contrasts = try contrasts.map { feature in
      let pairs = try feature.pairs.map {
        try ContrastPairs(positive: $0.negative, negative: $0.positive)
      }
      return (name: feature.name, pairs: pairs)
    }
    return result
  }
}

extension FeatureGaps {
  /// For the few layers of planted data.
  static var shallow: FeatureGaps {
    var settings = FeatureGaps()
    settings.ignoredLayerCount = 1
    return settings
  }

  /// The same with one change.
  func with(_ change: (inout FeatureGaps) -> Void) -> FeatureGaps {
    var settings = self
    change(&settings)
    return settings
  }
}
