public import Evaluation

/// The uncertainty of one answer by one score; higher is less to be trusted.
public struct AnswerUncertainty: Sendable, Equatable {
  /// The uncertainty, or why there is none.
  public let value: MeasuredValue
  /// What it lies between, where the largest logits do not settle it and ``value`` is one of the bounds.
  public let bounds: ClosedRange<Double>?

  /// An uncertainty.
  ///
  /// - Parameters:
  ///   - value: The uncertainty, or why there is none.
  ///   - bounds: What it lies between, where ``value`` is a bound.
  public init(_ value: MeasuredValue, bounds: ClosedRange<Double>? = nil) {
    self.value = value
    self.bounds = bounds
  }

  /// A number, or +∞ where a token could not come.
  init(_ number: Double) {
    self.init(
      number == .infinity
        ? .infinite("a token of the answer has probability 0, or too small a one for float64")
        : .finite(number))
  }
}

/// The uncertainty of every answer by one score; higher is less to be trusted.
public struct AnswerUncertainties: Sendable, Equatable {
  /// The score's identifier.
  public let score: String
  /// The number of the sample of each answer.
  public let samples: [Int]
  /// The uncertainty of each answer.
  public let answers: [AnswerUncertainty]
  /// What a reader must know.
  public let flags: [Flag]

  /// The numbers, or the reasons why there are none.
  public var values: [MeasuredValue] { answers.map(\.value) }

  init(score: String, samples: [Int], answers: [AnswerUncertainty]) {
    self.score = score
    self.samples = samples
    self.answers = answers
    let bounded = answers.compactMap(\.bounds)
    let widest = bounded.map { $0.upperBound - $0.lowerBound }.max()
    flags =
      widest.map { widest in
        [
          Flag(
            "truncated-vocabulary",
            detail:
              "\(bounded.count) of \(answers.count) answers have a bound, not a value; the bounds "
              + "are up to \(widest) apart")
        ]
      } ?? []
  }
}
