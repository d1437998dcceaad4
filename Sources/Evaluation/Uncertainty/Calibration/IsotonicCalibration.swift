/// Turns uncertainties into probabilities of being right: the best monotone fit to answers of known quality.
///
/// The fit is a falling step function of the uncertainty (neighbours in the wrong order are pooled);
/// answers of equal uncertainty have one value. Between the ends of two steps probabilities run straight, and beyond
/// the first and the last they stay: what scikit-learn's `IsotonicRegression(out_of_bounds="clip")` predicts. Fit it
/// on answers that are not judged afterwards.
///
/// Zadrozny & Elkan (2002), doi:10.1145/775047.775151.
public struct IsotonicCalibration: Sendable, Equatable, Codable {
  /// The uncertainties at which probabilities are known, rising.
  public let uncertainties: [Double]
  /// The probability of being right at each of them, falling.
  public let probabilities: [Double]

  /// Fits a calibration.
  ///
  /// - Parameters:
  ///   - uncertainty: One finite number an answer, higher is worse.
  ///   - quality: One number an answer, from 0 for wrong to 1 for right.
  /// - Throws: ``EvaluationError`` for no answers, counts that disagree, numbers that are not finite or a quality
  ///   outside 0…1.
  /// - Complexity: O(*n* log *n*).
  public init(uncertainty: [Double], quality: [Double]) throws(EvaluationError) {
    let prepared = try PreparedQuality(quality)
    try prepared.check(.share, metric: "a calibration")
    try Inputs.check(uncertainty.count, "uncertainties", quality.count, "answers with a quality")
    let order = ScoreOrder(try NonFiniteScores.refused.ordered(uncertainty))
    let fit = MonotoneBlocks(order, of: quality, SampleWeights(once: quality.count))
    var (places, values) = ([Double](), [Double]())
    for block in fit.blocks {
      let ends = [block.runs.lowerBound, block.runs.upperBound].map {
        uncertainty[order.samples[order.ends[$0] - 1]]
      }
      for place in ends[0] == ends[1] ? [ends[0]] : ends {
        places.append(place)
        values.append(block.mean)
      }
    }
    uncertainties = places
    probabilities = values
  }

  /// The probability of being right at an uncertainty.
  ///
  /// - Parameter uncertainty: A finite number.
  /// - Returns: A number between 0 and 1.
  /// - Complexity: O(log *n*).
  public func probability(at uncertainty: Double) -> Double {
    var (low, high) = (0, uncertainties.count)
    while low < high {
      let middle = (low + high) / 2
      if uncertainties[middle] < uncertainty { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return probabilities[0] }
    guard low < uncertainties.count else { return probabilities[low - 1] }
    let width = uncertainties[low] - uncertainties[low - 1]
    let share = (uncertainty - uncertainties[low - 1]) / width
    return probabilities[low - 1] + share * (probabilities[low] - probabilities[low - 1])
  }

  /// Calibrated uncertainties, which the metrics of calibration read as probabilities.
  ///
  /// - Parameter uncertainty: Finite numbers, such as those of answers that were held out.
  /// - Returns: The negated probability of being right, one an answer; see ``ConfidenceReading/negated``.
  /// - Throws: ``EvaluationError/nonFinite(what:position:)``.
  /// - Complexity: O(*m* log *n*) for *m* uncertainties.
  public func calibrated(_ uncertainty: [Double]) throws(EvaluationError) -> [Double] {
    try NonFiniteScores.refused.ordered(uncertainty).map { -probability(at: $0) }
  }
}

extension IsotonicCalibration {
  private enum CodingKeys: String, CodingKey {
    case uncertainties
    case probabilities
  }

  /// Decodes a calibration and refuses what cannot be one.
  ///
  /// - Throws: `DecodingError.dataCorrupted` for no or unequally many numbers, uncertainties that do not rise, or
  ///   probabilities that rise or lie outside 0…1.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    uncertainties = try container.decode([Double].self, forKey: .uncertainties)
    probabilities = try container.decode([Double].self, forKey: .probabilities)
    let rises = zip(uncertainties, uncertainties.dropFirst()).allSatisfy { $0 < $1 }
    let falls = zip(probabilities, probabilities.dropFirst()).allSatisfy { $0 >= $1 }
    guard !uncertainties.isEmpty, uncertainties.count == probabilities.count, rises, falls,
      probabilities.allSatisfy({ (0...1).contains($0) })
    else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription: "no falling probabilities at rising uncertainties"))
    }
  }
}
