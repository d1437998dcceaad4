public import Evaluation
internal import LinearAlgebra
internal import Optimization

/// Feature gaps beside what they must beat: random directions, the mean contrast, single features and permuted
/// labels, all on the same test answers.
///
/// After the best of many layers and a sign have been chosen, random directions too have a prediction rejection
/// ratio well above 0, so that a value says little alone.
public struct FeatureGapsControls: Sendable, Codable, Equatable {
  /// The method itself; its features alone are in ``FeatureGapsOutcome/features``.
  public let method: FeatureGapsOutcome
  /// Mean contrasts as directions; `nil` if a mean is zero at an eligible layer.
  public let differenceOfMeans: FeatureGapsOutcome?
  /// Random directions, one outcome a seed.
  public let random: [FeatureGapsOutcome]
  /// The method's directions with permuted validation labels: layers, signs and regression are learned anew.
  public let permuted: [FeatureGapsOutcome]

  /// The mean of some outcomes, and how far they reach.
  public struct Range: Sendable, Codable, Equatable {
    /// The mean.
    public let mean: Double
    /// The lowest value.
    public let lowest: Double
    /// The highest value.
    public let highest: Double
    /// How many outcomes have a value.
    public let count: Int

    /// Sums values up; `nil` if there are none.
    ///
    /// - Parameter values: Those without a number do not count.
    public init?(_ values: [MeasuredValue]) {
      let finite = values.compactMap(\.finiteValue)
      guard let lowest = finite.min(), let highest = finite.max() else { return nil }
      self.lowest = lowest
      self.highest = highest
      mean = finite.reduce(0, +) / Double(finite.count)
      count = finite.count
    }
  }
}

extension FeatureGaps {
  /// Measures the method and its controls on test answers.
  ///
  /// Contrasts and answers are read once, a layer at a time, for all of them.
  ///
  /// - Parameters:
  ///   - contrasts: As of ``fit(contrasts:validation:seed:)``.
  ///   - validation: As there.
  ///   - test: Other answers, with labels.
  ///   - randomCount: How many seeds of random directions; at least 20 for a range that says something.
  ///   - permutationCount: How many permutations of the validation labels.
  ///   - seed: Random directions take this seed and the following ones; permutations have streams of their own.
  /// - Returns: The outcomes.
  /// - Throws: ``EpistemicsError``, as ``fit(contrasts:validation:seed:)``, and for test answers that the fit has
  ///   seen, unless ``split`` is that of the paper.
  /// - Complexity: As a fit, a product of answers with all directions, and for each control as many rankings of
  ///   the validation answers as there are features and layers.
  public func controls(
    contrasts: FeatureContrasts, validation: JudgedAnswers, test: JudgedAnswers,
    randomCount: Int = 20, permutationCount: Int = 200, seed: UInt64 = 0
  ) throws(EpistemicsError) -> FeatureGapsControls {
    try check()
    try checkApart(contrasts, validation)
    if split != .paper {
      for (identifiers, name) in [
        (contrasts.identifiers, "the contrasts"),
        (validation.identifiers, "the validation answers"),
      ] {
        try JudgedAnswers.requireApart(test.identifiers, "the test answers", identifiers, name)
      }
    }
    let random = (0..<max(0, randomCount)).map {
      FeatureAxisKind(direction: .random, seed: seed &+ UInt64($0))
    }
    let kinds =
      [
        FeatureAxisKind(direction: direction, seed: seed),
        FeatureAxisKind(direction: .differenceOfMeans, seed: seed),
      ] + random
    let scan = try FeatureScan(
      kinds, settings: self, contrasts: contrasts, answers: [validation.states, test.states])
    let trials = try kinds.indices.map { kind throws(EpistemicsError) -> FeatureGapsTrial? in
      guard let first = scan.scores[0][kind], let second = scan.scores[1][kind] else { return nil }
      return try FeatureGapsTrial(
        self, validation: first, validationIdentifiers: validation.identifiers, test: second,
        testLabels: test.labels)
    }
    guard let own = trials[0] else { preconditionFailure("a scan without scores") }
    let permutations = try permutedLabels(
      of: validation, count: max(0, permutationCount), seed: seed)
    return FeatureGapsControls(
      method: try own.outcome(labels: validation.labels),
      differenceOfMeans: try trials[1]?.outcome(labels: validation.labels),
      random: try Parallel.map(random.count) { place throws(EpistemicsError) in
        try trials[2 + place]?.outcome(labels: validation.labels)
      }.compactMap { $0 },
      permuted: try Parallel.map(permutations.count) { place throws(EpistemicsError) in
        try own.outcome(labels: permutations[place])
      })
  }

  /// The labels of attempted answers, exchanged among them.
  private func permutedLabels(
    of answers: JudgedAnswers, count: Int, seed: UInt64
  ) throws(EpistemicsError) -> [[Int]] {
    guard count > 0 else { return [] }
    let attempted = answers.attempted
    // Exchanged freely: within groups alone they would keep what groups tell, and the control is to know nothing.
    let groups = Grouping(ungrouped: attempted.count)
    var generator = SeededGenerator(
      seed: seed, stream: FeatureGapsStream.permutation.rawValue)
    let permutation: LabelPermutation
    do throws(EvaluationError) {
      permutation = try LabelPermutation(
        classes: attempted.map { answers.labels[$0] }, groups: groups, permutationCount: count,
        seed: generator.next())
    } catch {
      throw .evaluation(error)
    }
    return (0..<count).map { number in
      var labels = answers.labels
      for (answer, label) in zip(attempted, permutation.permutedLabels(number)) {
        labels[answer] = label
      }
      return labels
    }
  }
}
