/// What a matrix computation can refuse, or fail at, with the evidence.
public enum LinearAlgebraError: Error, Equatable, Sendable {
  /// The matrix holds a NaN or an infinity at the given place (zero-based).
  case nonFinite(row: Int, column: Int)
  /// The operation needs a square matrix.
  case notSquare(rowCount: Int, columnCount: Int)
  /// Two operands do not fit each other.
  case shapeMismatch(operation: String, expected: String, actual: String)
  /// The operation needs at least one element along the named dimension.
  case empty(dimension: String)
  /// A dimension does not fit LAPACK's 32-bit integers.
  case dimensionTooLarge(name: String, value: Int)
  /// The matrix is not positive definite: its leading minor of this order (one-based) is not.
  case notPositiveDefinite(leadingMinor: Int)
  /// An iteration did not converge; `unconverged` is LAPACK's count of elements that did not.
  case noConvergence(routine: String, unconverged: Int)
  /// A triangular matrix has a zero on its diagonal, at this zero-based place.
  case singular(diagonal: Int)
  /// LAPACK refused an argument, which is a bug in the caller's checks.
  case illegalArgument(routine: String, position: Int)
  /// The operation needs a number of items in the given range.
  case countOutOfRange(name: String, value: Int, minimum: Int, maximum: Int)
  /// A label lies outside the classes.
  case labelOutOfRange(label: Int, index: Int, classCount: Int)
}

extension LinearAlgebraError: CustomStringConvertible {
  /// What is wrong, where, what was expected and what to do.
  public var description: String {
    switch self {
    case .nonFinite(let row, let column):
      "the matrix holds a NaN or infinite element at row \(row), column \(column); "
        + "every element must be finite: clean the data or drop that row"
    case .notSquare(let rowCount, let columnCount):
      "the matrix has shape (\(rowCount), \(columnCount)); a square one is needed"
    case .shapeMismatch(let operation, let expected, let actual):
      "\(operation) expects \(expected), got \(actual)"
    case .empty(let dimension):
      "needs at least 1 \(dimension), got 0"
    case .dimensionTooLarge(let name, let value):
      "\(name) is \(value); LAPACK counts in 32 bits, so at most \(Int32.max) is possible: "
        + "split the matrix"
    case .notPositiveDefinite(let leadingMinor):
      "the leading minor of order \(leadingMinor) is not positive, so the matrix is not positive "
        + "definite: add a ridge to its diagonal, or use an eigendecomposition"
    case .noConvergence(let routine, let unconverged):
      "\(routine) did not converge (\(unconverged) elements left); "
        + "scale the matrix, or use the float64 form"
    case .singular(let diagonal):
      "the triangular matrix is singular: its diagonal element \(diagonal) is zero"
    case .illegalArgument(let routine, let position):
      "\(routine) refused argument \(position); this is a bug in Plumbline, please report it"
    case .countOutOfRange(let name, let value, let minimum, let maximum):
      "\(name) is \(value); it must lie in \(minimum)...\(maximum)"
    case .labelOutOfRange(let label, let index, let classCount):
      "label \(label) at index \(index) is outside 0..<\(classCount)"
    }
  }
}
