/// What a probe answers to two statements of which one says the reverse of the other, A and Ā.
///
/// Each statement is asked about twice, with the positive side ("Yes") and with the negative side ("No")
/// of its contrast pair, so there are four probabilities. The ideal probe says Yes to one statement and
/// No to the other: (1, 0, 0, 1).
public struct OppositeAnswers: Sendable, Equatable {
  /// p(A, Yes), the probability given to A's positive side.
  public let positive: Double
  /// p(A, No), the probability given to A's negative side.
  public let negative: Double
  /// p(Ā, Yes), the probability given to the positive side of A's opposite.
  public let oppositePositive: Double
  /// p(Ā, No), the probability given to the negative side of A's opposite.
  public let oppositeNegative: Double

  /// The answers to a statement and to its opposite.
  ///
  /// - Parameters:
  ///   - positive: p(A, Yes), in [0, 1].
  ///   - negative: p(A, No), in [0, 1].
  ///   - oppositePositive: p(Ā, Yes), in [0, 1].
  ///   - oppositeNegative: p(Ā, No), in [0, 1].
  public init(
    positive: Double, negative: Double, oppositePositive: Double, oppositeNegative: Double
  ) {
    precondition(
      [positive, negative, oppositePositive, oppositeNegative].allSatisfy { 0...1 ~= $0 },
      "an answer is a probability from 0 to 1")
    self.positive = positive
    self.negative = negative
    self.oppositePositive = oppositePositive
    self.oppositeNegative = oppositeNegative
  }

  /// The answers of the negated probe, 1 − p for every p.
  public var complement: OppositeAnswers {
    OppositeAnswers(
      positive: 1 - positive, negative: 1 - negative, oppositePositive: 1 - oppositePositive,
      oppositeNegative: 1 - oppositeNegative)
  }

  /// The agreement score of the pair,
  /// AS = ½ [(p(A, Yes) − p(Ā, No))² + (p(A, No) − p(Ā, Yes))²] · sgn(p(A, Yes) − p(Ā, Yes)) ·
  /// sgn(p(Ā, No) − p(A, No)), with sgn(0) = 0.
  ///
  /// In [−1, 1): 0 is ideal. The size says how far "A is so" and "Ā is not so" are answered
  /// differently; it is negative where the two suffixes disagree about which statement is the truer. It
  /// stays as it is for the negated probe, for the two sides swapped and for the two statements swapped,
  /// so it **cannot see orientation**: a perfectly inverted probe has the same score as a perfect one.
  /// A probe that answers both statements alike has 0, too.
  public var agreementScore: Double {
    let affirmed = positive - oppositeNegative
    let denied = negative - oppositePositive
    return (affirmed * affirmed + denied * denied) / 2 * Self.sign(positive - oppositePositive)
      * Self.sign(oppositeNegative - negative)
  }

  /// How far the probe says the same of both statements, p(A, Yes) · p(Ā, Yes) + p(A, No) · p(Ā, No).
  ///
  /// In [0, 2]: 0 is ideal, and lower is better, but only beside other evidence: a probe that gives no
  /// side any probability has 0 as well. The two swaps leave it as it is; the negated probe has
  /// CI + 2 − (p(A, Yes) + p(A, No) + p(Ā, Yes) + p(Ā, No)), which is the same wherever the two sides of
  /// each statement add up to one, so that it **cannot see orientation** either.
  public var contradiction: Double { positive * oppositePositive + negative * oppositeNegative }

  /// The distance to (1, 0, 0, 1), halved: Yes to A, No to its opposite.
  ///
  /// In [0, 1]: 0 is ideal, 1 is the ideal probe negated, √½ is any constant answer of all Yes or all
  /// No. The only one of the pair measures that sees orientation, and for that reason the only one for
  /// which it matters which statement is called A.
  public var idealDistance: Double {
    let deviations = [1 - positive, negative, oppositePositive, 1 - oppositeNegative]
    return deviations.reduce(0) { $0 + $1 * $1 }.squareRoot() / 2
  }

  private static func sign(_ value: Double) -> Double { value > 0 ? 1 : (value < 0 ? -1 : 0) }
}
