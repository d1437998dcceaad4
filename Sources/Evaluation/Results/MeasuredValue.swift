/// A measured number, or the reason why there is none.
///
/// In JSON a finite value is a number; the other cases are objects, `{"infinite": reason}` and
/// `{"undefined": reason}`.
public enum MeasuredValue: Sendable, Hashable {
  /// A number; never NaN or infinite.
  case finite(Double)
  /// The metric has a limit that is infinite, for the reason given.
  case infinite(String)
  /// The metric has no value on this input, for the reason given.
  case undefined(String)

  /// The number, if there is one.
  public var finiteValue: Double? {
    if case .finite(let value) = self { value } else { nil }
  }

  /// The flag that a result without a number carries.
  public var flag: Flag? {
    switch self {
    case .finite: nil
    case .infinite(let reason): .infinite(reason)
    case .undefined(let reason): .undefined(reason)
    }
  }

  /// Applies a function to the number, if there is one.
  ///
  /// - Parameter transform: A function that is finite for every finite argument.
  /// - Returns: The transformed number, or the same reason.
  public func map(_ transform: (Double) -> Double) -> MeasuredValue {
    if case .finite(let value) = self { .finite(transform(value)) } else { self }
  }
}

extension MeasuredValue: Codable {
  private enum CodingKeys: String, CodingKey {
    case infinite
    case undefined
  }

  /// Decodes a number or a reason.
  public init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: CodingKeys.self) {
      if let reason = try container.decodeIfPresent(String.self, forKey: .infinite) {
        self = .infinite(reason)
      } else {
        self = .undefined(try container.decode(String.self, forKey: .undefined))
      }
    } else {
      self = .finite(try decoder.singleValueContainer().decode(Double.self))
    }
  }

  /// Encodes a number or a reason.
  ///
  /// - Throws: `EncodingError` for a `finite` case that is NaN or infinite.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .finite(let value):
      guard value.isFinite else {
        throw EncodingError.invalidValue(
          value,
          EncodingError.Context(
            codingPath: encoder.codingPath,
            debugDescription: "a finite measured value is \(value); name the reason instead"))
      }
      var container = encoder.singleValueContainer()
      try container.encode(value)
    case .infinite(let reason):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(reason, forKey: .infinite)
    case .undefined(let reason):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(reason, forKey: .undefined)
    }
  }
}
