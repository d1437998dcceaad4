internal import Evaluation
internal import LinearAlgebra

/// Inference-time intervention: along each of the attention heads that tell the sides apart best, states move by
/// their own standard deviation.
///
/// States are the inputs of the attention's output projection: the heads' outputs side by side. θ is the unit
/// difference of means of a head and σ the standard deviation of θ · x; the shift adds α σ θ.
///
/// Li, Patel, Viégas, Pfister & Wattenberg (2023), arXiv:2306.03341, section 3. The defaults there are 48 heads over
/// all layers and α = 15.
public struct HeadShift: Sendable, Equatable {
  /// One head of a layer.
  public struct Head: Sendable, Equatable {
    /// The layer's place in what was given.
    public let layer: Int
    /// The head within its layer.
    public let head: Int
    /// θ, of length 1, as wide as a head.
    public let unit: [Double]
    /// σ, the standard deviation of θ · x over all states.
    public let standardDeviation: Double
    /// How well the head tells the sides apart on held-out states, from 0 to 1.
    public let score: Double
  }

  /// Where a head is.
  public struct HeadPlace: Sendable, Equatable {
    /// The layer's place in what was given.
    public let layer: Int
    /// The head within its layer.
    public let head: Int
  }

  /// What σ is divided by: the count of states, as the code that edits weights does, or one less.
  public enum Divisor: String, Sendable, Codable {
    case count
    case countMinusOne = "count-minus-one"
  }

  /// The chosen heads, best first.
  public let heads: [Head]
  /// Heads along which no state differs from another: they were left out.
  public let constantHeads: [HeadPlace]
  /// How many features a head has.
  public let headWidth: Int

  /// Chooses heads and learns their shifts.
  ///
  /// - Parameters:
  ///   - training: The states of each layer, as wide as all its heads together.
  ///   - validation: Held-out states of the same layers, by whose area under the ROC curve along θ heads are ranked.
  ///   - headCount: How many heads a layer has.
  ///   - chosenCount: How many heads, over all layers, are shifted.
  ///   - divisor: What σ is divided by.
  /// - Throws: ``SteeringError`` for no layer, widths that are no multiple of the heads or not alike, more heads
  ///   asked for than there are, or sides that are equal.
  public init(
    training: [SteeringStates], validation: [SteeringStates], headCount: Int, chosenCount: Int,
    divisor: Divisor = .count
  ) throws(SteeringError) {
    func refusal(_ name: String, _ value: some Any, _ expected: String) -> SteeringError {
      .invalidSetting(method: "head shift", name: name, value: "\(value)", expected: expected)
    }
    guard let width = training.first?.width, validation.count == training.count else {
      throw refusal(
        "validation", "\(validation.count) layers", "as many layers as in training, at least 1")
    }
    guard headCount > 0, width % headCount == 0 else {
      throw refusal("headCount", headCount, "a divisor of the width \(width)")
    }
    let headWidth = width / headCount
    var found: [Head] = []
    var constant: [HeadPlace] = []
    for layer in training.indices {
      for states in [training[layer], validation[layer]] where states.width != width {
        throw .widthMismatch(what: "layer \(layer)", expected: width, actual: states.width)
      }
      for head in 0..<headCount {
        let columns = (head * headWidth)..<((head + 1) * headWidth)
        let slice = try training[layer].columns(columns)
        let delta = slice.differenceOfMeans
        let norm = euclideanNorm(delta.span)
        guard norm > 0 else {
          constant.append(HeadPlace(layer: layer, head: head))
          continue
        }
        let unit = delta.map { $0 / norm }
        let readings = DirectionReadings(slice, along: unit)
        let deviation = Self.standardDeviation(readings.positive + readings.negative, divisor)
        guard deviation > 0 else {
          constant.append(HeadPlace(layer: layer, head: head))
          continue
        }
        let held = DirectionReadings(try validation[layer].columns(columns), along: unit)
        let isPositive =
          held.positive.map { _ in true } + held.negative.map { _ in false }
        let score: Double
        do throws(EvaluationError) {
          score = try AreaUnderROC.value(
            scores: held.positive + held.negative, labels: isPositive)
        } catch {
          throw .evaluation(error)
        }
        found.append(
          Head(
            layer: layer, head: head, unit: unit, standardDeviation: deviation, score: score))
      }
    }
    guard chosenCount > 0, chosenCount <= found.count else {
      throw refusal(
        "chosenCount", chosenCount,
        "1 to \(found.count), the heads along which states differ (\(constant.count) of "
          + "\(headCount * training.count) do not)")
    }
    // Heads of one score keep their order, so that the choice is the same on every machine.
    let order = found.indices.sorted {
      (-found[$0].score, $0) < (-found[$1].score, $1)
    }
    heads = order.prefix(chosenCount).map { found[$0] }
    constantHeads = constant
    self.headWidth = headWidth
  }

  /// What is added to the inputs of the output projection of a layer.
  ///
  /// - Parameters:
  ///   - layer: The layer's place.
  ///   - strength: α.
  ///   - width: How wide the layer is.
  /// - Returns: α σ θ at the places of the chosen heads, and 0 elsewhere.
  public func vector(layer: Int, strength: Double, width: Int) -> [Double] {
    var result = [Double](repeating: 0, count: width)
    for head in heads where head.layer == layer {
      for (place, element) in head.unit.enumerated() {
        result[head.head * headWidth + place] = strength * head.standardDeviation * element
      }
    }
    return result
  }

  private static func standardDeviation(_ values: [Double], _ divisor: Divisor) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - (divisor == .count ? 0 : 1))).squareRoot()
  }
}

extension SteeringStates {
  /// Some of the features of all states.
  func columns(_ range: Range<Int>) throws(SteeringError) -> SteeringStates {
    try SteeringStates(
      positive: Matrix(positive.view.columns(range)),
      negative: Matrix(negative.view.columns(range)), isPaired: isPaired,
      positiveGroups: positiveGroups, negativeGroups: negativeGroups)
  }
}
