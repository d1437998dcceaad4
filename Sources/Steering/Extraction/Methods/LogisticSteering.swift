public import Evaluation
internal import LinearAlgebra
internal import Optimization

/// The weights of a logistic regression that tells the positive from the negative states.
///
/// They read the side best, which is not the same as moving it best. The penalty ½‖w‖² + C · Σ loss keeps them
/// finite where the sides are separable, as they often are.
public struct LogisticSteering: SteeringMethod {
  /// The name in recipes, on the command line and in records.
  public static let identifier = "logistic-regression"
  /// One line of help.
  public static let summary =
    "weights of a logistic regression of the side on the state"
  /// Where the definition comes from.
  public static let source = Citation(
    authors: "Tan, Chanin, Lynch, Paige, Kanoulas, Garriga-Alonso & Kirk", year: 2024,
    title: "Analysing the Generalisation and Reliability of Steering Vectors",
    link: "https://arxiv.org/abs/2407.12404")
  /// The settings of other tools.
  public static let variants = [
    MethodVariant(
      "easysteer", summary: "EasySteer's, whose weights are of standardised features",
      overrides: [
        "centersPairs": .bool(false),
        "standardization": .string(Standardization.scaledUnits.rawValue),
      ])
  ]

  /// The length that the vector is given.
  public var length = VectorLength.unit
  /// C in ½‖w‖² + C · Σ loss; lower is stronger.
  public var inversePenalty = 1.0
  /// Whether each state is taken less the midpoint of its pair, where there are pairs.
  public var centersPairs = true
  /// Whether features are scaled first.
  public var standardization = Standardization.none

  /// Creates the method with its published defaults.
  public init() {}

  /// The axis, as ``SteeringMethod/axis(of:seed:layer:)`` says.
  ///
  /// - Parameters:
  ///   - states: The states of one layer.
  ///   - seed: The seed of the run.
  ///   - layer: The layer's number.
  /// - Returns: The axis.
  /// - Throws: ``SteeringError``.
  public func axis(
    of states: SteeringStates, seed: UInt64, layer: Int
  ) throws(SteeringError) -> SteeringAxis {
    guard inversePenalty > 0, inversePenalty.isFinite else {
      throw .invalidSetting(
        method: Self.identifier, name: "inversePenalty", value: "\(inversePenalty)",
        expected: "a finite number above 0; without a penalty, separable sides have no weights")
    }
    var (rows, labels) = try rowsAndLabels(of: states)
    let moments: ColumnMoments
    let deviations: [Double]
    do throws(LinearAlgebraError) {
      moments = try ColumnMoments(of: rows.view)
      deviations = try moments.standardDeviations(.count).map { $0 > 0 ? $0 : 1 }
    } catch {
      throw .linearAlgebra(error)
    }
    if standardization != .none {
      rows.subtractFromRows(moments.means.map { Float($0) })
      rows.scaleColumns(by: deviations.map { Float(1 / $0) })
    }
    do throws(OptimizationError) {
      let fitted = try LogisticRegression().fit(
        rows: rows.view, labels: labels, penalty: .inverse(inversePenalty))
      let flags =
        fitted.isConverged
        ? [] : [Flag("not-converged", detail: "after \(fitted.iterationCount) steps")]
      let weights =
        standardization == .originalUnits
        ? zip(fitted.weights, deviations).map { $0 / $1 } : fitted.weights
      return SteeringAxis(weights, flags: flags)
    } catch {
      throw .optimization(error)
    }
  }

  private func rowsAndLabels(
    of states: SteeringStates
  ) throws(SteeringError) -> (Matrix<Float>, [Int]) {
    let labels =
      [Int](repeating: 1, count: states.positive.rowCount)
      + [Int](repeating: 0, count: states.negative.rowCount)
    guard centersPairs, states.isPaired else {
      let elements = states.positive.elements + states.negative.elements
      return (
        Matrix(rowCount: states.count, columnCount: states.width, elements: elements), labels
      )
    }
    // The two sides less the midpoint of their pair are ±D/2, and the intercept is 0 by symmetry.
    let halves = try states.differences(for: Self.identifier).elements.map { $0 / 2 }
    let rows = Matrix(
      rowCount: states.count, columnCount: states.width, elements: halves + halves.map { -$0 })
    return (rows, labels)
  }

  /// Whether features are scaled to standard deviation 1 first, and in whose units the weights are given.
  public enum Standardization: String, Sendable, Codable, CaseIterable {
    /// Features stay as they are.
    case none
    /// They are scaled, and the weights are of the features before that.
    case originalUnits = "original-units"
    /// They are scaled, and the weights are of the scaled features, as EasySteer leaves them.
    case scaledUnits = "scaled-units"
  }
}
