/// Where a token stands.
public struct TokenPlace: Sendable, Hashable {
  /// The number of the sample that the answer is to.
  public let sample: Int
  /// The token's place in the answer, from 0.
  public let token: Int

  /// A place.
  ///
  /// - Parameters:
  ///   - sample: The number of the sample.
  ///   - token: The token's place in the answer, from 0.
  public init(sample: Int, token: Int) {
    self.sample = sample
    self.token = token
  }
}
