internal import Activations

/// Which of some contrast pairs are opposites of each other.
struct OppositePairs: Sendable {
  /// The position of A in each pair of opposites: the member with label 1, or the earlier one where there
  /// are no labels.
  let first: [Int]
  /// The position of Ā.
  let second: [Int]

  /// How many pairs of opposites there are.
  var count: Int { first.count }

  /// Finds the pairs of which both members are there.
  ///
  /// - Parameter pairs: Contrast pairs with their opposites.
  /// - Throws: ``ProbeError/missingOpposites(method:missing:count:first:)``,
  ///   ``ProbeError/oppositesOfOneClass(method:sample:opposite:label:)`` or
  ///   ``ProbeError/notBinary(method:label:)``.
  init(_ pairs: ContrastPairs) throws(ProbeError) {
    try Self.requireOpposites(of: pairs)
    var first: [Int] = []
    var second: [Int] = []
    for (position, partner) in pairs.partnerPositions().enumerated() {
      guard let partner, position < partner else { continue }
      let isSecond = try Self.isOpposite(position, of: partner, in: pairs)
      first.append(isSecond ? partner : position)
      second.append(isSecond ? position : partner)
    }
    (self.first, self.second) = (first, second)
  }

  /// Whether the first of two positions is the one that labels make Ā.
  private static func isOpposite(_ position: Int, of partner: Int, in pairs: ContrastPairs)
    throws(ProbeError) -> Bool
  {
    guard let labels = pairs.labels else { return false }
    for label in [labels[position], labels[partner]] where label != 0 && label != 1 {
      throw .notBinary(method: PolarityAwareCCS.identifier, label: label)
    }
    guard labels[position] != labels[partner] else {
      throw .oppositesOfOneClass(
        method: PolarityAwareCCS.identifier, sample: pairs.rows[position],
        opposite: pairs.rows[partner], label: labels[position])
    }
    return labels[position] == 0
  }

  /// Refuses samples of which nobody says which one is their opposite; that one may be elsewhere.
  static func requireOpposites(of pairs: ContrastPairs) throws(ProbeError) {
    let opposites = pairs.opposites ?? [Int?](repeating: nil, count: pairs.count)
    guard let position = opposites.firstIndex(of: nil) else { return }
    throw .missingOpposites(
      method: PolarityAwareCCS.identifier, missing: opposites.count { $0 == nil },
      count: pairs.count, first: pairs.rows[position])
  }
}
