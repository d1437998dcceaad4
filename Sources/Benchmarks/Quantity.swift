/// How figures are written.
enum Quantity {
  static func seconds(_ seconds: Double) -> String {
    seconds < 1 ? digits(seconds * 1000) + " ms" : digits(seconds) + " s"
  }

  static func bytes(_ count: Int) -> String {
    let mebibytes = Double(count) / 1_048_576
    return mebibytes < 1000 ? digits(mebibytes) + " MiB" : digits(mebibytes / 1024) + " GiB"
  }

  static func ratio(_ ratio: Double) -> String { digits(ratio) + "×" }

  static func scientific(_ value: Double) -> String {
    guard value > 0, value.isFinite else { return "\(value)" }
    var exponent = 0
    var mantissa = value
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    return "\((mantissa * 10).rounded() / 10)e\(exponent)"
  }

  /// Three digits, or all before the point.
  private static func digits(_ value: Double) -> String {
    if value >= 100 { return "\(Int(value.rounded()))" }
    if value >= 10 { return "\((value * 10).rounded() / 10)" }
    return "\((value * 100).rounded() / 100)"
  }
}
