internal import RealModule

/// How strongly a logistic regression is held back by the squared norm ‖w‖² of its weights.
///
/// Two forms are common, and each is given by its own number. With S the sum of the sample weights,
/// which is the number of rows, they ask for the same minimum where λ = 1 / (2 C S). So the same C
/// weakens the penalty as rows are added, and the same λ does not. The intercept is never penalised.
public enum LogisticPenalty: Sendable, Hashable {
  /// scikit-learn's C in ½‖w‖² + C · Σᵢ sᵢ ℓᵢ; lower is stronger.
  case inverse(Double)
  /// λ in the mean of sᵢ ℓᵢ, plus λ‖w‖², as elk has it; higher is stronger.
  case meanLoss(Double)

  /// Ten values of C from 10⁻⁴ to 10⁴, evenly spaced in the logarithm, as scikit-learn chooses from.
  public static let defaultGrid = (0..<10).map {
    LogisticPenalty.inverse(Double.exp10(Double(8 * $0) / 9 - 4))
  }

  /// λ of ``meanLoss(_:)`` for a number of rows.
  ///
  /// - Parameter rowCount: S, the sum of the sample weights.
  /// - Returns: The factor of ‖w‖² beside the mean loss; higher is stronger.
  public func strength(rowCount: Int) -> Double {
    switch self {
    case .inverse(let inverse): 1 / (2 * inverse * Double(rowCount))
    case .meanLoss(let strength): strength
    }
  }

  /// C of ``inverse(_:)`` for a number of rows.
  ///
  /// - Parameter rowCount: S, the sum of the sample weights.
  /// - Returns: The factor of the summed losses beside ½‖w‖²; lower is stronger.
  public func inverse(rowCount: Int) -> Double {
    switch self {
    case .inverse(let inverse): inverse
    case .meanLoss(let strength): 1 / (2 * strength * Double(rowCount))
    }
  }

  /// λ, checked.
  func checkedStrength(rowCount: Int) throws(OptimizationError) -> Double {
    let strength = strength(rowCount: rowCount)
    guard strength > 0, strength.isFinite else { throw .invalidPenalty(self) }
    return strength
  }
}

extension LogisticPenalty: CustomStringConvertible {
  /// The number with its letter: `C = 0.1` or `λ = 0.001`.
  public var description: String {
    switch self {
    case .inverse(let inverse): "C = \(inverse)"
    case .meanLoss(let strength): "λ = \(strength)"
    }
  }
}
