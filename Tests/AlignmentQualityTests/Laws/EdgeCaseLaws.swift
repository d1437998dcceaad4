import AlignmentQuality
import Evaluation
import LinearAlgebra
import Testing

/// The table of degenerate points: what can be no number is none, for every index of the catalogue.
@Suite struct EdgeCaseLaws {
  @Test(arguments: EdgeCase.table) func theTableHolds(example: EdgeCase) throws {
    #expect(example.every != nil || !example.outcomes.isEmpty)
    for law in LawIndex.strict {
      guard let outcome = example.every ?? example.outcomes[law.description] else { continue }
      let value = try law.value(example.rows, example.labels)
      expect(value, outcome, "\(law)")
    }
  }

  private func expect(_ value: IndexValue, _ outcome: EdgeCase.Outcome, _ name: String) {
    switch (outcome, value.value) {
    case (.undefined, .undefined(let reason)), (.infinite, .infinite(let reason)):
      #expect(reason.count > 10, "\(name)")
    case (.finite(let expected, let flag), .finite(let number)):
      #expect(abs(number - expected) <= 1e-14 * max(1, expected), "\(name): \(number)")
      if let flag { #expect(value.flags.contains { $0.name == flag }, "\(name)") }
    case (.formula, .finite): break
    default: Issue.record("\(name) is \(value.value), expected \(outcome)")
    }
  }

  /// Degenerate points or not, a strict value in JSON is a finite number or a reason.
  @Test(arguments: EdgeCase.table) func whatIsSaidCanBeWritten(example: EdgeCase) throws {
    for law in LawIndex.measured {
      let value = try law.value(example.rows, example.labels)
      for part in [value.value] + value.details.map(\.value) {
        if let number = part.finiteValue { #expect(number.isFinite, "\(law)") }
      }
    }
  }

  /// The same table at scales at which squares are still far from the ends of float64.
  @Test(arguments: EdgeCase.table) func theTableKnowsNoScale(example: EdgeCase) throws {
    for scale in [0x1p-40, 0x1p30] {
      let rows = example.rows.map { $0.map { $0 * scale } }
      for law in LawIndex.strict {
        guard let outcome = example.every ?? example.outcomes[law.description] else { continue }
        expect(try law.value(rows, example.labels), outcome, "\(law) at \(scale)")
      }
    }
  }

  @Test(arguments: LawIndex.measured) func badInputIsRefused(law: LawIndex) throws {
    func refuses(_ rows: [[Double]], _ labels: [Int]) {
      #expect(throws: AlignmentQualityError.self) { try law.value(rows, labels) }
    }
    refuses([], [])
    refuses([[1], [.nan], [2]], [0, 0, 1])
    refuses([[1], [2], [.infinity]], [0, 0, 1])
    refuses([[1], [2], [3]], [0, 1])
  }

  /// Numbers whose squares leave float64 give the value of the scaled points or a reason.
  @Test(arguments: LawIndex.strict) func noValueComesFromOverflow(law: LawIndex) throws {
    for labels in [[0, 0, 1, 1], [0, 1, 0, 1], [0, 0, 1, 2]] {
      let rows: [[Double]] = [[-1], [1], [0.5], [-0.2]]
      let value = try law.value(rows, labels)
      for scale in [1e160, 1e300, 1e-160, 1e-300] {
        let scaled = try law.value(rows.map { $0.map { $0 * scale } }, labels)
        guard let number = scaled.value.finiteValue else { continue }
        #expect(abs(number - value.doubleValue) <= 1e-12 * abs(number), "\(scale)")
      }
    }
    // The classes' own squares overflow, and those between them do not.
    let wide = try law.value([[-1e200, 0], [1e200, 0], [-1e200, 1], [1e200, 1]], [0, 0, 1, 1])
    if let number = wide.value.finiteValue {
      let scaled = try law.value([[-1, 0], [1, 0], [-1, 1e-200], [1, 1e-200]], [0, 0, 1, 1])
      #expect(abs(number - scaled.doubleValue) <= 1e-12 * abs(number))
    }
  }

  /// Peers overflow, too: NaN and infinity are no numbers, and a maximum must not drop a NaN.
  @Test(arguments: LawIndex.measured) func overflowIsNoNumber(law: LawIndex) throws {
    let value = try law.value([[-1e300], [1e300], [0.5e300], [-0.2e300]], [0, 0, 1, 1])
    if let number = value.value.finiteValue { #expect(number.isFinite) }
    if law.description == "davies-bouldin/permetrics" { #expect(value.doubleValue == 1e10) }
  }

  /// Means within rounding of each other count as equal, and a flag says so.
  @Test func indistinguishableCentroidsAreFlagged() throws {
    let example = try #require(
      EdgeCase.table.first { $0.description.hasPrefix("centroids within rounding") })
    for law in LawIndex.strict where !law.description.contains("silhouette") {
      let value = try law.value(example.rows, example.labels)
      guard value.value.finiteValue != nil || law.description == "xie-beni" else { continue }
      if ["xie-beni", "calinski-harabasz", "trace-ratio"].contains(law.description) {
        #expect(value.flags.contains { $0.name == "centroids-indistinguishable" }, "\(law)")
      }
    }
  }
}
