internal import LinearAlgebra

/// A pair of sorted rows that may be the extreme.
struct PairCandidate: Sendable {
  /// The lower end of sign · D², in scaled units.
  let lower: Double
  let first: Int
  let second: Int
}

/// The distance of two sorted rows.
struct PairDistance: Sendable {
  let distance: Double
  let first: Int
  let second: Int
}

/// What is known of the extreme between two classes.
struct ExtremeState: Sendable {
  let end: ExtremeEnd
  /// No extreme has a sign · D² above this, in scaled units.
  var reach = Double.infinity
  /// The extreme of the pairs that were evaluated.
  var best: PairDistance?
  /// The pairs that may yet beat it.
  var candidates: [PairCandidate] = []

  init(_ end: ExtremeEnd) { self.end = end }

  /// The same, without its candidates: where the search through a tile starts.
  var withoutCandidates: ExtremeState {
    var state = self
    state.candidates = []
    return state
  }

  /// Whether a pair with this lower end, of this row or a later one, can be the extreme.
  ///
  /// Nothing is below a distance of 0, so behind a pair that has it no other counts.
  func canImprove(_ lower: Double, row: Int) -> Bool {
    guard lower <= reach else { return false }
    guard end == .smallest, let best, best.distance == 0 else { return true }
    return row <= best.first
  }

  /// Leaves out candidates that the others have beaten.
  mutating func dropBeaten() {
    let state = self
    candidates.removeAll { !state.canImprove($0.lower, row: $0.first) }
  }

  /// Adds an evaluated pair.
  mutating func note(_ pair: PairDistance, scale: Double) {
    let square = pair.distance * scale * (pair.distance * scale)
    reach = min(reach, end.sign * square + RoundingBound.tie * square)
    take(pair)
  }

  private mutating func take(_ pair: PairDistance) {
    guard let current = best else {
      best = pair
      return
    }
    let (new, old) = (end.sign * pair.distance, end.sign * current.distance)
    if new < old || new == old && (pair.first, pair.second) < (current.first, current.second) {
      best = pair
    }
  }

  /// Adds what a tile found, which started from this state or an earlier one.
  mutating func merge(_ other: ExtremeState) {
    reach = min(reach, other.reach)
    if let pair = other.best { take(pair) }
    candidates += other.candidates
    dropBeaten()
  }
}
