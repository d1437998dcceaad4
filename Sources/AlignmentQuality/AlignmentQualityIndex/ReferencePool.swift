public import Evaluation

/// Values of one index for several models, against which another value is read.
///
/// The paper reads its index after the fact as z-scores and percentiles within a family of models. Both say
/// only how a value compares with the pool; a pool of values from other formulas, other numbers of points
/// or another layer says nothing.
public struct ReferencePool: Sendable, Equatable {
  /// The values, rising.
  public let values: [Double]

  /// Takes values for a pool.
  ///
  /// - Parameter values: At least one, all finite, in any order.
  /// - Throws: ``AlignmentQualityError/invalidSetting(method:name:value:expected:)``.
  public init(_ values: [Double]) throws(AlignmentQualityError) {
    guard !values.isEmpty, values.allSatisfy(\.isFinite) else {
      throw .invalidSetting(
        method: "reference-pool", name: "values", value: "\(values)",
        expected: "at least 1 value, all of them finite")
    }
    self.values = values.sorted()
  }

  /// How many standard deviations of the pool a value lies above its mean.
  ///
  /// - Parameter value: A finite value.
  /// - Returns: (value − μ)/σ with σ² divided by the count less one; undefined where the pool does not vary.
  public func zScore(of value: Double) -> MeasuredValue {
    guard let first = values.first, let last = values.last, first < last else {
      return .undefined("all values of the pool are the same, so they give no scale")
    }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return .finite((value - mean) / (squares / (count - 1)).squareRoot())
  }

  /// The share of the pool below a value in per cent, values that are equal counting one half.
  ///
  /// - Parameter value: A finite value.
  /// - Returns: From 0 to 100, as SciPy's `percentileofscore` with `kind="mean"`.
  public func percentileRank(of value: Double) -> Double {
    let below = values.count { $0 < value }
    let equal = values.count { $0 == value }
    return 100 * (Double(below) + Double(equal) / 2) / Double(values.count)
  }

  /// A percentile of the pool, interpolated linearly.
  ///
  /// The 99th percentile of CH is the reference of ``AlignmentQualityFormula/paperGeometric``.
  ///
  /// - Parameter rank: From 0 to 100.
  /// - Returns: The value at that place.
  public func percentile(_ rank: Double) -> Double {
    Quantile.value(at: rank / 100, ofSorted: values)
  }
}

/// How far an index fell between two measurements of one model, such as before and after fine-tuning.
public struct AlignmentQualityDrop: Sendable, Equatable {
  /// The value before.
  public let before: Double
  /// The value after.
  public let after: Double

  /// Compares two values of the same formula, at the same numbers of points.
  ///
  /// - Parameters:
  ///   - before: The value before, finite.
  ///   - after: The value after, finite.
  public init(before: Double, after: Double) {
    self.before = before
    self.after = after
  }

  /// The paper's ΔAQI = before − after, above 0 where the index fell.
  public var difference: Double { before - after }

  /// The drop in per cent of the value before; undefined where that is 0.
  ///
  /// The paper calls 10 to 20 % early erosion.
  public var percentage: MeasuredValue {
    before == 0
      ? .undefined("the value before is 0, so a drop is no share of it")
      : .finite(100 * difference / before)
  }
}
