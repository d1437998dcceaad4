/// A line search for a step that meets the strong Wolfe conditions, told one trial after another.
///
/// With φ the function along a descent direction, a step α is accepted if
///
///     φ(α) ≤ φ(0) + c₁ α φ′(0)    and    |φ′(α)| ≤ c₂ |φ′(0)|
///
/// It is bracketed by steps of growing length and then narrowed down by cubic interpolation, kept away
/// from the ends of the bracket. Nocedal & Wright (2006), *Numerical Optimization*, 2nd edition,
/// algorithms 3.5 and 3.6.
///
/// Values that differ by no more than their precision count as equal, and the slopes then decide. This
/// is what lets a minimum be found to the precision of the gradient and not to its root, and what lets
/// a plateau be crossed whose value is the same to the last digit while it slopes. After Hager & Zhang
/// (2005), "A new conjugate gradient method with guaranteed descent and an efficient line search",
/// section 2.
package struct StrongWolfeSearch: Sendable {
  /// What becomes of the search after a trial.
  package enum Verdict: Sendable {
    /// Evaluate at ``step``, and tell.
    case tryAgain
    /// The last trial is the step to take.
    case accepted
    /// No step that lowers the value was found.
    case failed
  }

  private struct Trial: Sendable {
    var step: Double
    var value: Double
    var slope: Double
  }

  private enum Phase: Sendable {
    /// Every trial so far was lower than the one before and slopes down.
    case bracketing(previous: Trial)
    /// An acceptable step lies between the best trial and another.
    case narrowing(best: Trial, other: Trial)
    /// The best trial is evaluated once more, because it was not the last.
    case settling
  }

  /// The step at which the function is wanted next.
  package private(set) var step: Double
  /// Whether the function had a value at the last trial.
  package private(set) var isLastFinite = true
  private let start: Trial
  private let settings: LBFGS
  private var phase: Phase
  private var growthCount = 0
  private var narrowingCount = 0

  /// Steps grow at most so often: by 2³⁰ at the least.
  private static let mostGrowths = 30
  private static let mostNarrowings = 20
  /// How far from either end of the bracket an interpolated step stays, as a share of it.
  private static let margin = 0.05

  /// Starts a search along a direction of descent.
  ///
  /// - Parameters:
  ///   - value: φ(0).
  ///   - slope: φ′(0), negative.
  ///   - step: The first trial, positive.
  ///   - settings: c₁, c₂ and the precision of values.
  package init(value: Double, slope: Double, firstStep step: Double, settings: LBFGS) {
    start = Trial(step: 0, value: value, slope: slope)
    self.step = step
    self.settings = settings
    phase = .bracketing(previous: start)
  }

  /// Takes note of a trial.
  ///
  /// - Parameters:
  ///   - value: φ at ``step``; infinity or NaN if it has none, which counts as too high.
  ///   - slope: φ′ there.
  /// - Returns: What to do next.
  package mutating func tell(value: Double, slope: Double) -> Verdict {
    isLastFinite = value.isFinite && slope.isFinite
    let trial = Trial(step: step, value: isLastFinite ? value : .infinity, slope: slope)
    switch phase {
    case .bracketing(let previous): return bracket(trial, previous: previous)
    case .narrowing(let best, let other): return replace(best, or: other, by: trial)
    case .settling: return .accepted
    }
  }

  /// Algorithm 3.5.
  private mutating func bracket(_ trial: Trial, previous: Trial) -> Verdict {
    if !isLowEnough(trial) || isHigher(trial, than: previous) {
      return narrow(best: previous, other: trial, last: trial)
    }
    if isFlatEnough(trial) { return .accepted }
    if trial.slope >= 0 { return narrow(best: trial, other: previous, last: trial) }
    growthCount += 1
    guard growthCount <= Self.mostGrowths else { return settle(on: trial, last: trial) }
    phase = .bracketing(previous: trial)
    let minimum = Self.minimum(previous, trial) ?? .infinity
    step = min(max(minimum, 2 * trial.step), 4 * trial.step)
    return .tryAgain
  }

  /// Algorithm 3.6, after an interpolated trial.
  private mutating func replace(_ best: Trial, or other: Trial, by trial: Trial) -> Verdict {
    if !isLowEnough(trial) || isHigher(trial, than: best) {
      return narrow(best: best, other: trial, last: trial)
    }
    if isFlatEnough(trial) { return .accepted }
    let slopesAway = trial.slope * (other.step - best.step) >= 0
    return narrow(best: trial, other: slopesAway ? best : other, last: trial)
  }

  private mutating func narrow(best: Trial, other: Trial, last: Trial) -> Verdict {
    narrowingCount += 1
    let length = other.step - best.step
    guard narrowingCount <= Self.mostNarrowings,
      abs(length) > 4 * .ulpOfOne * max(best.step, other.step)
    else { return settle(on: best, last: last) }
    phase = .narrowing(best: best, other: other)
    let share = ((interpolated(best, other) ?? .nan) - best.step) / length
    step = best.step + length * (share.isNaN ? 0.5 : min(max(share, Self.margin), 1 - Self.margin))
    return .tryAgain
  }

  /// Ends the search with the best trial, if it is lower than the start.
  private mutating func settle(on best: Trial, last: Trial) -> Verdict {
    guard best.step > 0, best.value < start.value else { return .failed }
    if best.step == last.step { return .accepted }
    phase = .settling
    step = best.step
    return .tryAgain
  }

  private var rounding: Double { settings.valuePrecision * abs(start.value) }

  private func isLowEnough(_ trial: Trial) -> Bool {
    trial.value
      <= start.value + settings.sufficientDecrease * trial.step * start.slope + rounding
  }

  private func isFlatEnough(_ trial: Trial) -> Bool {
    abs(trial.slope) <= settings.curvature * abs(start.slope)
  }

  private func isHigher(_ trial: Trial, than other: Trial) -> Bool {
    trial.value > other.value + rounding
  }

  /// Where the minimum within a bracket is likely to be.
  private func interpolated(_ first: Trial, _ second: Trial) -> Double? {
    guard second.value.isFinite else { return nil }
    // Values that are equal to rounding say nothing; the zero of the slopes' secant does.
    if abs(first.value - second.value) <= rounding, first.slope * second.slope < 0 {
      let share = first.slope / (first.slope - second.slope)
      return first.step + share * (second.step - first.step)
    }
    return Self.minimum(first, second)
  }

  /// The minimum of the cubic with the values and slopes of two trials, if it has one.
  ///
  /// Equation 3.59.
  private static func minimum(_ first: Trial, _ second: Trial) -> Double? {
    let length = second.step - first.step
    let middle = first.slope + second.slope - 3 * (second.value - first.value) / length
    // Scaled, because products of slopes may leave the range.
    let scale = max(abs(middle), abs(first.slope), abs(second.slope))
    let discriminant =
      (middle / scale) * (middle / scale) - (first.slope / scale) * (second.slope / scale)
    guard discriminant >= 0 else { return nil }
    let root = (length < 0 ? -scale : scale) * discriminant.squareRoot()
    let share = (second.slope + root - middle) / (second.slope - first.slope + 2 * root)
    let minimum = second.step - length * share
    return minimum.isFinite ? minimum : nil
  }
}
