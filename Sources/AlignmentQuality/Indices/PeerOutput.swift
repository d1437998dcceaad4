internal import Evaluation

extension IndexValue {
  /// What a peer says where it leaves the formula, with a flag that names the strict value.
  ///
  /// - Parameters:
  ///   - value: The peer's value.
  ///   - compatibility: The peer.
  ///   - strict: The value by our own conventions, whose flags are kept.
  /// - Returns: The strict value itself where the two agree, and where the peer's arithmetic overflows.
  static func peer(
    _ value: MeasuredValue, of compatibility: IndexCompatibility, insteadOf strict: IndexValue
  ) -> IndexValue {
    if let number = value.finiteValue, !number.isFinite { return strict }
    guard value != strict.value else { return strict }
    let words = strict.value.flag?.rawValue ?? strict.value.finiteValue.map { "\($0)" } ?? ""
    let flag = Flag(
      "degenerate-peer-value",
      detail: "by the conventions of \(compatibility.rawValue); strictly \(words)")
    return IndexValue(value, flags: strict.flags + [flag], details: strict.details)
  }

  /// No number, because an ingredient is missing.
  ///
  /// - Parameter what: The numbers that were not measured, such as "the distances of points".
  /// - Returns: The value.
  static func unmeasured(_ what: String) -> IndexValue {
    .undefined("\(what) were not measured; measure the index's ingredients")
  }

  /// Why there is no number for points whose squared distances overflow or underflow.
  static let outOfRange = "squared distances leave the range of float64; scale the points"

  /// A number where the arithmetic stayed within float64, else the reason why there is none.
  ///
  /// - Parameters:
  ///   - value: What the formula gave.
  ///   - flags: What a reader must know.
  /// - Returns: The value.
  static func checked(_ value: Double, flags: [Flag] = []) -> IndexValue {
    value.isFinite ? .finite(value, flags: flags) : .undefined(outOfRange, flags: flags)
  }
}

extension ClassScatter {
  /// What to know about a value of these classes: centroids within rounding of each other, and classes
  /// that are one repeated point each.
  var scatterFlags: [Flag] {
    let zero = Flag(
      "zero-within-scatter", detail: "every class is one repeated point, so nothing is estimated")
    return indistinguishableFlags + (isWithinZero ? [zero] : [])
  }
}
