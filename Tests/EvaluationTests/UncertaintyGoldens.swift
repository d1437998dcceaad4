import Evaluation

/// What `Golden/generate_uncertainty.py` computed with NumPy, SciPy and scikit-learn.
struct UncertaintyGoldens: Decodable {
  struct Inputs: Decodable {
    var uncertainty: [Double]
    var confidence: [Double]
    var correct: [Double]
    var quality: [Double]
    var tiedConfidence: [Double]

    var tied: [Double] { tiedConfidence.map { -$0 } }
  }
  struct Outputs: Decodable {
    var rejection: [String: [String: Rejection]]
    var metrics: [String: Double]
    var shuffles: [String: [Int]]
    var isotonic: Isotonic
  }
  struct Isotonic: Decodable {
    var confidence: [Double]
    var probability: [Double]
  }
  struct Rejection: Decodable {
    var area: Double
    var oracle: Double
    var random: Double
    var prr: Double
  }

  var inputs: Inputs
  var outputs: Outputs

  static func read() throws -> UncertaintyGoldens {
    try golden("uncertainty.json", as: UncertaintyGoldens.self)
  }
}

/// Whether two numbers agree to 1e−12 of their size: the tolerance of closed forms.
func agrees(_ value: MeasuredValue, _ expected: Double, to tolerance: Double = 1e-12) -> Bool {
  guard case .finite(let number) = value else { return false }
  return abs(number - expected) <= tolerance * abs(expected)
}
