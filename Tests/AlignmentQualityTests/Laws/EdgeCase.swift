import AlignmentQuality

/// A row of the table of degenerate points, with what the indices must say.
struct EdgeCase: Sendable, CustomStringConvertible {
  /// What an index must say.
  enum Outcome: Sendable {
    case undefined
    case infinite
    /// A number; with a flag of that name, if any.
    case finite(Double, flag: String? = nil)
    /// Any number: the formula holds.
    case formula
  }

  let description: String
  let rows: [[Double]]
  let labels: [Int]
  /// What every index must say; `nil` if that differs.
  var every: Outcome?
  /// What single indices and variants must say.
  var outcomes: [String: Outcome] = [:]

  static let table = [
    EdgeCase(
      description: "one class", rows: [[0, 1], [2, 3], [4, 4]], labels: [7, 7, 7],
      every: .undefined),
    EdgeCase(
      description: "a class for every point", rows: [[0, 1], [2, 3], [4, 4]], labels: [2, 1, 0],
      every: .undefined),
    EdgeCase(
      description: "one point", rows: [[0, 1]], labels: [0], every: .undefined),
    EdgeCase(
      description: "two points of two classes", rows: [[0], [1]], labels: [0, 1],
      every: .undefined),
    EdgeCase(
      description: "all points identical", rows: Array(repeating: [0.1, -0.7], count: 5),
      labels: [0, 0, 1, 1, 1], every: .undefined),
    // Not exact in binary, and far from 0: only the exact comparison of rows sees that they are equal.
    EdgeCase(
      description: "each class a repeated point",
      rows: Array(repeating: [1000.1, 0.3], count: 3) + Array(repeating: [1000.2, 0.1], count: 4),
      labels: [0, 0, 0, 1, 1, 1, 1],
      outcomes: [
        "davies-bouldin": .finite(0, flag: "zero-within-scatter"),
        "davies-bouldin/root-mean-square": .finite(0, flag: "zero-within-scatter"),
        "calinski-harabasz": .infinite,
        "trace-ratio": .infinite,
        "xie-beni": .finite(0, flag: "zero-within-scatter"),
        "xie-beni/fuzzy": .finite(0, flag: "zero-within-scatter"),
        "dunn": .infinite,
        "silhouette": .finite(1, flag: "zero-within-scatter"),
        "silhouette/simplified": .finite(1, flag: "zero-within-scatter"),
        "silhouette/squared-euclidean": .finite(1, flag: "zero-within-scatter"),
      ]),
    EdgeCase(
      description: "two coincident centroids, some scatter",
      rows: [[-1, 0], [1, 0], [0, -1], [0, 1], [5, 0], [7, 0]], labels: [0, 0, 1, 1, 2, 2],
      outcomes: [
        "davies-bouldin": .infinite, "davies-bouldin/root-mean-square": .infinite,
        "calinski-harabasz": .finite(12), "trace-ratio": .finite(8),
        "xie-beni": .infinite, "xie-beni/fuzzy": .infinite,
        "silhouette": .formula, "silhouette/simplified": .formula,
        "silhouette/squared-euclidean": .formula, "dunn": .formula,
      ]),
    EdgeCase(
      description: "all centroids coincident, some scatter",
      rows: [[-1, 0], [1, 0], [0, -1], [0, 1]], labels: [0, 0, 1, 1],
      outcomes: [
        "davies-bouldin": .infinite, "calinski-harabasz": .finite(0), "trace-ratio": .finite(0),
        "xie-beni": .infinite, "silhouette/simplified": .finite(0), "silhouette": .formula,
        "silhouette/squared-euclidean": .formula, "dunn": .formula,
      ]),
    EdgeCase(
      description: "centroids within rounding of each other",
      rows: [[0.1], [0.7], [0.3], [0.4], [0.4]].map { [$0[0] + 1e6] }, labels: [0, 0, 1, 1, 2],
      outcomes: [
        "davies-bouldin": .infinite, "xie-beni": .infinite,
        "calinski-harabasz": .formula, "trace-ratio": .formula,
      ]),
    EdgeCase(
      description: "two classes the same repeated point, a third with scatter",
      rows: [[1, 1], [1, 1], [1, 1], [1, 1], [5, 4], [5, 6]], labels: [0, 0, 1, 1, 2, 2],
      outcomes: [
        // One part is 0/0 and so is the whole, though another part is infinite.
        "davies-bouldin": .undefined, "davies-bouldin/root-mean-square": .undefined,
        "xie-beni": .infinite, "xie-beni/fuzzy": .infinite, "calinski-harabasz": .formula,
        "silhouette": .formula, "silhouette/simplified": .formula,
      ]),
    EdgeCase(
      description: "two classes the same repeated point, a third another one",
      rows: [[1, 1], [1, 1], [1, 1], [5, 4], [5, 4]], labels: [0, 1, 1, 2, 2],
      outcomes: [
        "davies-bouldin": .undefined, "xie-beni": .undefined, "xie-beni/fuzzy": .undefined,
        "calinski-harabasz": .infinite, "trace-ratio": .infinite,
        "silhouette/simplified": .finite(0.4, flag: "coincident-points"),
      ]),
    EdgeCase(
      description: "one point in two classes", rows: [[0, 0], [1, 0], [1, 0], [3, 0]],
      labels: [0, 0, 1, 1],
      outcomes: [
        "davies-bouldin": .finite(1), "calinski-harabasz": .finite(1.8),
        "trace-ratio": .finite(0.9), "xie-beni": .finite(2.5 / 9), "silhouette": .finite(-0.0125),
        "dunn": .finite(0),
      ]),
    EdgeCase(
      description: "a class of one point", rows: [[0, 0], [2, 0], [1, 4]], labels: [0, 0, 1],
      outcomes: [
        "davies-bouldin": .finite(0.25), "davies-bouldin/root-mean-square": .finite(0.25),
        "calinski-harabasz": .finite(16.0 / 3), "trace-ratio": .finite(16.0 / 3),
        "xie-beni": .finite(1.0 / 24),
        "silhouette": .finite(2.0 / 3 * (1 - 2 / 17.0.squareRoot())),
        "silhouette/simplified": .finite(2.0 / 3 * (1 - 1 / 17.0.squareRoot())),
        "silhouette/squared-euclidean": .finite(2.0 / 3 * (1 - 4.0 / 17)),
        "dunn": .finite(17.0.squareRoot() / 2),
      ]),
  ]
}
