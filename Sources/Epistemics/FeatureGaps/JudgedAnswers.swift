/// Answers whose correctness is known, with their states under the standard prompt.
public struct JudgedAnswers: Sendable {
  /// Their states, averaged over the tokens that predict the answer, at every layer.
  public let states: LayeredStates
  /// 1 for correct, 0 for incorrect, −1 for not attempted; those of −1 count in no metric and no fit.
  public let labels: [Int]
  /// Which samples, or groups, the answers are of; `nil` if that is not known.
  ///
  /// Sets that must be apart may share none of them. Groups may stand for samples, so that no question is in
  /// two sets.
  public let identifiers: [Int]?

  /// Answers with their labels.
  ///
  /// - Parameters:
  ///   - states: Their states.
  ///   - labels: 1, 0 or −1, one an answer.
  ///   - identifiers: Which samples, or groups, they are of.
  /// - Throws: ``EpistemicsError/mismatch(what:expected:actual:)``,
  ///   ``EpistemicsError/invalidLabel(label:sample:)`` or
  ///   ``EpistemicsError/oneLabel(what:label:count:)`` if not both 1 and 0 occur.
  public init(
    states: LayeredStates, labels: [Int], identifiers: [Int]? = nil
  ) throws(EpistemicsError) {
    try requireEqual(labels.count, states.count, "the labels, one an answer,")
    if let identifiers {
      try requireEqual(identifiers.count, states.count, "the identifiers, one an answer,")
    }
    for (sample, label) in labels.enumerated() where label < -1 || label > 1 {
      throw .invalidLabel(label: label, sample: sample)
    }
    self.states = states
    self.labels = labels
    self.identifiers = identifiers
    try Self.requireBothLabels(attempted.map { labels[$0] }, of: "the set")
  }

  /// The answers that were attempted.
  public var attempted: [Int] { labels.indices.filter { labels[$0] >= 0 } }

  static func requireBothLabels(_ labels: [Int], of what: String) throws(EpistemicsError) {
    guard let first = labels.first else {
      throw .notEnough(what: "attempted answers in \(what)", count: 0, minimum: 2)
    }
    guard labels.contains(where: { $0 != first }) else {
      throw .oneLabel(what: what, label: first, count: labels.count)
    }
  }

  /// Refuses sets that share samples.
  ///
  /// Where one of the sets does not say what it is of, nothing can be found.
  static func requireApart(
    _ first: [Int]?, _ firstName: String, _ second: [Int]?, _ secondName: String
  ) throws(EpistemicsError) {
    let shared = shared(first, second)
    guard let example = shared.first else { return }
    throw .overlap(first: firstName, second: secondName, count: shared.count, example: example)
  }

  /// The samples of two sets that are in both, ascending.
  static func shared(_ first: [Int]?, _ second: [Int]?) -> [Int] {
    guard let first, let second else { return [] }
    return Set(first).intersection(second).sorted()
  }
}
