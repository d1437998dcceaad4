public import Activations
internal import LinearAlgebra

/// The sweeps that a dump holds: along its vector, and along random vectors beside it.
public struct ExportedSweep: Sendable {
  /// The vector that was added, times each coefficient.
  public let vector: [Double]
  /// The layer whose states it was added to; `nil` if the dump does not say.
  public let layer: Int?
  /// The outcomes along the vector.
  public let outcomes: SweepOutcomes
  /// The outcomes along each random vector, in the order of the dump.
  public let controls: [SweepOutcomes]
  /// How the last states respond to the vector; `nil` where the dump holds logits, or no coefficient above 0.
  public let response: LinearResponse?

  /// Measures the sweeps of some samples.
  ///
  /// - Parameters:
  ///   - dump: A dump with the roles `sweep.…`.
  ///   - samples: The samples.
  /// - Throws: `ActivationsError/missingRoles(_:purpose:present:)` without a sweep, or ``SteeringError``.
  public init(_ dump: ActivationDump, samples: [Int]) throws(SteeringError) {
    func missing(_ roles: [String]) -> SteeringError {
      .activations(
        .missingRoles(
          roles, purpose: "a measured sweep",
          present: dump.arrays.keys.sorted().map(\.identifier)))
    }
    let coefficients: [Double]
    do throws(ActivationsError) {
      if case .numbers(let list)? = dump.manifest.arrays[.sweepCoefficients] {
        coefficients = list
      } else if let array = dump.arrays[.sweepCoefficients] {
        coefficients = try array.values()
      } else {
        coefficients = []
      }
      vector = try dump.arrays[.sweepVector]?.values() ?? []
    } catch {
      throw .activations(error)
    }
    guard !coefficients.isEmpty else { throw missing(["sweep.coefficients"]) }
    if case .number(let value)? = dump.manifest.arrays[.sweepLayer] {
      layer = Int(value)
    } else {
      layer = nil
    }
    let sweep = try MeasuredSweep(
      coefficients: coefficients, answers: try PromptAnswers(dump, samples: samples))
    let head = dump.arrays[.unembedding] == nil ? nil : try FinalHead(dump)

    func outcomes(
      _ states: ArrayRole, _ logits: ArrayRole, direction: Int?
    ) throws(SteeringError) -> SweepOutcomes {
      if let array = dump.arrays[logits] {
        return try sweep.outcomes(
          logits: try Self.matrices(
            array, .vocabulary, samples: samples, count: coefficients.count, direction: direction))
      }
      guard let array = dump.arrays[states] else {
        throw missing([states.identifier + " or " + logits.identifier])
      }
      guard let head else { throw missing(["unembedding"]) }
      return try sweep.outcomes(
        head: head,
        states: try Self.matrices(
          array, .width, samples: samples, count: coefficients.count, direction: direction))
    }
    self.outcomes = try outcomes(.sweepStates, .sweepLogits, direction: nil)
    response = try Self.states(of: dump, samples: samples, count: coefficients.count).flatMap {
      (states) throws(SteeringError) in
      try LinearResponse(states: states, coefficients: coefficients)
    }
    let control = dump.arrays[.sweepControlLogits] ?? dump.arrays[.sweepControlStates]
    var controls: [SweepOutcomes] = []
    for direction in 0..<(control?.count(of: .direction) ?? 0) {
      controls.append(
        try outcomes(.sweepControlStates, .sweepControlLogits, direction: direction))
    }
    self.controls = controls
  }

  /// The last states that a dump's sweep holds.
  ///
  /// - Parameters:
  ///   - dump: A dump with the roles `sweep.…`.
  ///   - samples: The samples.
  ///   - count: How many coefficients there are.
  /// - Returns: (prompts, width) at each coefficient in the order of the dump; `nil` where it holds logits.
  /// - Throws: ``SteeringError/activations(_:)``.
  static func states(
    of dump: ActivationDump, samples: [Int], count: Int
  ) throws(SteeringError) -> [Matrix<Float>]? {
    guard let array = dump.arrays[.sweepStates] else { return nil }
    return try matrices(array, .width, samples: samples, count: count, direction: nil)
  }

  private static func matrices(
    _ array: DumpArray, _ columns: Axis, samples: [Int], count: Int, direction: Int?
  ) throws(SteeringError) -> [Matrix<Float>] {
    var all: [Matrix<Float>] = []
    for place in 0..<count {
      var fixed: [Axis: Int] = [.coefficient: place]
      if let direction { fixed[.direction] = direction }
      do throws(ActivationsError) {
        all.append(try array.matrix(at: samples, columns: columns, fixing: fixed))
      } catch {
        throw .activations(error)
      }
    }
    return all
  }
}
