import AlignmentQuality
import FoundationEssentials
import LinearAlgebra

/// What `Golden/generate_pairs.py` wrote.
struct PairGolden: Decodable {
  struct Values: Decodable {
    /// By variant.
    var dunn: [String: Double]
    /// Of the first points.
    var pairSums: [[Double]]
  }

  var values: [String: Values]
  /// Of the last two classes of iris: share, weight of the cosine, quantile.
  var quantiles: [[Double]]

  static func read() throws -> PairGolden { try decoded("pairs.json") }

  private static func decoded<Contents: Decodable>(
    _ name: String, file: String = #filePath
  ) throws -> Contents {
    let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let path = folder.joined(separator: "/") + "/Golden/" + name
    return try JSONDecoder().decode(
      Contents.self, from: Data(contentsOf: URL(filePath: path)))
  }
}
