public import LinearAlgebra

extension ContrastPairs {
  /// The positive side less the negative one, a row a pair.
  public var differences: Matrix<Float> {
    var result = positive
    result.subtractElements(of: negative)
    return result
  }
}
