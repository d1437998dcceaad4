import Activations
import Evaluation
import Probes
import Studies
import TestSupport
import Testing

/// Distractors and choices by what is known about the samples.
@Suite struct AttributeTests {
  /// A planted dump with attributes of its own, given as one value a sample.
  private func dump(
    attributes: [String: [Int]], strength: Float = 0.5, distractorStrength: Float = 0
  ) throws -> PlantedDump {
    let planted = try PlantedDump(
      layerCount: 1, strength: strength, distractorStrength: distractorStrength
    ) { manifest in
      for name in attributes.keys {
        manifest.arrays[.attribute(name)] = .array(
          ArrayReference(file: name + ".npy", axes: [.sample]))
      }
    }
    for (name, values) in attributes {
      try GoldenArrays.write(
        values.map { Float($0) }, shape: [values.count], to: planted.folder.file(name + ".npy"))
    }
    return planted
  }

  private func cell(of dump: PlantedDump) throws -> ProbeCell {
    try #require(try dump.experiment([RandomDirection()]).run().cells.first)
  }

  private func distractors(_ cell: ProbeCell) -> [String] {
    cell.flags.filter { $0.name == "distractor" }.compactMap(\.detail)
  }

  private func controls(_ cell: ProbeCell) -> [String?] {
    cell.controls.filter { $0.control == ProbeControl.distractor }.map(\.category)
  }

  /// The middle of `count` scored groups that hold one sample each, by rank from the top.
  private func samples(_ cell: ProbeCell, ranks: Range<Int>) -> [Int] {
    cell.scores.samples.indices.sorted { cell.scores.scores[$0] > cell.scores.scores[$1] }[ranks]
      .map { cell.scores.samples[$0] }
  }

  /// Planted: the strong distractor is an attribute, twice, and the categories are something else.
  @Test func everyAttributeIsLookedAtAndTheOneThatIsFoundIsNamed() throws {
    let count = 160
    let colours = (0..<count).map { $0 * 7 % 5 % 3 }
    let planted = try PlantedDump(strength: 0.5, distractorStrength: 4) { manifest in
      for name in ["construction", "form"] {
        manifest.arrays[.attribute(name)] = manifest.arrays[.categories]
      }
      manifest.arrays[.categories] = .array(
        ArrayReference(file: "colours.npy", axes: [.sample], name: "colour"))
    }
    try GoldenArrays.write(
      colours.map { Float($0) }, shape: [count], to: planted.folder.file("colours.npy"))
    let outcome = try planted.experiment().run()
    let last = try #require(outcome.cells.last)
    #expect(controls(last) == ["colour", "construction", "form"])
    let found = ["construction", "form"].map {
      "\($0), which the scores tell better than the label"
    }
    #expect(distractors(last) == found)
    let table = ProbeTable(outcome).lines().joined(separator: "\n")
    #expect(table.contains("! distractor: construction") && table.contains("! distractor: form"))
    let measurements = last.controls.filter { $0.control == ProbeControl.distractor }
    #expect(try #require(measurements[1].measurement.value.finiteValue) > 0.95)
    // Three values against the others, and one of two, twice: five comparisons.
    for measurement in measurements {
      #expect(abs((measurement.measurement.interval?.level ?? 0) - (1 - 0.05 / 5)) < 1e-15)
    }
  }

  /// The label is an attribute, too: what tells it equally well is no distractor.
  @Test func theLabelItselfIsNoDistractor() throws {
    let labels = try PlantedDump(layerCount: 1).drawn.labels
    let planted = try dump(
      attributes: ["truth": labels, "lie": labels.map { 1 - $0 }], strength: 3)
    let cell = try #require(
      try planted.experiment([DifferenceOfMeans()]).run().cells.first)
    #expect(controls(cell) == ["categories", "lie", "truth"])
    #expect(distractors(cell).isEmpty)
  }

  /// One sample is at an end of the scores without any meaning.
  @Test func valuesOfFewGroupsSayNothing() throws {
    let numbers = Array(0..<160)
    let first = try cell(of: try dump(attributes: ["number": numbers]))
    #expect(controls(first) == ["categories"])
    let top = Set(samples(first, ranks: 0..<1))
    let alone = try cell(
      of: try dump(attributes: ["first": numbers.map { top.contains($0) ? 1 : 0 }]))
    #expect(controls(alone) == ["categories"] && distractors(alone).isEmpty)
  }

  /// Planted on known scores: six samples at the very top are gross, six a little lower are chance.
  @Test func withoutATrustworthyIntervalOnlyAGrossCaseCounts() throws {
    let numbers = Array(0..<160)
    let scored = try cell(of: try dump(attributes: [:]))
    let count = scored.scores.samples.count
    func found(_ ranks: Range<Int>) throws -> [String] {
      let holders = Set(samples(scored, ranks: ranks))
      #expect(Set(holders.map { $0 % 80 }).count >= 5, "enough groups for the test to be one")
      return distractors(
        try cell(of: try dump(attributes: ["top": numbers.map { holders.contains($0) ? 1 : 0 }])))
    }
    #expect(try found(0..<6).count == 1)
    // The AUROC of ranks r to r + 5 is 1 − r / (n − 6): here about .8, with a narrow interval.
    #expect(try found(count / 5..<count / 5 + 6).isEmpty)
  }

  @Test func samplesCanBeChosenByAnyAttribute() throws {
    let topics = (0..<160).map { $0 % 4 }
    let planted = try dump(attributes: ["topic": topics])
    let open = try planted.open()
    for name in ["topic", "attributes.topic"] {
      let selection = try SampleSelection(open, where: name, is: "3")
      #expect(selection.samples == (0..<160).filter { $0 % 4 == 3 })
      #expect(selection.summary == "\(name) = 3")
    }
    let error = #expect(throws: StudyError.self) {
      _ = try SampleSelection(open, where: "topics", is: "3")
    }
    #expect(error?.description.hasSuffix("has only \"categories\", \"topic\"") == true)
    let value = #expect(throws: StudyError.self) {
      _ = try SampleSelection(open, where: "topic", is: "4")
    }
    #expect(value?.description.hasSuffix("there are \"0\", \"1\", \"2\", \"3\"") == true)
  }

  /// Values may be named by numbers that are not their own.
  @Test func aNameWinsOverANumber() throws {
    let planted = try PlantedDump(layerCount: 1) { manifest in
      if case .array(var reference) = manifest.arrays[.categories] {
        reference.values = ["1", "0"]
        manifest.arrays[.categories] = .array(reference)
      }
    }
    let selection = try SampleSelection(try planted.open(), where: "category", is: "0")
    #expect(
      selection.samples
        == planted.drawn.distractor.indices.filter {
          planted.drawn.distractor[$0] == 1
        })
  }

  /// The selection holds on other dumps, too, by the value's name.
  @Test func otherDumpsAreCutByTheSameValue() throws {
    func named(_ values: [String]) throws -> PlantedDump {
      try PlantedDump(layerCount: 1) { manifest in
        if case .array(var reference) = manifest.arrays[.categories] {
          reference.values = values
          manifest.arrays[.categories] = .array(reference)
        }
      }
    }
    let own = try named(["a", "b"])
    let other = try named(["b", "a"])
    var experiment = try own.experiment([RandomDirection()])
    experiment.controls = .none
    experiment.selection = try SampleSelection(experiment.dump, where: "category", is: "a")
    experiment.testDumps = [try other.open()]
    let outcome = try experiment.run()
    let elsewhere = try #require(outcome.cells.first { $0.dump == other.folder.path })
    #expect(
      elsewhere.scores.samples
        == other.drawn.distractor.indices.filter {
          other.drawn.distractor[$0] == 1
        })
    #expect(elsewhere.scores.groups.count == Set(elsewhere.scores.samples.map { $0 % 80 }).count)
    experiment.testDumps = [try named(["b", "c"]).open()]
    let error = #expect(throws: StudyError.self) { _ = try experiment.run() }
    #expect(error?.description.contains("has category \"a\"; there are \"b\", \"c\"") == true)
  }
}
