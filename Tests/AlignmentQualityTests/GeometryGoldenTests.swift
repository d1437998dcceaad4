import AlignmentQuality
import LinearAlgebra
import Testing

/// Against NumPy, SciPy and scikit-learn, which compute each value by another way.
@Suite struct GeometryGoldenTests {
  /// Where either side solves for eigenvalues or inverts a matrix; the others only add.
  static let solved = [
    "mahalanobis", "bures-wasserstein", "effective-rank", "participation-ratio", "stable-rank",
    "iso-score", "neural-collapse", "fisher-ratio/inverse-trace",
  ]

  @Test func everyValueOfPublishedFormulas() throws {
    for example in try GeometryGolden.read().cases {
      let points = try LabelledPoints(example.matrix, labels: example.labels)
      for (name, expected) in example.values {
        let parts = name.split(separator: " ").map(String.init)
        let value = try GeometryData.value(parts[0], of: points)
        let number = parts.count > 1 ? value.detail(parts[1]) : value.doubleValue
        let isSolved = Self.solved.contains { name.hasPrefix($0) }
        #expect(
          agree(number, expected, within: isSolved ? 1e-9 : 1e-12),
          "\(name) of \(example.name): \(number) for \(expected)")
      }
    }
  }

  /// Every measure and variant has a golden value in some case.
  @Test func nothingIsLeftOut() throws {
    let covered = try GeometryGolden.read().cases.flatMap(\.values.keys)
    #expect(Set(GeometryData.names).subtracting(covered) == [])
  }

  @Test func alignmentOfLayers() throws {
    let golden = try GeometryGolden.read()
    let layers = try golden.layers.map { try MatrixPoints($0.matrix) }
    for (name, expected) in golden.alignments {
      var method = CenteredKernelAlignment()
      method.estimator = try #require(CenteredKernelAlignment.Estimator(rawValue: name))
      let matrix = try method.alignment(of: layers).matrix
      for row in 0..<3 {
        for column in 0..<3 {
          #expect(agree(matrix[row, column], expected[row][column], within: 1e-12))
        }
      }
    }
  }
}
