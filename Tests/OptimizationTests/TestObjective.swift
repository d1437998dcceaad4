import LinearAlgebra
import Optimization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A function with its gradient as terms, so that tests need not sum them twice.
struct TestObjective: Sendable {
  /// The value and the terms of the gradient at a point.
  let evaluate: @Sendable ([Double]) -> (value: Double, terms: [[Double]])

  func value(_ point: [Double]) -> Double { evaluate(point).value }

  func gradient(_ point: [Double]) -> [Double] { Self.sum(evaluate(point).terms, point.count) }

  /// The sum of the norms of the gradient's terms.
  func gradientScale(_ point: [Double]) -> Double {
    evaluate(point).terms.reduce(0) { $0 + Self.norm($1) }
  }

  /// The same function times a factor.
  func scaled(by factor: Double) -> TestObjective {
    TestObjective { point in
      let (value, terms) = evaluate(point)
      return (value * factor, terms.map { $0.map { $0 * factor } })
    }
  }

  static func norm(_ vector: [Double]) -> Double {
    vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  static func dot(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func sum(_ terms: [[Double]], _ count: Int) -> [Double] {
    terms.reduce([Double](repeating: 0, count: count)) { zip($0, $1).map { $0 + $1 } }
  }
}

extension LBFGS {
  /// Minimises one function from several starts.
  func minimize(_ objective: TestObjective, from starts: [[Double]]) -> [LBFGSOutcome] {
    minimize(from: Matrix(rows: starts)) { points, _ in
      let rows = (0..<points.rowCount).map { points.row($0) }
      return LBFGSEvaluation(
        values: rows.map(objective.value), gradients: Matrix(rows: rows.map(objective.gradient)),
        gradientScales: rows.map(objective.gradientScale))
    }
  }
}

extension TestObjective {
  /// ½(x − m)ᵀ A (x − m) for a symmetric A, with Ax and −Am as the terms of the gradient.
  static func quadratic(_ matrix: Matrix<Double>, minimum: [Double]) -> TestObjective {
    TestObjective { point in
      let offset = zip(point, minimum).map { $0 - $1 }
      let image = product(of: matrix.view, and: offset.span)
      return (
        dot(image, offset) / 2,
        [
          product(of: matrix.view, and: point.span),
          product(of: matrix.view, and: minimum.span).map { -$0 },
        ]
      )
    }
  }

  /// Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)².
  ///
  /// Rosenbrock (1960), in any even or odd dimension.
  static let rosenbrock = TestObjective { point in
    var value = 0.0
    var terms: [[Double]] = []
    for i in 0..<(point.count - 1) {
      let curve = point[i + 1] - point[i] * point[i]
      let rest = 1 - point[i]
      value += 100 * curve * curve + rest * rest
      var first = [Double](repeating: 0, count: point.count)
      var second = first
      first[i] = -400 * curve * point[i]
      first[i + 1] = 200 * curve
      second[i] = -2 * rest
      terms += [first, second]
    }
    return (value, terms)
  }

  /// The mean of a loss of each sample's score x·w, plus penalty · ‖w‖²; one term a sample.
  static func scores(
    of samples: Matrix<Double>, penalty: Double = 0,
    loss: @escaping @Sendable (_ score: Double, _ sample: Int) -> (value: Double, slope: Double)
  ) -> TestObjective {
    TestObjective { weights in
      let count = Double(samples.rowCount)
      var value = penalty * dot(weights, weights)
      var terms = [weights.map { 2 * penalty * $0 }]
      for sample in 0..<samples.rowCount {
        let row = samples.row(sample)
        let part = loss(dot(row, weights), sample)
        value += part.value / count
        terms.append(row.map { $0 * part.slope / count })
      }
      return (value, terms)
    }
  }

  /// Logistic regression: ln(1 + exp z) − y z.
  static func logistic(
    _ samples: Matrix<Double>, labels: [Double], penalty: Double
  ) -> TestObjective {
    scores(of: samples, penalty: penalty) { score, sample in
      let tail = exp(-abs(score))
      let probability = score >= 0 ? 1 / (1 + tail) : tail / (1 + tail)
      return (
        max(score, 0) + log1p(tail) - labels[sample] * score, probability - labels[sample]
      )
    }
  }

  /// The squared error of a sigmoid, (σ(z) − y)², which saturates where it is wrong too.
  static func squaredSigmoid(_ samples: Matrix<Double>, labels: [Double]) -> TestObjective {
    scores(of: samples) { score, sample in
      let tail = exp(-abs(score))
      let probability = score >= 0 ? 1 / (1 + tail) : tail / (1 + tail)
      let error = probability - labels[sample]
      // p(1 − p) without the difference, which would round to zero long before it is.
      return (error * error, 2 * error * tail / ((1 + tail) * (1 + tail)))
    }
  }
}
