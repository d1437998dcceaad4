/// Floating-point bit patterns of every stored width.
enum StoredFloat {
  /// The exact value of a pattern; 0 for types that are not floating-point.
  static func value(_ pattern: UInt64, as type: ElementType) -> Double {
    switch type {
    case .float64: Double(bitPattern: pattern)
    case .float32: Double(Float(bitPattern: UInt32(truncatingIfNeeded: pattern)))
    case .bfloat16: Double(Float(bitPattern: UInt32(truncatingIfNeeded: pattern) << 16))
    case .float16: half(UInt16(truncatingIfNeeded: pattern))
    default: 0
    }
  }

  /// IEEE 754 binary16, without `Float16`, which not every platform has.
  private static func half(_ pattern: UInt16) -> Double {
    let significand = Double(pattern & 0x3FF)
    let exponent = Int(pattern >> 10 & 0x1F)
    let magnitude: Double =
      switch exponent {
      case 0: significand * 0x1p-24
      case 31: significand == 0 ? .infinity : .nan
      default:
        (1 + significand * 0x1p-10) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
      }
    return pattern >> 15 == 0 ? magnitude : -magnitude
  }

  /// The binary16 nearest to a number, the even one of two; `nil` if it is beyond the largest, 65504.
  static func halfPattern(_ value: Double) -> UInt16? {
    let magnitude = value.magnitude
    // Halfway to the next power of two, which is not there, the even neighbour is infinity.
    guard magnitude < 65_520 else { return nil }
    let exponent = max(magnitude.exponent, -14)
    let step = Double(sign: .plus, exponent: exponent - 10, significand: 1)
    // Division by a power of two is exact. Below 2⁻¹⁴ the steps are the pattern itself; above, a
    // significand that rounds up to 2048 carries into the exponent.
    let steps = (magnitude / step).rounded(.toNearestOrEven)
    let pattern = UInt16(steps) + UInt16(exponent + 14) << 10
    return value.sign == .minus ? pattern | 0x8000 : pattern
  }
}
