import Activations
import AlignmentQuality
import Evaluation
import LinearAlgebra
import Studies
import TestSupport
import Testing

/// Pairs with several wordings, in groups, of which half are chosen: rows, samples and points all differ.
private struct WordedDump {
  static let sampleCount = 40
  static let wordingCount = 3
  static let layerCount = 3
  let folder: TemporaryFolder
  let dump: ActivationDump

  init(groupCount: Int = 10) throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    let axes: [Axis] = [.sample, .variant, .layer, .width]
    let extents: [Axis: Int] = [
      .sample: Self.sampleCount, .variant: Self.wordingCount, .layer: Self.layerCount, .width: 4,
    ]
    for (name, side) in [("positive", 1), ("negative", 0)] {
      try StoredArray(extents: extents) { Self.value($0, side: side) }
        .write(.init(axes: axes), to: folder.file(name + ".npy"))
    }
    // The halves of a category are not neighbours, and have the classes in different shares.
    let columns: [(String, (Int) -> Int)] = [
      ("labels", { Self.label($0) }), ("groups", { $0 % groupCount }),
      ("categories", { $0 % 5 < 3 ? 1 : 0 }),
    ]
    for (name, value) in columns {
      try StoredArray(extents: [.sample: Self.sampleCount]) { Float(value($0[.sample] ?? 0)) }
        .write(.init(axes: [.sample]), to: folder.file(name + ".npy"))
    }
    let roles: [(ArrayRole, String)] = [
      (.positive, "positive"), (.negative, "negative"), (.labels, "labels"), (.groups, "groups"),
      (.categories, "categories"),
    ]
    dump = try ActivationDump.open(
      DumpArguments(
        files: Dictionary(uniqueKeysWithValues: roles.map { ($0, folder.file($1 + ".npy")) }),
        axes: axes))
  }

  private static func label(_ sample: Int) -> Int { sample % 11 < 5 ? 1 : 0 }

  /// From 0 to 1 without a pattern, and more of a class's mean at each later layer.
  private static func value(_ place: [Axis: Int], side: Int) -> Float {
    let sample = place[.sample] ?? 0
    let layer = place[.layer] ?? 0
    let column = place[.width] ?? 0
    let row = UInt64((sample * wordingCount + (place[.variant] ?? 0)) * layerCount + layer)
    var generator = TestGenerator(seed: (row * 4 + UInt64(column)) * 2 + UInt64(side))
    let isShifted = column == layer && label(sample) == 1
    return Float.random(in: 0...1, using: &generator) * (side == 1 ? 1 : 0.5)
      + (isShifted ? 0.25 * Float(layer) : 0)
  }

  var chosen: SampleSelection {
    get throws { try SampleSelection(dump, where: "category", is: "1") }
  }

  func experiment(_ index: any ClusterIndex = DaviesBouldinIndex()) throws -> QualityExperiment {
    var experiment = QualityExperiment(dump: dump, indices: [index])
    experiment.selection = try chosen
    experiment.permutationCount = 0
    return experiment
  }

  /// The chosen pairs as the dump reads them.
  func pairs(layer: Int) throws -> ContrastPairs {
    try dump.contrastPairs(layer: layer, rows: try chosen.samples)
  }
}

/// The oracle is the same measure on matrices of the chosen pairs.
@Suite struct QualityPointsTests {
  private static let layers = Array(0..<WordedDump.layerCount)

  /// Points by selection and wording, to the rounding of a few hundred sums.
  private func agree(_ value: Double?, _ expected: Double) throws -> Bool {
    abs(try #require(value) - expected) <= 1e-11 * abs(expected)
  }

  @Test(arguments: [PointChoice.Activations.positive, .negative, .difference])
  func everyWordingOfAChosenSampleIsAPoint(choice: PointChoice.Activations) throws {
    let worded = try WordedDump()
    var experiment = try worded.experiment()
    experiment.points = PointChoice(activations: choice)
    let cells = try experiment.run().cells
    #expect(cells.map(\.layer) == Self.layers)
    for cell in cells {
      let pairs = try worded.pairs(layer: try #require(cell.layer))
      let rows =
        switch choice {
        case .positive: pairs.positive
        case .negative: pairs.negative
        default: pairs.differences
        }
      let points = try LabelledPoints(rows, labels: try #require(pairs.labels))
      let expected = try DaviesBouldinIndex().value(of: points).doubleValue
      #expect(try agree(cell.measurement.value.finiteValue, expected))
      #expect(cell.measurement.sampleCount == 24 * WordedDump.wordingCount)
      #expect(cell.measurement.groupCount == 6)
    }
  }

  /// Both sides differ in spread, so that exchanged names would show.
  @Test func positiveSidesAreClassOne() throws {
    let worded = try WordedDump()
    var experiment = try worded.experiment(AlignmentQualityIndex())
    experiment.points = PointChoice(classes: .sides)
    for cell in try experiment.run().cells {
      let pairs = try worded.pairs(layer: try #require(cell.layer))
      for (number, side) in [pairs.negative, pairs.positive].enumerated() {
        let labels = [Int](repeating: 0, count: side.rowCount)
        let scatter = try ClusterMeasurer.measure(
          try LabelledPoints(side, labels: labels), [.scatter]
        ).scatter
        let detail = cell.details.first { $0.metric == "scatter-of-class-\(number)" }
        #expect(try agree(detail?.value.finiteValue, scatter.within))
      }
    }
  }

  @Test func layersAreComparedOnTheChosenPoints() throws {
    let worded = try WordedDump()
    var experiment = try worded.experiment()
    experiment.measuresGeometry = true
    let cells = try experiment.run().cells
    let sides = try Self.layers.map { try worded.pairs(layer: $0).positive }
    let expected = try CenteredKernelAlignment().alignment(
      of: try sides.map { try MatrixPoints($0) })
    let compared = cells.filter { $0.name.identifier == CenteredKernelAlignment.identifier }
    #expect(compared.count == 6)
    for first in Self.layers {
      for second in Self.layers where second != first {
        let cell = compared.first { $0.layer == first && $0.category == "layer \(second)" }
        #expect(try agree(cell?.measurement.value.finiteValue, expected.matrix[first, second]))
      }
    }
    let ratios = cells.filter { $0.name.identifier == ParticipationRatio.identifier }
    #expect(ratios.map(\.layer) == Self.layers)
    for (cell, side) in zip(ratios, sides) {
      let labels = [Int](repeating: 0, count: side.rowCount)
      let expected = try ParticipationRatio().value(of: try LabelledPoints(side, labels: labels))
      #expect(try agree(cell.measurement.value.finiteValue, expected.doubleValue))
    }
  }

  /// The weights on all points do not depend on folds.
  @Test func layersArePooledOnTheChosenPoints() throws {
    let worded = try WordedDump()
    var experiment = try worded.experiment()
    experiment.pooling = .simplex
    let records = try experiment.run().records(study: nil, analysis: nil)
    let weights = records.filter { $0.metric == "weight" }.sorted { $0.layer ?? 0 < $1.layer ?? 0 }
    let pairs = try Self.layers.map { try worded.pairs(layer: $0) }
    let points = try LayeredPoints(
      pairs.map(\.positive), labels: try #require(pairs[0].labels), groups: pairs[0].groups)
    let expected = try CrossValidatedPooling(points, seed: 9).crossValidate(.simplex).weights
    #expect(Set(expected).count > 1 && weights.count == 3)
    for (record, expected) in zip(weights, expected) {
      #expect(abs(try #require(record.estimate) - expected) < 1e-6)
    }
  }

  /// Two groups can be parted in one way only, whatever the seed.
  @Test func twoGroupsMakeTheirOwnFolds() throws {
    let worded = try WordedDump(groupCount: 2)
    var experiment = try worded.experiment()
    experiment.pooling = .simplex
    let records = try experiment.run().records(study: nil, analysis: nil)
    let heldOut = try #require(records.first { $0.metric == "held-out-separation" }?.estimate)
    let pairs = try Self.layers.map { try worded.pairs(layer: $0) }
    let points = try LayeredPoints(
      pairs.map(\.positive), labels: try #require(pairs[0].labels), groups: pairs[0].groups)
    let expected = try CrossValidatedPooling(points, folds: 2, seed: 9).crossValidate(.simplex)
    let value = try #require(expected.heldOut.finiteValue)
    #expect(abs(heldOut - value) <= 1e-6 * abs(value))
  }

  /// Samples of one group are in one fold, so that four groups make four folds of the usual five.
  @Test func fewGroupsMakeFewerFolds() throws {
    var experiment = try WordedDump(groupCount: 4).experiment()
    experiment.pooling = .simplex
    let outcome = try experiment.run()
    #expect(outcome.warnings == [])
    let lines = outcome.lines(style: .plain, explains: true)
    #expect(lines.contains { $0.contains("the mean over 4 folds") })
  }
}
