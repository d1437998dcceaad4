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
}
