import Activations
import ArrayFiles
import Epistemics
import LinearAlgebra
import RealModule
import TestSupport
import Testing

/// Answers read from dumps; oracle: the logits that the dump was written from.
@Suite struct TokenizedAnswersTests {
  static let counts = [2, 1, 3, 4]
  static let vocabulary = 12
  static let ranks = 5
  let folder: TemporaryFolder
  let logits: [[Float]]
  let ids: [Int64]

  init() throws {
    folder = try TemporaryFolder()
    var generator = TestGenerator(seed: 11)
    logits = (0..<10).map { _ in
      (0..<Self.vocabulary).map { _ in Float(Float16(Float.random(in: -4...4, using: &generator))) }
    }
    ids = (0..<10).map { _ in Int64.random(in: 0..<Int64(Self.vocabulary), using: &generator) }
    try store(Self.counts.map(Int64.init), [4], "tokenCounts")
    try store(ids, [10], "tokenIds")
    try store(Array(logits.joined()), [10, Self.vocabulary], "logits")
    try store(try exact().map(Float.init), [10], "logProbabilities")
    let top = logits.map { row in
      row.indices.sorted { (row[$1], $0) < (row[$0], $1) }.prefix(Self.ranks)
    }
    try store(top.flatMap { $0.map(Int64.init) }, [10, Self.ranks], "topLogits.ids")
    try store(
      zip(top, logits).flatMap { ranked, row in ranked.map { row[$0] } }, [10, Self.ranks],
      "topLogits.values")
  }

  private func store(_ values: [Float], _ shape: [Int], _ name: String) throws {
    try GoldenArrays.write(values, shape: shape, to: folder.file(name + ".npy"))
  }

  private func store(_ values: [Int64], _ shape: [Int], _ name: String) throws {
    try NPYWriter.write(try ArrayContents(values, shape: shape), to: folder.file(name + ".npy"))
  }

  /// The answers' own log-probabilities.
  private func exact() throws -> [Double] {
    try zip(logits, ids).map { row, id in
      Double(row[Int(id)]) - (try TokenDistribution(logits: row.map(Double.init)).normalizer)
    }
  }

  static let axes: [String: String] = [
    "tokenCounts": "\"sample\"", "tokenIds": "\"token\"", "logProbabilities": "\"token\"",
    "logits": "\"token\", \"vocabulary\"", "topLogits.ids": "\"token\", \"rank\"",
    "topLogits.values": "\"token\", \"rank\"",
  ]

  private func dump(_ roles: String...) throws -> ActivationDump {
    let arrays = (["tokenCounts"] + roles).map {
      "\"\($0)\": {file: \"\($0).npy\", axes: [\(Self.axes[$0] ?? "")]}"
    }
    try folder.write(
      "{format: \"plumbline-dump\", version: 1, arrays: {\(arrays.joined(separator: ", "))}}",
      to: "dump.json")
    return try ActivationDump.open(folder.path)
  }

  private func close(_ one: [Double], _ other: [Double], _ tolerance: Double) -> Bool {
    one.count == other.count && zip(one, other).allSatisfy { abs($0 - $1) < tolerance }
  }

  @Test func logProbabilitiesAreReadOrFollowFromLogits() throws {
    let stored = try TokenizedAnswers.read(
      from: try dump("logProbabilities"), ingredients: [.logProbability])
    #expect(stored.counts == Self.counts && stored.samples == [0, 1, 2, 3])
    #expect(close(try #require(stored.logProbabilities), try exact(), 1e-6))
    let computed = try TokenizedAnswers.read(
      from: try dump("logits", "tokenIds"), ingredients: [.logProbability])
    #expect(close(try #require(computed.logProbabilities), try exact(), 4e-6))
    let absent = try TokenizedAnswers.read(
      from: try dump("logits"), ingredients: [.logProbability])
    #expect(absent.logProbabilities == nil)
  }

  @Test func theMostLikelyTokensAreThoseOfGreedyDecoding() throws {
    let greedy = try TokenizedAnswers.read(
      from: try dump("logits", "logProbabilities"), ingredients: [.logProbability],
      tokens: .mostLikely)
    let expected = try logits.map {
      try TokenDistribution(logits: $0.map(Double.init)).largestLogProbability
    }
    #expect(close(try #require(greedy.logProbabilities), expected, 4e-6))
  }

  @Test func samplesAreTakenInTheOrderAskedFor() throws {
    let dump = try dump("logProbabilities", "logits")
    let all = try TokenizedAnswers.read(
      from: dump, ingredients: [.logProbability, .entropy])
    let chosen = try TokenizedAnswers.read(
      from: dump, samples: [3, 0], ingredients: [.logProbability, .entropy])
    #expect(chosen.samples == [3, 0] && chosen.counts == [4, 2] && chosen.count == 2)
    #expect(
      chosen[0].logProbabilities.map { Array($0) } == all[3].logProbabilities.map { Array($0) })
    #expect(chosen[1].distributions.map { Array($0) } == all[0].distributions.map { Array($0) })
    #expect(
      all[2].logProbabilities.map { Array($0) } == all.logProbabilities.map { Array($0[3..<6]) })
    #expect(throws: EpistemicsError.activations(.outOfRange(what: "sample", value: 4, count: 4))) {
      try TokenizedAnswers.read(from: dump, samples: [4], ingredients: [.logProbability])
    }
  }

  /// The list gives the margin exactly wherever it holds the answer's token.
  @Test func tokenIdsSettleTheNormalizers() throws {
    let dump = try dump("logProbabilities", "topLogits.ids", "topLogits.values", "tokenIds")
    let answers = try TokenizedAnswers.read(
      from: dump, ingredients: [.leadingProbabilities], vocabularySize: Self.vocabulary)
    let leading = try #require(answers.leadingLogits)
    var settled = 0
    for (token, list) in leading.enumerated() {
      let truth = try TokenDistribution(logits: logits[token].map(Double.init))
      #expect(list.normalizer.lowerBound <= truth.normalizer + 2e-6)
      #expect(list.normalizer.upperBound >= truth.normalizer - 2e-6)
      let larger = logits[token].filter { $0 > logits[token][Int(ids[token])] }
      guard larger.count < Self.ranks else { continue }
      settled += 1
      #expect(abs(list.normalizer.lowerBound - truth.normalizer) < 2e-6)
      #expect(list.normalizer.lowerBound == list.normalizer.upperBound)
    }
    #expect(settled >= 2 && settled < 10)
  }

  @Test func distributionsAreTheSameAtAnyNumberOfThreads() throws {
    let array = try dump("logits").array(.logits, for: "a test")
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let serial = try TokenDistribution.read(from: array, includingKurtosis: true)
    Parallel.threadCount = 3
    #expect(try TokenDistribution.read(from: array, includingKurtosis: true) == serial)
    let some = try TokenDistribution.read(from: array, tokens: [9, 2], includingKurtosis: true)
    #expect(some == [serial[9], serial[2]])
    for (found, row) in zip(serial, logits) {
      let expected = try TokenDistribution(logits: row.map(Double.init))
      #expect(abs(found.entropy - expected.entropy) < 4e-6)
    }
  }

  @Test func impossibleTokensAreNamed() throws {
    var values = try exact().map(Float.init)
    for (value, words) in [(0.25 as Float, "above 1"), (.nan, "NaN"), (.infinity, "above 1")] {
      let kept = values[4]
      values[4] = value
      try store(values, [10], "logProbabilities")
      values[4] = kept
      #expect {
        try TokenizedAnswers.read(
          from: try dump("logProbabilities"), ingredients: [.logProbability])
      } throws: { error in
        guard case .invalidToken(TokenPlace(sample: 2, token: 1), _)? = error as? EpistemicsError
        else { return false }
        return "\(error)".contains("token 1 of the answer of sample 2")
          && "\(error)".contains(words)
      }
    }
    values[4] = -.infinity
    values[5] = 5e-7
    try store(values, [10], "logProbabilities")
    let read = try TokenizedAnswers.read(
      from: try dump("logProbabilities"), ingredients: [.logProbability])
    #expect(read.logProbabilities?[4] == -.infinity && read.logProbabilities?[5] == 0)
  }

  @Test func impossibleLogitsAndIdsAreNamed() throws {
    for (value, words) in [(Float.nan, "NaN"), (.infinity, "infinity")] {
      var changed = logits
      changed[7][3] = value
      try store(Array(changed.joined()), [10, Self.vocabulary], "logits")
      #expect {
        try TokenizedAnswers.read(from: try dump("logits"), ingredients: [.entropy])
      } throws: { error in
        "\(error)".contains("token 7") && "\(error)".contains("vocabulary entry 3")
          && "\(error)".contains(words) && "\(error)".contains("logits.npy")
      }
    }
    try store(Array(logits.joined()), [10, Self.vocabulary], "logits")
    var changed = ids
    changed[2] = 12
    try store(changed, [10], "tokenIds")
    #expect {
      try TokenizedAnswers.read(
        from: try dump("logits", "tokenIds"), ingredients: [.logProbability])
    } throws: { error in
      guard case .invalidToken(TokenPlace(sample: 1, token: 0), _)? = error as? EpistemicsError
      else { return false }
      return "\(error)".contains("12 entries")
    }
  }

  @Test func countsThatDoNotAddUpAndEmptyAnswersAreRefused() throws {
    #expect(throws: EpistemicsError.tokenCount(what: "log-probabilities", count: 3, expected: 4)) {
      try TokenizedAnswers(counts: [2, 2], logProbabilities: [-1, -1, -1])
    }
    #expect(throws: EpistemicsError.noTokens(sample: 9)) {
      try TokenizedAnswers(counts: [1, 0], logProbabilities: [-1], samples: [8, 9])
    }
    #expect(throws: EpistemicsError.self) {
      try TokenizedAnswers(counts: [1], logProbabilities: [-1], samples: [1, 2])
    }
    try store([2, 1, 3, 5] as [Int64], [4], "tokenCounts")
    #expect(throws: ActivationsError.self) { try dump("logProbabilities") }
    try store([2, 0, 4, 4] as [Int64], [4], "tokenCounts")
    #expect(throws: EpistemicsError.noTokens(sample: 1)) {
      try TokenizedAnswers.read(
        from: try dump("logProbabilities"), ingredients: [.logProbability])
    }
    let rest = try TokenizedAnswers.read(
      from: try dump("logProbabilities"), samples: [0, 2], ingredients: [.logProbability])
    #expect(rest.counts == [2, 4])
  }
}
