import Activations
import Evaluation
import Probes
import Studies
import TestSupport
import Testing

/// Polarity-aware probes in an experiment: intervals, chance, controls and what a split leaves of the pairs.
@Suite struct PolarityExperimentTests {
  private func quick() -> PolarityAwareCCS {
    var probe = PolarityAwareCCS()
    (probe.tries, probe.epochs) = (3, 200)
    return probe
  }

  private func cells(
    _ probe: PolarityAwareCCS, layerCount: Int = 2,
    _ change: (inout ProbeExperiment) -> Void = { _ in }
  ) throws -> [ProbeCell] {
    let dump = try PlantedDump(layerCount: layerCount)
    var experiment = try dump.experiment([probe])
    change(&experiment)
    return try experiment.run().cells
  }

  /// No signal at layer 0, planted at layer 1: the contradictions are those of any two statements at the
  /// first, and far fewer at the second.
  @Test func aPlantedLayerContradictsItselfLessThanAnyTwoStatements() throws {
    let cells = try self.cells(quick())
    let contradictions = try cells.map {
      try #require($0.measurement(ProbeMetric.contradictionIndex))
    }
    let empty = try #require(contradictions[0].interval)
    #expect(empty.upper > (try #require(contradictions[0].chance)) - 0.1)
    let planted = try #require(contradictions[1].interval)
    #expect(planted.upper < (try #require(contradictions[1].chance)) - 0.1)
    for cell in cells {
      let consistency = try #require(cell.measurement(ProbeMetric.polarConsistency))
      #expect(consistency.interval != nil && consistency.chance != nil)
      let median = try #require(cell.measurement(ProbeMetric.absoluteAgreement))
      #expect(median.interval?.lower ?? -1 >= 0)
      let separation = try #require(cell.measurement(ProbeMetric.empiricalSeparationAccuracy))
      #expect(separation.chance == 0.5 && separation.interval != nil)
      #expect(
        separation.value == cell.accuracy?.value, "the sign is open, so accuracy is folded, too")
      // Every pair counts once for each of its two samples.
      #expect(consistency.sampleCount == separation.sampleCount)
      #expect(consistency.groupCount * 2 == consistency.sampleCount)
      #expect(cell.measurement(Silhouette.identifier)?.interval == nil)
    }
  }

  /// Rows drawn one by one leave few whole pairs, and only those count.
  @Test func aRowSplitCountsWholePairsOnly() throws {
    let cell = try cells(quick(), layerCount: 1) {
      $0.partition = .rows(testFraction: 0.4)
      $0.controls = .none
    }[0]
    let pairs = try #require(cell.measurement(ProbeMetric.contradictionIndex))
    let samples = Set(cell.scores.samples)
    let whole = samples.count { samples.contains(($0 + 80) % 160) }
    #expect(pairs.sampleCount == whole && whole < samples.count)
    #expect(cell.flags.contains { $0.name == "leaking-split" })
  }

  /// With labels in the loss the control shuffles labels; without, it exchanges negative sides.
  @Test(arguments: [0, 0.5])
  func controlsFollowWhatTheFitSees(labelWeight: Double) throws {
    var probe = quick()
    probe.labelWeight = labelWeight
    let cell = try cells(probe, layerCount: 1)[0]
    let controls = Set(cell.controls.map(\.control))
    #expect(controls.contains(ProbeControl.shuffledLabels) == (labelWeight > 0))
    #expect(controls.contains(ProbeControl.shuffledPairing) == (labelWeight == 0))
    #expect(cell.accuracy?.metric == (labelWeight > 0 ? "accuracy" : "folded-accuracy"))
  }

  /// Without labels the pair measures are all there is.
  @Test func aDumpWithoutLabelsHasItsPairMeasures() throws {
    let dump = try PlantedDump(layerCount: 1) { $0.arrays[.labels] = nil }
    let cell = try dump.experiment([quick()]).run().cells[0]
    #expect(cell.accuracy == nil)
    #expect(cell.measurement(ProbeMetric.contradictionIndex)?.value.finiteValue ?? 1 < 0.2)
    #expect(cell.measurement(ProbeMetric.idealDistance) == nil)
  }
}
