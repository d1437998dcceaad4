internal import Evaluation
internal import LinearAlgebra

/// What tells how far a direction can be trusted, from the states that it was extracted from.
///
/// Reading accuracy and area under the curve are of the extraction's own states, so they flatter; held-out
/// states tell more.
public struct DirectionDiagnostics: Sendable, Codable, Equatable {
  /// The cosine to the difference of means; `nil` where the means are equal.
  public let cosineToDifferenceOfMeans: Double?
  /// ‖μ⁺ − μ⁻‖.
  public let distanceOfMeans: Double
  /// The squared mean difference of a pair against the leading variance of the differences.
  ///
  /// ‖mean D‖² / λ₁(cov D), with cov D over n. Principal components of pair differences find
  /// the mean difference if this is above 1, and the leading nuisance if it is below. `nil` without pairs, or where all
  /// differ alike.
  public let gapRatio: Double?
  /// The share of pairs whose positive state projects higher.
  ///
  /// Ties count half; `nil` without pairs.
  public let readingAccuracy: Double?
  /// The probability that a positive state projects higher than a negative one.
  ///
  /// Ties count half; `nil` only where projections overflow.
  public let areaUnderROC: Double?
  /// Whether the rule of means and that of the majority of pairs give the direction different signs; `nil`
  /// without pairs.
  public let signsDisagree: Bool?
  /// The standard deviation of all states along the direction: a coefficient of 1 in units of it moves a
  /// state so far.
  public let standardDeviation: Double
  /// The mean length of the states, for coefficients relative to it.
  public let meanStateNorm: Double

  init(_ states: SteeringStates, readings: DirectionReadings, unit: [Double]) {
    let means = states.differenceOfMeans
    let gap = euclideanNorm(means.span)
    distanceOfMeans = gap
    cosineToDifferenceOfMeans = gap > 0 ? cosine(unit, means) : nil
    let scores = readings.positive + readings.negative
    let isPositive = scores.indices.map { $0 < readings.positive.count }
    areaUnderROC = try? AreaUnderROC.value(scores: scores, labels: isPositive)
    let mean = scores.reduce(0, +) / Double(scores.count)
    let squares = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    standardDeviation = (squares / Double(scores.count)).squareRoot()
    meanStateNorm =
      [states.positive, states.negative].reduce(0) { sum, side in
        sum + squaredRowNorms(of: side.view).reduce(0) { $0 + $1.squareRoot() }
      } / Double(states.count)
    guard states.isPaired else {
      (readingAccuracy, signsDisagree, gapRatio) = (nil, nil, nil)
      return
    }
    let pairs = zip(readings.positive, readings.negative)
    let higher = Double(pairs.count { $0 > $1 }) + Double(pairs.count { $0 == $1 }) / 2
    readingAccuracy = higher / Double(readings.positive.count)
    let signs = [SignRule.differenceOfMeans, .pairMajority].map {
      $0.sign(positive: readings.positive, negative: readings.negative)
    }
    signsDisagree = signs[0] != signs[1]
    gapRatio = DirectionDiagnostics.gapRatio(states, gap: gap)
  }

  /// `nil` if all pairs differ alike, or the leading variance cannot be found.
  private static func gapRatio(_ states: SteeringStates, gap: Double) -> Double? {
    guard let differences = try? states.differences(for: ""),
      let leading = try? LeadingComponents(of: [differences], centering: .columns, count: 1)
    else { return nil }
    let variance = leading.meanSquares[0]
    return variance > 0 ? gap * gap / variance : nil
  }

  /// What a reader must know about a direction like this.
  var flags: [Flag] {
    var flags: [Flag] = []
    if let gapRatio, gapRatio < 1 {
      flags.append(
        Flag(
          "small-gap",
          detail: "the pairs' leading variance exceeds their mean difference squared (ratio "
            + "\(gapRatio.rounded(toPlaces: 3))), so that components of differences may find another "
            + "concept"))
    }
    if let cosineToDifferenceOfMeans, cosineToDifferenceOfMeans.magnitude < 0.5 {
      flags.append(
        Flag(
          "off-the-means",
          detail: "its cosine to the difference of means is "
            + "\(cosineToDifferenceOfMeans.rounded(toPlaces: 3))"))
    }
    if signsDisagree == true {
      flags.append(
        Flag("sign-disagreement", detail: "means and the majority of pairs give opposite signs"))
    }
    return flags
  }
}

extension Double {
  /// The number at so many decimal places, for text.
  func rounded(toPlaces places: Int) -> Double {
    let scale = Double((0..<places).reduce(1) { power, _ in power * 10 })
    return (self * scale).rounded() / scale
  }
}
