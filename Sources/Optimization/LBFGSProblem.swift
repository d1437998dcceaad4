internal import LinearAlgebra

/// One minimisation: says where it wants the function, is told, and says where next or that it is done.
struct LBFGSProblem: Sendable {
  /// Where value and gradient are wanted next.
  private(set) var trial: [Double]
  /// Why the minimisation ended; `nil` while it goes on.
  private(set) var stop: LBFGSOutcome.StopReason?
  private let settings: LBFGS
  private var point: [Double]
  private var value = Double.nan
  private var gradient: [Double] = []
  private var direction: [Double] = []
  /// The search along `direction`; `nil` until the start has been evaluated.
  private var search: StrongWolfeSearch?
  private var history: CurvatureHistory
  /// The length of the next step that follows the gradient, whose size says nothing.
  private var stepLength: Double
  private var iterationCount = 0
  private var evaluationCount = 0

  /// Starts at a point, which is wanted first.
  init(start: [Double], settings: LBFGS) {
    trial = start
    point = start
    self.settings = settings
    history = CurvatureHistory(capacity: settings.historyCount)
    stepLength = settings.firstStepLength
  }

  /// What was reached; `nil` while the minimisation goes on.
  var outcome: LBFGSOutcome? {
    stop.map {
      LBFGSOutcome(
        point: point, value: value, iterationCount: iterationCount,
        evaluationCount: evaluationCount, stop: $0)
    }
  }

  /// Takes note of value and gradient at ``trial``.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - gradient: The gradient.
  ///   - gradientScale: The sum of the norms of the gradient's terms.
  mutating func tell(value: Double, gradient: [Double], gradientScale: Double) {
    evaluationCount += 1
    let isFinite = value.isFinite && Double.firstNonFinite(in: gradient.span) == nil
    guard var search else {
      self.value = value
      guard isFinite else {
        stop = .notFinite
        return
      }
      return move(to: value, gradient: gradient, gradientScale: gradientScale)
    }
    let verdict = search.tell(
      value: isFinite ? value : .infinity,
      slope: isFinite ? dotProduct(gradient.span, direction.span) : .nan)
    self.search = search
    switch verdict {
    case .tryAgain: request(step: search.step)
    case .accepted: accept(value: value, gradient: gradient, gradientScale: gradientScale)
    case .failed: recover(from: search)
    }
  }

  /// Takes the step to ``trial``.
  private mutating func accept(value: Double, gradient: [Double], gradientScale: Double) {
    let step = moved(trial.span, along: point.span, by: -1)
    history.append(step: step, change: moved(gradient.span, along: self.gradient.span, by: -1))
    let length = euclideanNorm(step.span)
    if length > 0 { stepLength = length }
    iterationCount += 1
    let decrease = self.value - value
    let smallest = settings.decreaseTolerance * abs(self.value)
    point = trial
    move(to: value, gradient: gradient, gradientScale: gradientScale)
    if stop == nil, smallest > 0, decrease <= smallest { stop = .smallDecrease }
  }

  /// Makes ``trial``, which was accepted or is the start, the place to go on from.
  private mutating func move(to value: Double, gradient: [Double], gradientScale: Double) {
    self.value = value
    self.gradient = gradient
    stop = reasonToStop(gradientNorm: euclideanNorm(gradient.span), gradientScale: gradientScale)
    if stop == nil { beginSearch() }
  }

  private func reasonToStop(
    gradientNorm: Double, gradientScale: Double
  ) -> LBFGSOutcome.StopReason? {
    if let floor = settings.valueFloor, value <= floor { return .valueFloor }
    if gradientNorm == 0 { return gradientScale > 0 ? .stationary : .vanishingGradient }
    if gradientNorm <= settings.gradientTolerance * gradientScale { return .stationary }
    return iterationCount >= settings.maximumIterationCount ? .iterationLimit : nil
  }

  /// Chooses a direction: the quasi-Newton one, or that of the gradient if it does not descend.
  private mutating func beginSearch() {
    if !history.isEmpty {
      direction = history.direction(for: gradient)
      let slope = dotProduct(direction.span, gradient.span)
      if slope < 0, slope.isFinite { return search(slope: slope, firstStep: 1) }
      history.removeAll()
    }
    // Of length one, so that neither a gradient of 1e-200 nor one of 1e200 leaves the range.
    let norm = euclideanNorm(gradient.span)
    direction = gradient.map { -$0 / norm }
    search(slope: -norm, firstStep: stepLength)
  }

  private mutating func search(slope: Double, firstStep: Double) {
    search = StrongWolfeSearch(
      value: value, slope: slope, firstStep: firstStep, settings: settings)
    request(step: firstStep)
  }

  private mutating func request(step: Double) {
    if evaluationCount >= settings.maximumEvaluationCount { stop = .evaluationLimit }
    trial = moved(point.span, along: direction.span, by: step)
  }

  /// Forgets the curvature and follows the gradient, or gives up if that was followed already.
  private mutating func recover(from search: StrongWolfeSearch) {
    guard history.isEmpty else {
      history.removeAll()
      return beginSearch()
    }
    stop = search.isLastFinite ? .lineSearchFailed : .notFinite
  }
}
