internal import Activations
internal import LinearAlgebra

extension ContrastPairs {
  /// The positive side less the negative one, a row a pair.
  var differences: Matrix<Float> {
    var result = positive
    result.subtractElements(of: negative)
    return result
  }
}
