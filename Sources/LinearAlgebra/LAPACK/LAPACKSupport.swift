/// A count for LAPACK, whose integers have 32 bits.
func lapackCount(_ value: Int, _ name: String) throws(LinearAlgebraError) -> Int32 {
  guard let count = Int32(exactly: value) else {
    throw .dimensionTooLarge(name: name, value: value)
  }
  return count
}

/// A job letter.
func letter(_ scalar: Unicode.Scalar) -> CChar { CChar(truncatingIfNeeded: scalar.value) }

/// Column-major layout: a row-major matrix is read as its transpose, and nothing is copied.
let columnMajor: Int32 = 102

/// Turns LAPACK's `info` into an error, where it is one.
///
/// Positive values mean what the routine says: most often a count of elements that did not converge.
func check(
  _ info: Int32, _ routine: String,
  positive: (Int) -> LinearAlgebraError
) throws(LinearAlgebraError) {
  if info < 0 { throw .illegalArgument(routine: routine, position: Int(-info)) }
  if info > 0 { throw positive(Int(info)) }
}

/// A workspace size from a query's answer, which comes as a float.
///
/// The answer was rounded to the scalar's precision, possibly down: the next value up is enough.
func workspaceSize<Scalar: LAPACKScalar>(_ answer: Scalar, atLeast minimum: Int) -> Int {
  max(minimum, Int(answer.nextUp.rounded(.up)))
}

/// What a call with a queried workspace came to.
enum Outcome {
  case info(Int32)
  case tooLarge(Int)

  func value(workspaceOf name: String) throws(LinearAlgebraError) -> Int32 {
    switch self {
    case .info(let info): return info
    case .tooLarge(let value): throw .dimensionTooLarge(name: "\(name) workspace", value: value)
    }
  }
}
