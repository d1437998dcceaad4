internal import Activations
public import LinearAlgebra
internal import Optimization

/// What reads a concept from a state: the logit w · h + b, and the probability σ of it.
public struct LinearReadout: Sendable, Codable, Equatable {
  /// w, one a feature.
  public let weights: [Double]
  /// b.
  public let intercept: Double
  /// Whether its penalty was chosen by held-out folds of groups; if not, there were too few, and it is that of C = 1.
  public let isPenaltyChosen: Bool

  /// A read-out that is known.
  ///
  /// - Parameters:
  ///   - weights: One a feature, finite.
  ///   - intercept: The logit of a state of zeros.
  public init(weights: [Double], intercept: Double) {
    self.init(weights: weights, intercept: intercept, isPenaltyChosen: false)
  }

  private init(weights: [Double], intercept: Double, isPenaltyChosen: Bool) {
    self.weights = weights
    self.intercept = intercept
    self.isPenaltyChosen = isPenaltyChosen
  }

  /// The logits of states.
  ///
  /// - Parameter states: (n, width), as wide as the weights.
  /// - Returns: w · h + b of each, in float64.
  public func logits(of states: Matrix<Float>) -> [Double] {
    DirectionReadings.projections(of: states, on: weights).map { $0 + intercept }
  }

  /// A logistic regression of the side on the state.
  ///
  /// The penalty ½‖w‖² + C · Σ loss has that C of ten, from 10⁻⁴ to 10⁴, under which held-out folds of groups are told
  /// best. Features are centred first, which changes nothing but the rounding.
  ///
  /// - Parameters:
  ///   - states: Two sides of at least two states together.
  ///   - seed: The seed of the folds.
  ///   - layer: The layer's number, which names the stream of random numbers.
  /// - Returns: The read-out; above 0 for the positive side.
  /// - Throws: ``SteeringError``.
  /// - Complexity: That of `LogisticRegression/crossValidate(rows:labels:folds:penalties:)`.
  public static func logistic(
    of states: SteeringStates, seed: UInt64 = 0, layer: Int = 0
  ) throws(SteeringError) -> LinearReadout {
    let labels =
      [Int](repeating: 1, count: states.positive.rowCount)
      + [Int](repeating: 0, count: states.negative.rowCount)
    var rows = Matrix(
      rowCount: states.count, columnCount: states.width,
      elements: states.positive.elements + states.negative.elements)
    let means = try centering(&rows)
    let folds = try folds(
      of: states.positiveGroups + states.negativeGroups, labels: labels, seed: seed, layer: layer)
    let fitted: FittedLogisticRegression
    do throws(OptimizationError) {
      if let folds {
        fitted = try LogisticRegression().crossValidate(
          rows: rows.view, labels: labels, folds: folds
        ).fitted
      } else {
        fitted = try LogisticRegression().fit(
          rows: rows.view, labels: labels, penalty: .inverse(1))
      }
    } catch {
      throw .optimization(error)
    }
    let weights = fitted.weights
    return LinearReadout(
      weights: weights, intercept: fitted.intercept - dotProduct(weights.span, means.span),
      isPenaltyChosen: folds != nil)
  }

  /// Takes the means off the columns, and returns them as they were subtracted.
  private static func centering(_ rows: inout Matrix<Float>) throws(SteeringError) -> [Double] {
    do throws(LinearAlgebraError) {
      let means = try ColumnMoments(of: rows.view).means.map { Float($0) }
      rows.subtractFromRows(means)
      return means.map { Double($0) }
    } catch {
      throw .linearAlgebra(error)
    }
  }

  /// Five folds of groups, or fewer, each of which leaves both sides to the others; `nil` where there are none.
  private static func folds(
    of groups: [Int], labels: [Int], seed: UInt64, layer: Int
  ) throws(SteeringError) -> [Int]? {
    do throws(ActivationsError) {
      let blocks = try SampleBlocks(sampleCount: groups.count, groups: groups)
      for count in stride(from: min(5, blocks.blocks.count), to: 1, by: -1) {
        var generator = SeededGenerator(
          seed: seed, stream: SteeringStream.readoutFolds.rawValue, UInt64(layer))
        let splits = try Split.folds(count, from: blocks, using: &generator)
        guard splits.allSatisfy({ Set($0.train.map { labels[$0] }).count == 2 }) else { continue }
        var folds = [Int](repeating: 0, count: groups.count)
        for (number, split) in splits.enumerated() {
          for row in split.test { folds[row] = number }
        }
        return folds
      }
      return nil
    } catch {
      throw .activations(error)
    }
  }
}
