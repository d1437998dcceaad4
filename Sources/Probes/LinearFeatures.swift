internal import Activations
internal import LinearAlgebra

/// The features of linear probes: normalised rows, or the difference of normalised sides.
enum LinearFeatures {
  static func fit(_ data: consuming ProbeData, normalization: Normalization) throws(ProbeError) -> (
    Matrix<Float>, FittedNormalization
  ) {
    do throws(ActivationsError) {
      switch consume data {
      case .pairs(var pairs):
        let fitted = try normalization.fit(pairs)
        try fitted.apply(to: &pairs)
        return (pairs.differences, fitted)
      case .rows(var rows):
        let fitted = try normalization.fit(rows)
        try fitted.apply(to: &rows)
        return (rows.activations, fitted)
      }
    } catch {
      throw .activations(error)
    }
  }

  static func apply(_ normalization: FittedNormalization, to data: consuming ProbeData)
    throws(ProbeError) -> Matrix<Float>
  {
    do throws(ActivationsError) {
      switch consume data {
      case .pairs(var pairs):
        try normalization.apply(to: &pairs)
        return pairs.differences
      case .rows(var rows):
        try normalization.apply(to: &rows)
        return rows.activations
      }
    } catch {
      throw .activations(error)
    }
  }
}
