/// Any statistic, as a function.
public struct FunctionStatistic: LabelStatistic {
  private let function: @Sendable ([Int]) -> Double

  /// Wraps a function.
  ///
  /// - Parameter function: The statistic for one labelling; finite.
  public init(_ function: @escaping @Sendable ([Int]) -> Double) {
    self.function = function
  }

  /// Returns the statistic for one labelling.
  public func value(labels: [Int]) -> Double { function(labels) }
}
