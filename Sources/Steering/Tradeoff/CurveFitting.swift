public import Evaluation

/// A straight line through measured values.
public struct LineFit: Sendable, Codable, Equatable {
  /// The change per unit of the coefficient.
  public let slope: Double
  /// The value at 0.
  public let offset: Double
  /// 1 − residual/total sum of squares; undefined where all values agree.
  public let rSquared: MeasuredValue

  /// The weighted least-squares line; `nil` if fewer than two places have weight.
  init?(_ places: [Double], _ values: [Double], weights: [Double]? = nil) {
    let weights = weights ?? [Double](repeating: 1, count: places.count)
    guard weights.contains(where: { $0 > 0 }) else { return nil }
    let center = weightedMean(places, weights)
    let level = weightedMean(values, weights)
    var cross = 0.0
    var square = 0.0
    for index in places.indices {
      let offset = places[index] - center
      cross += weights[index] * offset * (values[index] - level)
      square += weights[index] * offset * offset
    }
    guard square > 0, (cross / square).isFinite else { return nil }
    let slope = cross / square
    let offset = level - slope * center
    self.slope = slope
    self.offset = offset
    rSquared = Steering.rSquared(
      values, fitted: places.map { slope * $0 + offset }, weights: weights)
  }
}

/// 1 − Σ w (y − ŷ)² / Σ w (y − ȳ)²; undefined where all values agree.
func rSquared(_ values: [Double], fitted: [Double], weights: [Double]? = nil) -> MeasuredValue {
  let weights = weights ?? [Double](repeating: 1, count: values.count)
  let mean = weightedMean(values, weights)
  var residual = 0.0
  var total = 0.0
  for index in values.indices {
    residual += weights[index] * (values[index] - fitted[index]) * (values[index] - fitted[index])
    total += weights[index] * (values[index] - mean) * (values[index] - mean)
  }
  guard total > 0 else { return .undefined("all values agree") }
  return .finite(1 - residual / total)
}

/// Least squares in two parameters by Gauss and Newton's method, each step halved until it helps.
struct GaussNewton {
  /// The parameters that were found.
  var parameters: (Double, Double)
  /// Why steps ended before none helped any more; `nil` if they did not.
  var failure: String?

  /// `not-converged`, if so.
  var flags: [Flag] { failure.map { [Flag("not-converged", detail: $0)] } ?? [] }

  private static let mostSteps = 200

  /// Minimises Σ w (y − f(x))²; the model gives f and its derivatives by the two parameters at a place.
  init(
    _ places: [Double], _ values: [Double], weights: [Double], start: (Double, Double),
    model: (_ place: Double, _ parameters: (Double, Double)) -> (
      value: Double, first: Double, second: Double
    )
  ) {
    func loss(_ parameters: (Double, Double)) -> Double {
      places.indices.reduce(0) { sum, index in
        let residual = values[index] - model(places[index], parameters).value
        return sum + weights[index] * residual * residual
      }
    }
    var current = start
    var currentLoss = loss(start)
    parameters = start
    failure = "iteration-limit"
    for _ in 0..<Self.mostSteps {
      var normal = (first: 0.0, mixed: 0.0, second: 0.0)
      var side = (0.0, 0.0)
      for index in places.indices {
        let (value, first, second) = model(places[index], current)
        let weight = weights[index]
        normal.first += weight * first * first
        normal.mixed += weight * first * second
        normal.second += weight * second * second
        side.0 += weight * first * (values[index] - value)
        side.1 += weight * second * (values[index] - value)
      }
      let determinant = normal.first * normal.second - normal.mixed * normal.mixed
      var step = (
        (side.0 * normal.second - side.1 * normal.mixed) / determinant,
        (side.1 * normal.first - side.0 * normal.mixed) / determinant
      )
      guard step.0.isFinite, step.1.isFinite else {
        failure = "vanishing-gradient"
        break
      }
      var isBetter = false
      for _ in 0..<60 {
        let next = (current.0 + step.0, current.1 + step.1)
        let nextLoss = loss(next)
        if nextLoss < currentLoss {
          current = next
          currentLoss = nextLoss
          isBetter = true
          break
        }
        step = (step.0 / 2, step.1 / 2)
      }
      guard isBetter else {
        failure = nil
        break
      }
    }
    parameters = current
  }
}

/// How each value of a fit by several columns enters its coefficients.
///
/// A least-squares coefficient is a weighted sum of the values: by the column's own part, what the other
/// columns leave of it (Frisch & Waugh 1933), over that part's square. So a coefficient of a mean curve is the
/// mean of the prompts' coefficients, which gives it an exact standard error.
///
/// - Parameters:
///   - column: The column whose coefficient is wanted.
///   - others: The other columns.
/// - Returns: One weight a value; `nil` if the others span the column.
func coefficientWeights(of column: [Double], besides others: [[Double]]) -> [Double]? {
  func dot(_ first: [Double], _ second: [Double]) -> Double {
    zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
  }
  /// What a basis of orthogonal columns leaves; taken twice, against rounding.
  func rest(of column: [Double], _ basis: [[Double]]) -> [Double]? {
    var result = column
    for vector in basis + basis {
      let share = dot(result, vector) / dot(vector, vector)
      result = zip(result, vector).map { $0 - share * $1 }
    }
    return dot(result, result) > 1e-20 * dot(column, column) ? result : nil
  }
  var basis: [[Double]] = []
  for other in others {
    if let part = rest(of: other, basis) { basis.append(part) }
  }
  guard let own = rest(of: column, basis) else { return nil }
  let square = dot(own, own)
  return own.map { $0 / square }
}
