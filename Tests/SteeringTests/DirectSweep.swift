import Foundation
import LinearAlgebra
import Steering

/// A model's head written out in float64: norm, unembedding, scale and cap of one state.
struct DirectHead {
  let norm: FinalHead.Norm
  let unembedding: Matrix<Float>
  var bias: [Double] = []
  var scale = 1.0
  var softCap: Double?

  var head: FinalHead {
    get throws {
      try FinalHead(
        norm: norm, unembedding: unembedding, bias: bias, scale: scale, softCap: softCap)
    }
  }

  func normed(_ state: [Double]) -> [Double] {
    let width = Double(state.count)
    switch norm {
    case .none: return state
    case .rootMeanSquare(let gain, let epsilon):
      let square = state.reduce(0) { $0 + $1 * $1 } / width
      return zip(state, gain).map { $0 * $1 / (square + epsilon).squareRoot() }
    case .layer(let gain, let bias, let epsilon):
      let mean = state.reduce(0, +) / width
      let variance = state.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / width
      return state.indices.map {
        gain[$0] * (state[$0] - mean) / (variance + epsilon).squareRoot() + bias[$0]
      }
    }
  }

  func logits(of state: [Double]) -> [Double] {
    let normed = normed(state)
    return (0..<unembedding.rowCount).map { token in
      let row = unembedding.row(token)
      let sum = row.indices.reduce(bias.isEmpty ? 0 : bias[token]) {
        $0 + Double(row[$1]) * normed[$1]
      }
      return softCap.map { $0 * tanh(scale * sum / $0) } ?? scale * sum
    }
  }

  func logProbabilities(of state: [Double]) -> [Double] {
    let logits = logits(of: state)
    let largest = logits.max() ?? 0
    let logarithm = largest + log(logits.reduce(0) { $0 + exp($1 - largest) })
    return logits.map { $0 - logarithm }
  }
}

/// An operation written out in float64.
func steered(
  _ state: [Double], _ operation: SteeringOperation, along vector: [Double],
  preservesNorm: Bool = false
)
  -> [Double]
{
  let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
  let unit = vector.map { $0 / norm }
  let reading = zip(state, unit).reduce(0) { $0 + $1.0 * $1.1 }
  var result = state
  for place in state.indices {
    switch operation {
    case .add(let r): result[place] += r * vector[place]
    case .addOutward(let r):
      result[place] += (reading > 0 ? r : (reading < 0 ? -r : 0)) * vector[place]
    case .ablate(let a): result[place] -= a * reading * unit[place]
    case .setProjection(let t): result[place] += (t - reading) * unit[place]
    case .raiseProjection(let t): result[place] += max(0, t - reading) * unit[place]
    case .lowerProjection(let t): result[place] += min(0, t - reading) * unit[place]
    }
  }
  guard preservesNorm else { return result }
  let before = state.reduce(0) { $0 + $1 * $1 }.squareRoot()
  let after = result.reduce(0) { $0 + $1 * $1 }.squareRoot()
  return result.map { $0 * before / after }
}
