/// What a user should look at in a sweep of steering strengths, in sentences.
struct SweepWarnings {
  let roles: Set<ArrayRole>
  let sweep: DumpInspection.Sweep?

  private static let measured: [ArrayRole] = [.sweepStates, .sweepLogits]
  private static let controls: [ArrayRole] = [.sweepControlStates, .sweepControlLogits]

  var all: [String] {
    var warnings: [String] = []
    let present = (Self.measured + Self.controls).filter(roles.contains)
    if let first = present.first, !roles.contains(.sweepCoefficients) {
      warnings.append(
        "\(first) has no sweep.coefficients to say how strongly each state was steered; no sweep can "
          + "be measured")
    }
    if let first = Self.measured.first(where: roles.contains), !roles.contains(.sweepVector) {
      warnings.append("\(first) has no sweep.vector, so that the norm of what was added is unknown")
    }
    if let first = Self.controls.first(where: roles.contains), !roles.contains(.sweepControlVectors)
    {
      warnings.append(
        "\(first) has no sweep.controlVectors, so that their norms cannot be compared with the vector's"
      )
    }
    if roles.contains(.sweepControlVectors), !Self.controls.contains(where: roles.contains) {
      warnings.append(
        "sweep.controlVectors has neither sweep.controlStates nor sweep.controlLogits; controls that "
          + "were not measured control nothing")
    }
    return warnings + coefficients
  }

  private var coefficients: [String] {
    guard let coefficients = sweep?.coefficients else { return [] }
    var warnings: [String] = []
    if !coefficients.contains(0) {
      warnings.append(
        "sweep.coefficients does not hold 0, so that the model without steering is not among what was "
          + "measured")
    }
    let repeated = coefficients.count - Set(coefficients).count
    if repeated > 0 {
      warnings.append(
        "\(repeated) of the \(coefficients.count) sweep.coefficients repeat an earlier one")
    }
    return warnings
  }
}
