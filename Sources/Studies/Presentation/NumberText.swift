internal import RealModule

/// Numbers as people read them.
public enum NumberText {
  /// A number with a fixed count of decimals, rounded half away from zero.
  ///
  /// - Parameters:
  ///   - value: A finite number.
  ///   - decimals: How many decimals.
  /// - Returns: Text such as `0.812`.
  public static func fixed(_ value: Double, _ decimals: Int) -> String {
    let scale = Double.pow(10, decimals)
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 1e15 else { return "\(value)" }
    let digits = String(Int(scaled))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let whole = padded.dropLast(decimals)
    let sign = value < 0 && scaled > 0 ? "-" : ""
    return decimals == 0 ? sign + padded : "\(sign)\(whole).\(padded.suffix(decimals))"
  }

  /// A share between −1 and 1 as tables show it: without the leading zero.
  ///
  /// - Parameters:
  ///   - value: A finite number.
  ///   - decimals: How many decimals.
  /// - Returns: Text such as `.812`, or `1.000`.
  public static func share(_ value: Double, decimals: Int = 3) -> String {
    let text = fixed(value, decimals)
    if text.hasPrefix("-0.") { return "-" + text.dropFirst(2) }
    return text.hasPrefix("0.") ? String(text.dropFirst()) : text
  }

  /// A number with three significant digits, in scientific form where it is tiny.
  ///
  /// - Parameter value: A finite number.
  /// - Returns: Text such as `0.0123` or `1.9e-05`.
  public static func significant(_ value: Double) -> String {
    if value == 0 { return "0" }
    let exponent = Int(Double.log10(abs(value)).rounded(.down))
    if exponent >= -4 && exponent < 6 { return fixed(value, max(0, 2 - exponent)) }
    let mantissa = fixed(value / Double.pow(10, exponent), 1)
    // Rounding may carry into another digit.
    return mantissa.hasSuffix("10.0")
      ? "\(value < 0 ? "-" : "")1.0e\(exponent + 1)" : "\(mantissa)e\(exponent)"
  }

  /// A count of bytes with a binary unit.
  ///
  /// - Parameter count: A number of bytes.
  /// - Returns: Text such as `2.1 MiB`.
  public static func bytes(_ count: Int) -> String {
    var value = Double(count)
    for unit in ["bytes", "KiB", "MiB", "GiB"] {
      if value < 1024 { return unit == "bytes" ? "\(count) bytes" : "\(fixed(value, 1)) \(unit)" }
      value /= 1024
    }
    return "\(fixed(value, 1)) TiB"
  }
}
