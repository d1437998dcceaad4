internal import LinearAlgebra
internal import RealModule

/// The largest logits of the distribution that a token came from, and how far they settle its normaliser
/// Z = ln Σ exp(logit) over the whole vocabulary.
///
/// Ten logits are not the vocabulary. What they say for certain:
///
/// - With L = ln Σ exp over the list, *v* the list's smallest logit, *k* its length and V the size of the
///   vocabulary, L ≤ Z ≤ ln(exp L + (V − *k*) exp *v*).
/// - The answer's own token has log-probability ℓ = logit − Z. If it is entry *r* of the list, Z = logit_r − ℓ
///   **exactly**; if it is not in the list, Z ≤ *v* − ℓ. Where the token's number is not known, every entry that
///   leaves Z within its bounds may be it. A token whose probability exceeds ½ can only be the first.
public struct LeadingLogits: Sendable, Equatable {
  /// The logits, the largest first; −∞ for tokens that cannot come.
  public let logits: [Double]
  /// The least and the greatest Z that fit what is known; the same number where Z is known.
  public let normalizer: ClosedRange<Double>
  /// The size of the vocabulary, if it is known.
  public let vocabularySize: Int?

  /// Where the answer's token stands in the list.
  public enum AnswerRank: Sendable, Equatable {
    /// Nobody knows.
    case unknown
    /// At this place, from 0.
    case place(Int)
    /// Not in the list.
    case beyond
  }

  /// How far, in nats, two ways to the same normaliser may differ by the rounding of logits in float32.
  static let tolerance = 1e-4

  /// Settles what a list of logits and the answer's log-probability say.
  ///
  /// - Parameters:
  ///   - logits: The largest logits, the largest first; the first of them finite.
  ///   - logProbability: The log-probability of the answer's token, if it is known.
  ///   - rank: Where that token stands in the list.
  ///   - vocabularySize: The size of the vocabulary, if it is known.
  ///   - place: Where the token stands, for messages.
  /// - Throws: ``EpistemicsError/invalidToken(_:problem:)`` for a list that is empty, not in falling order or
  ///   longer than the vocabulary, or a log-probability that belongs to other logits.
  public init(
    _ logits: [Double], logProbability: Double? = nil, rank: AnswerRank = .unknown,
    vocabularySize: Int? = nil, place: TokenPlace
  ) throws(EpistemicsError) {
    guard let first = logits.first, first.isFinite, let smallest = logits.last else {
      throw .invalidToken(place, problem: "has no finite logit first in its list of the largest")
    }
    for (larger, smaller) in zip(logits, logits.dropFirst()) where !(larger >= smaller) {
      throw .invalidToken(
        place,
        problem:
          "has the logit \(smaller) after \(larger) in its list of the largest; they must fall, "
          + "and be no NaN")
    }
    let others = (vocabularySize ?? .max) - logits.count
    guard others >= 0 else {
      throw .invalidToken(
        place, problem: "has \(logits.count) largest logits, more than its vocabulary has entries")
    }
    if case .place(let rank) = rank, !logits.indices.contains(rank) {
      throw .invalidToken(
        place, problem: "is said to be entry \(rank) of its \(logits.count) largest logits")
    }
    let least = Self.logarithm(of: logits)
    var greatest = Double.infinity
    if vocabularySize != nil || smallest == -.infinity {
      let beyond = smallest + (others > 0 ? .log(Double(others)) : -.infinity)
      greatest = Self.logarithm(of: [least, smallest == -.infinity ? smallest : beyond])
    }
    var bounds = least...greatest
    if let logProbability, logProbability > -.infinity, greatest > least {
      guard
        let settled = Self.settle(
          bounds, logits: logits, logProbability: logProbability, rank: rank)
      else {
        throw .invalidToken(
          place,
          problem:
            "has the log-probability \(logProbability), which its largest logits \(logits) do not "
            + "allow; both must come from one model, before any temperature, in float32")
      }
      bounds = settled
    }
    self.logits = logits
    self.vocabularySize = vocabularySize
    normalizer = bounds
  }

  /// The normalisers within bounds that the answer's log-probability allows.
  private static func settle(
    _ bounds: ClosedRange<Double>, logits: [Double], logProbability: Double, rank: AnswerRank
  ) -> ClosedRange<Double>? {
    func clamped(_ value: Double) -> Double? {
      guard value >= bounds.lowerBound - tolerance, value <= bounds.upperBound + tolerance else {
        return nil
      }
      return min(max(value, bounds.lowerBound), bounds.upperBound)
    }
    var candidates: [Double] = []
    if rank != .beyond {
      let places = if case .place(let place) = rank { place..<place + 1 } else { logits.indices }
      candidates = places.compactMap { clamped(logits[$0] - logProbability) }
    }
    if case .place = rank {
    } else if let smallest = logits.last {
      let greatest = min(smallest - logProbability, bounds.upperBound)
      if let greatest = clamped(greatest) { candidates += [bounds.lowerBound, greatest] }
    }
    guard let least = candidates.min(), let greatest = candidates.max() else { return nil }
    return least...greatest
  }

  private static func logarithm(of logits: [Double]) -> Double {
    guard let largest = logits.max(), largest > -.infinity else { return -.infinity }
    return largest + .log(logits.reduce(0) { $0 + .exp($1 - largest) })
  }
}

extension LeadingLogits {
  /// p₍₁₎ − p₍₂₎ at the greatest and the least normaliser, the least margin first; `nil` for a list of one.
  public var margin: ClosedRange<Double>? {
    guard logits.count > 1 else { return nil }
    func margin(_ normalizer: Double) -> Double {
      normalizer == .infinity
        ? 0 : .exp(logits[0] - normalizer) - .exp(logits[1] - normalizer)
    }
    return margin(normalizer.upperBound)...margin(normalizer.lowerBound)
  }

  /// Bounds of the entropy of the whole distribution, in nats.
  ///
  /// With p the list's probabilities at a normaliser Z and R = 1 − Σ p: no token beyond the list is more likely
  /// than the list's last, p_k, so the others add at least −R ln p_k; and at most R ln((V − k)/R), if they are
  /// equally likely. Both sums rise with Z, so the bounds lie at the ends of ``normalizer``. Without the size of the
  /// vocabulary the upper bound is infinite, unless nothing can lie beyond the list.
  public var entropy: ClosedRange<Double> {
    let lower = max(
      0,
      entropy(at: normalizer.lowerBound) { rest in
        rest * (normalizer.lowerBound - (logits.last ?? 0))
      })
    guard normalizer.upperBound < .infinity else { return lower...(.infinity) }
    let upper = entropy(at: normalizer.upperBound) { rest in
      guard let vocabularySize else { return .infinity }
      return rest * .log(Double(vocabularySize - logits.count) / rest)
    }
    return lower...max(lower, upper)
  }

  /// −Σ p ln p of the list, and what the rest of the probability adds.
  private func entropy(at normalizer: Double, _ addition: (Double) -> Double) -> Double {
    var (sum, rest) = (0.0, 1.0)
    for logit in logits where logit > -.infinity {
      let p = Double.exp(logit - normalizer)
      sum += p * (normalizer - logit)
      rest -= p
    }
    // What rounding leaves of 1 is nothing.
    let isWhole = vocabularySize == logits.count || logits.last == -.infinity || rest <= 1e-15
    return sum + (isWhole ? 0 : addition(rest))
  }
}
