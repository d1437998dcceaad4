public import Activations
public import Evaluation
internal import LinearAlgebra

/// A fitted polarity-aware probe: the contrast-consistent probe that was trained, and how it is measured.
public struct FittedPolarityAwareCCS: FittedProbe {
  /// The settings of the fit.
  public let settings: PolarityAwareCCS
  /// The contrast-consistent probe that was trained.
  public let search: FittedContrastConsistentSearch
  /// How large the mean is that only training rows lost.
  ///
  /// Over their root-mean-square distance from it, on the side where that is more; scored rows are off by
  /// so much. 0 without ``PolarityAwareCCS/doubleCentering``.
  public let trainingOffset: Double

  init(settings: PolarityAwareCCS, search: FittedContrastConsistentSearch, trainingOffset: Double) {
    self.settings = settings
    self.search = search
    self.trainingOffset = trainingOffset
  }

  private enum CodingKeys: String, CodingKey {
    case settings
    case search
    case trainingOffset
  }

  /// Reads a fitted probe, and checks that its parts fit together.
  ///
  /// - Parameter decoder: where to read.
  /// - Throws: `DecodingError` if the settings are not those that the search was made with.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    settings = try container.decode(PolarityAwareCCS.self, forKey: .settings)
    search = try container.decode(FittedContrastConsistentSearch.self, forKey: .search)
    trainingOffset = try container.decode(Double.self, forKey: .trainingOffset)
    guard search.settings == settings.search else {
      throw DecodingError.dataCorruptedError(
        forKey: .search, in: container,
        debugDescription: "the trained search has other settings than the method")
    }
  }

  /// One half: scores are probabilities.
  public var threshold: Double { 0.5 }

  /// Whether training labels settled the sign, before the fit or in it.
  public var isOriented: Bool { search.isOriented || settings.learnsFromLabels }

  /// One score in [0, 1] a sample, as ``FittedContrastConsistentSearch/scores(_:)`` has it.
  ///
  /// Opposites are not needed to score.
  ///
  /// - Parameter data: Raw activations, normalised here by the training statistics.
  /// - Returns: One score a sample, higher for label 1.
  /// - Throws: ``ProbeError`` if the data do not fit the probe.
  public func scores(_ data: consuming ProbeData) throws(ProbeError) -> [Double] {
    let pairs = try search.normalized(data, method: PolarityAwareCCS.identifier)
    return search.scores(search.probabilities(normalizedPairs: pairs))
  }

  /// What the probe answers to each pair of opposites, as the pair measures see it.
  ///
  /// - Parameter pairs: Raw pairs with their opposites.
  /// - Returns: The answers, for every pair of opposites of which both members are there; A is the member
  ///   with label 1, or the earlier one without labels.
  /// - Throws: ``ProbeError`` if the data do not fit the probe or lack opposites.
  public func answers(_ pairs: consuming ContrastPairs) throws(ProbeError) -> [OppositeAnswers] {
    let normalized = try search.normalized(.pairs(pairs), method: PolarityAwareCCS.identifier)
    return try answers(normalizedPairs: normalized, try OppositePairs(normalized))
  }

  /// The answers to normalised pairs.
  func answers(
    normalizedPairs pairs: ContrastPairs, _ opposites: OppositePairs
  ) throws(ProbeError) -> [OppositeAnswers] {
    let members =
      settings.metricCentering == .trainStatistics
      ? pairs.selecting(opposites.first + opposites.second)
      : try PolarityAwareCCS.centeredSubsets(of: pairs, opposites)
    let sides = search.probabilities(normalizedPairs: members)
    let positive = sides.positive.column(search.selectedTry).map { Double($0) }
    let negative = sides.negative.column(search.selectedTry).map { Double($0) }
    for (name, side) in [("positive", positive), ("negative", negative)] {
      guard let member = side.firstIndex(where: { !$0.isFinite }) else { continue }
      throw .evaluation(
        .nonFinite(
          what: "the probability of the \(name) side of sample \(members.rows[member]), the member",
          position: member))
    }
    return (0..<opposites.count).map { pair in
      OppositeAnswers(
        positive: positive[pair], negative: negative[pair],
        oppositePositive: positive[opposites.count + pair],
        oppositeNegative: negative[opposites.count + pair])
    }
  }
}

extension FittedPolarityAwareCCS {
  /// What was wrong or remarkable about the fit.
  public var flags: [Flag] {
    var flags: [Flag] = []
    if settings.learnsFromLabels {
      flags.append(
        Flag(
          "label-assisted", detail: "labels are in the loss, labelWeight \(settings.labelWeight)"))
    } else {
      flags += [search.orientationFlag]
    }
    // Below this, rounding is all there is: the normalisation had subtracted the same mean.
    if trainingOffset > 1e-4 {
      let share = (trainingOffset * 1000).rounded() / 1000
      flags.append(
        Flag(
          "doubly-centred",
          detail: "only the training rows lost a further mean, \(share) times their spread"))
    }
    return flags + search.trainingFlags
  }
}
