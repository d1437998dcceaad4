package import LinearAlgebra

/// What maps a normalised activation to a logit.
public enum ProbeArchitecture: Sendable, Codable, Equatable, Hashable {
  /// One weight per feature and a bias.
  case linear
  /// A hidden layer of rectified linear units of the given width, then one weight each and a bias.
  case multilayer(hiddenWidth: Int)
}

/// Several probes of one architecture, one per try, whose parameters are stacked so that one matrix
/// product serves them all.
///
/// For `t` tries and width `d`, a linear network has weights (t, d) and biases (1, t). A multilayer
/// one of hidden width `h` has hidden weights (t·h, d), hidden biases (1, t·h), output weights (t, h)
/// and output biases (1, t).
package struct ProbeNetwork: Sendable, Equatable {
  package let architecture: ProbeArchitecture
  package let tryCount: Int
  package let width: Int
  package var parameters: [Matrix<Float>]

  package init(
    architecture: ProbeArchitecture, tryCount: Int, width: Int, parameters: [Matrix<Float>]
  ) {
    let shapes = Self.shapes(architecture: architecture, tryCount: tryCount, width: width)
    precondition(
      parameters.map { [$0.rowCount, $0.columnCount] } == shapes,
      "parameters of shapes \(parameters.map { [$0.rowCount, $0.columnCount] }) for \(shapes)")
    self.architecture = architecture
    self.tryCount = tryCount
    self.width = width
    self.parameters = parameters
  }

  /// The shapes of the parameter matrices, in order.
  package static func shapes(architecture: ProbeArchitecture, tryCount: Int, width: Int) -> [[Int]]
  {
    switch architecture {
    case .linear:
      [[tryCount, width], [1, tryCount]]
    case .multilayer(let hiddenWidth):
      [
        [tryCount * hiddenWidth, width], [1, tryCount * hiddenWidth], [tryCount, hiddenWidth],
        [1, tryCount],
      ]
    }
  }

  /// Which parameter matrices are biases.
  package var isBias: [Bool] {
    switch architecture {
    case .linear: [false, true]
    case .multilayer: [false, true, false, true]
    }
  }

  /// Zeros of the parameters' shapes, to gather a gradient in.
  package var zeroGradient: [Matrix<Float>] {
    parameters.map { Matrix(rowCount: $0.rowCount, columnCount: $0.columnCount) }
  }

  /// The network of some of the tries.
  package func selecting(tries: [Int]) -> ProbeNetwork {
    var chosen = parameters
    switch architecture {
    case .linear:
      chosen[0] = parameters[0].selectingRows(tries)
      chosen[1] = Self.columns(parameters[1], tries)
    case .multilayer(let hiddenWidth):
      let units = tries.flatMap { ($0 * hiddenWidth)..<(($0 + 1) * hiddenWidth) }
      chosen[0] = parameters[0].selectingRows(units)
      chosen[1] = Self.columns(parameters[1], units)
      chosen[2] = parameters[2].selectingRows(tries)
      chosen[3] = Self.columns(parameters[3], tries)
    }
    return ProbeNetwork(
      architecture: architecture, tryCount: tries.count, width: width, parameters: chosen)
  }

  /// The tries whose parameters are all finite.
  package var finiteTries: [Int] {
    (0..<tryCount).filter { attempt in
      selecting(tries: [attempt]).parameters.allSatisfy { $0.elements.allSatisfy(\.isFinite) }
    }
  }

  /// Several networks of the same architecture and width as one, their tries in order.
  package static func stacking(_ networks: [ProbeNetwork]) -> ProbeNetwork {
    precondition(!networks.isEmpty, "no network to stack")
    let isBias = networks[0].isBias
    let parameters = isBias.indices.map { position in
      let parts = networks.map { $0.parameters[position] }
      let elements = parts.flatMap { $0.elements }
      return isBias[position]
        ? Matrix(rowCount: 1, columnCount: elements.count, elements: elements)
        : Matrix(
          rowCount: parts.reduce(0) { $0 + $1.rowCount }, columnCount: parts[0].columnCount,
          elements: elements)
    }
    return ProbeNetwork(
      architecture: networks[0].architecture,
      tryCount: networks.reduce(0) { $0 + $1.tryCount }, width: networks[0].width,
      parameters: parameters)
  }

  private static func columns(_ row: Matrix<Float>, _ columns: [Int]) -> Matrix<Float> {
    Matrix(rowCount: 1, columnCount: columns.count, elements: columns.map { row[0, $0] })
  }
}

/// The buffers of one forward and backward pass over one side of a block of rows.
package struct NetworkPass: Sendable {
  /// The logits (rows, tries); the backward pass wants their slopes in the same place.
  package var logits: Matrix<Float>
  private var hidden: Matrix<Float>

  package init(rowCount: Int, network: ProbeNetwork) {
    logits = Matrix(rowCount: rowCount, columnCount: network.tryCount)
    switch network.architecture {
    case .linear:
      hidden = Matrix(rowCount: 0, columnCount: 0)
    case .multilayer(let hiddenWidth):
      hidden = Matrix(rowCount: rowCount, columnCount: network.tryCount * hiddenWidth)
    }
  }

  /// Fills ``logits`` for the rows of a view.
  package mutating func forward(_ rows: MatrixView<Float>, through network: ProbeNetwork) {
    let parameters = network.parameters
    let weights = parameters[0]
    switch network.architecture {
    case .linear:
      var scores = logits.mutableSpan
      SkinnyProduct.scores(of: rows, weights: weights.view, into: &scores)
      Self.add(parameters[1], to: &logits, rectified: false)
    case .multilayer(let hiddenWidth):
      accumulateProduct(
        of: rows, and: weights.view, rightTransposed: true, into: &hidden,
        destinationScale: 0)
      Self.add(parameters[1], to: &hidden, rectified: true)
      for row in 0..<rows.rowCount {
        for attempt in 0..<network.tryCount {
          var sum = parameters[3][0, attempt]
          for unit in 0..<hiddenWidth {
            sum += hidden[row, attempt * hiddenWidth + unit] * parameters[2][attempt, unit]
          }
          logits[row, attempt] = sum
        }
      }
    }
  }

  /// Adds to `gradient` that of a loss whose slopes in the logits stand in ``logits``.
  ///
  /// Must follow a forward pass over the same rows.
  package mutating func accumulateGradient(
    _ rows: MatrixView<Float>, through network: ProbeNetwork, into gradient: inout [Matrix<Float>]
  ) {
    switch network.architecture {
    case .linear:
      var weightGradient = gradient[0].mutableSpan
      SkinnyProduct.accumulateGradient(of: rows, residuals: logits.span, into: &weightGradient)
      Self.addColumnSums(of: logits, to: &gradient[1])
    case .multilayer(let hiddenWidth):
      for row in 0..<rows.rowCount {
        for attempt in 0..<network.tryCount {
          let slope = logits[row, attempt]
          for unit in 0..<hiddenWidth {
            let column = attempt * hiddenWidth + unit
            let activation = hidden[row, column]
            gradient[2][attempt, unit] += slope * activation
            hidden[row, column] =
              activation > 0 ? slope * network.parameters[2][attempt, unit] : 0
          }
        }
      }
      Self.addColumnSums(of: logits, to: &gradient[3])
      accumulateProduct(of: hidden.view, and: rows, leftTransposed: true, into: &gradient[0])
      Self.addColumnSums(of: hidden, to: &gradient[1])
    }
  }

  /// Turns ``logits`` into probabilities, in place.
  package mutating func applySigmoid() {
    var elements = logits.mutableSpan
    Elementwise.sigmoid(&elements)
  }

  private static func add(_ bias: Matrix<Float>, to rows: inout Matrix<Float>, rectified: Bool) {
    let (rowCount, columnCount) = (rows.rowCount, rows.columnCount)
    let biasSpan = bias.span
    var elements = rows.mutableSpan
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        let value = elements[row * columnCount + column] + biasSpan[column]
        elements[row * columnCount + column] = rectified ? max(value, 0) : value
      }
    }
  }

  private static func addColumnSums(of rows: Matrix<Float>, to sums: inout Matrix<Float>) {
    let (rowCount, columnCount) = (rows.rowCount, rows.columnCount)
    let elements = rows.span
    var sumSpan = sums.mutableSpan
    for row in 0..<rowCount {
      for column in 0..<columnCount { sumSpan[column] += elements[row * columnCount + column] }
    }
  }
}
