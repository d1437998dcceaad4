public import Activations
internal import LinearAlgebra

extension TokenizedAnswers {
  /// Which tokens the log-probabilities are of, where they are taken from `logits`.
  public enum TokenChoice: Sendable {
    /// The answer's own: `logProbabilities` if the dump has them, or those that `tokenIds` names.
    case own
    /// The most likely at every place, which the answer's own are if it was decoded greedily.
    case mostLikely
  }

  /// Reads the answers of a dump.
  ///
  /// Only what was asked for and what the dump has is read; a score that lacks something says so when it is
  /// computed.
  ///
  /// - Parameters:
  ///   - dump: The dump; it must have `tokenCounts`.
  ///   - samples: Which samples, in the order wanted; all of them if not given.
  ///   - ingredients: What is needed of the tokens: ``AnswerScore/ingredient`` of the scores to come.
  ///   - tokens: Which tokens the log-probabilities are of.
  ///   - vocabularySize: The size of the vocabulary, where no array of the dump shows it.
  /// - Returns: The answers.
  /// - Throws: ``EpistemicsError``: an answer without tokens, a probability above 1, a NaN, a sample that the dump
  ///   does not have, a token beyond the vocabulary, or logits that belong to other log-probabilities.
  /// - Complexity: O(tokens) and, where the whole logits are read, one pass over them.
  public static func read(
    from dump: ActivationDump, samples: [Int]? = nil, ingredients: Set<TokenIngredient>,
    tokens: TokenChoice = .own, vocabularySize: Int? = nil
  ) throws(EpistemicsError) -> TokenizedAnswers {
    let reader = try AnswerReader(dump, samples: samples, vocabularySize: vocabularySize)
    let wholes: Set<TokenIngredient> = [
      .leadingProbabilities, .entropy, .meanLogProbability, .kurtosis,
    ]
    let tops: Set<TokenIngredient> = [.leadingProbabilities, .entropy, .leadingLogits]
    var distributions: [TokenDistribution]?
    var logProbabilities: [Double]?
    let hasOwn = dump.arrays[.logProbabilities] != nil || dump.arrays[.tokenIds] == nil
    let isForOwn = ingredients.contains(.logProbability) && !hasOwn
    if !ingredients.isDisjoint(with: wholes) || tokens == .mostLikely || isForOwn {
      distributions = try reader.distributions(
        includingKurtosis: ingredients.contains(.kurtosis))
    }
    if ingredients.contains(.logProbability) || !ingredients.isDisjoint(with: tops) {
      switch tokens {
      case .own: logProbabilities = try reader.logProbabilities(distributions)
      case .mostLikely: logProbabilities = distributions?.map(\.largestLogProbability)
      }
    }
    var leading: [LeadingLogits]?
    let isNeeded = distributions == nil || ingredients.contains(.leadingLogits)
    if isNeeded, !ingredients.isDisjoint(with: tops) {
      leading = try reader.leadingLogits(
        logProbabilities: tokens == .own ? logProbabilities : nil)
    }
    return try TokenizedAnswers(
      counts: reader.counts, logProbabilities: logProbabilities, distributions: distributions,
      leadingLogits: leading, samples: reader.samples)
  }
}

/// Reads what a dump says about the tokens of some samples' answers.
private struct AnswerReader {
  let dump: ActivationDump
  let samples: [Int]
  let counts: [Int]
  /// Where each token stands in the dump, counted through all answers.
  private let rows: [Int]
  private let places: [TokenPlace]
  private let vocabularySize: Int?

  init(
    _ dump: ActivationDump, samples: [Int]?, vocabularySize: Int?
  ) throws(EpistemicsError) {
    let allCounts = try Self.reading { () throws(ActivationsError) in
      try dump.array(.tokenCounts, for: "scores of answers").integers()
    }
    let samples = samples ?? Array(allCounts.indices)
    for sample in samples where !allCounts.indices.contains(sample) {
      throw .activations(.outOfRange(what: "sample", value: sample, count: allCounts.count))
    }
    let starts = allCounts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    counts = samples.map { allCounts[$0] }
    _ = try TokenizedAnswers.starts(counts: counts, samples: samples)
    rows = samples.flatMap { Array(starts[$0]..<starts[$0 + 1]) }
    places = samples.flatMap { sample in
      (0..<allCounts[sample]).map { TokenPlace(sample: sample, token: $0) }
    }
    self.dump = dump
    self.samples = samples
    let sized = dump.arrays.values.first { $0.axes.contains(.vocabulary) }
    self.vocabularySize = sized?.count(of: .vocabulary) ?? vocabularySize
  }

  /// Of the whole logits; `nil` if the dump lacks them.
  func distributions(includingKurtosis: Bool) throws(EpistemicsError) -> [TokenDistribution]? {
    guard let logits = dump.arrays[.logits] else { return nil }
    return try TokenDistribution.read(
      from: logits, tokens: rows, includingKurtosis: includingKurtosis)
  }

  /// Of the answers' own tokens; `nil` if the dump has neither them nor what they follow from.
  func logProbabilities(
    _ distributions: [TokenDistribution]?
  ) throws(EpistemicsError) -> [Double]? {
    if let array = dump.arrays[.logProbabilities] {
      let all = try Self.reading { () throws(ActivationsError) in
        try array.values(isCheckingFinite: false)
      }
      return rows.map { all[$0] }
    }
    guard let distributions, let logits = dump.arrays[.logits],
      let ids = try tokenIds(below: vocabularySize)
    else { return nil }
    let own = logits.mapRows(of: .token, at: rows, columns: .vocabulary) { place, bytes, element in
      var logit = [0.0]
      var target = logit.mutableSpan
      let start = ids[place] * element.byteCount
      Widening.convert(
        bytes.extracting(start..<start + element.byteCount), of: element, into: &target)
      return logit[0]
    }
    return zip(own, distributions).map { min(0, $0 - $1.normalizer) }
  }

  /// The largest logits of each token; `nil` if the dump lacks them.
  func leadingLogits(logProbabilities: [Double]?) throws(EpistemicsError) -> [LeadingLogits]? {
    guard let array = dump.arrays[.topLogitValues] else { return nil }
    let values = try Self.reading { () throws(ActivationsError) in
      try array.matrix(rows: .token, at: rows, columns: .rank, isCheckingFinite: false)
    }
    let ids = try tokenIds(below: vocabularySize)
    var listed: Matrix<Float>?
    if ids != nil, let array = dump.arrays[.topLogitIds] {
      listed = try Self.reading { () throws(ActivationsError) in
        try array.matrix(rows: .token, at: rows, columns: .rank)
      }
    }
    var leading: [LeadingLogits] = []
    leading.reserveCapacity(rows.count)
    for (token, place) in places.enumerated() {
      var rank = LeadingLogits.AnswerRank.unknown
      if let ids, let listed {
        rank = listed.row(token).firstIndex(of: Float(ids[token])).map { .place($0) } ?? .beyond
      }
      leading.append(
        try LeadingLogits(
          values.row(token).map(Double.init), logProbability: logProbabilities?[token], rank: rank,
          vocabularySize: vocabularySize, place: place))
    }
    return leading
  }

  /// The answers' tokens; `nil` if the dump does not name them.
  private func tokenIds(below limit: Int?) throws(EpistemicsError) -> [Int]? {
    guard let array = dump.arrays[.tokenIds] else { return nil }
    let all = try Self.reading { () throws(ActivationsError) in try array.integers() }
    let ids = rows.map { all[$0] }
    for (id, place) in zip(ids, places) where id < 0 || id >= limit ?? .max {
      throw .invalidToken(
        place,
        problem: "is number \(id) of the vocabulary (tokenIds), which has "
          + (limit.map { "\($0) entries" } ?? "no negative ones"))
    }
    return ids
  }

  private static func reading<Value>(
    _ body: () throws(ActivationsError) -> Value
  ) throws(EpistemicsError) -> Value {
    do throws(ActivationsError) {
      return try body()
    } catch {
      throw .activations(error)
    }
  }
}
