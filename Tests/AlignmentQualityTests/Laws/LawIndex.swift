import AlignmentQuality
import Evaluation
import LinearAlgebra

/// An index of the catalogue, or one of its variants, to which laws are applied.
struct LawIndex: Sendable, CustomStringConvertible {
  let name: MethodName
  let index: any ClusterIndex
  /// Whether a peer's conventions hold.
  let followsPeer: Bool

  init<Index: ClusterIndex>(_ name: MethodName, _ index: Index) throws {
    self.name = name
    self.index = index
    guard case .object(let settings) = try Settings.resolved(index),
      case .string(let peer) = settings["compatibility"]
    else {
      followsPeer = false
      return
    }
    followsPeer = peer != IndexCompatibility.strict.rawValue
  }

  var description: String { name.description }

  /// Every index and variant with strict conventions whose ingredients are measured.
  ///
  /// Peers' conventions break laws: that is why they are not the default. What is not measured yet is
  /// left out, and is here as soon as it is.
  static let strict = (try? all().filter { try !$0.followsPeer && $0.isMeasured() }) ?? []

  /// Every index and variant whose ingredients are measured.
  static let measured = (try? all().filter { try $0.isMeasured() }) ?? []

  private static func all() throws -> [LawIndex] {
    func expanded<Index: ClusterIndex>(_ type: Index.Type) throws -> [LawIndex] {
      let plain = try LawIndex(MethodName(Index.identifier), Index())
      let variants = try Index.variants.map { variant in
        try LawIndex(
          MethodName(Index.identifier, variant: variant.name),
          try Settings.decode(Index.self, overrides: variant.overrides))
      }
      return [plain] + variants
    }
    return try ClusterIndexCatalog.all.flatMap { try expanded($0) }
  }

  private func isMeasured() throws -> Bool {
    let points = try LabelledPoints(
      Matrix<Double>(rows: [[0, 1], [1, 0], [4, 4], [5, 3]]), labels: [0, 0, 1, 1])
    let measurements = try ClusterMeasurer.measure(points, index.ingredients)
    return index.ingredients.allSatisfy {
      switch $0 {
      case .pairSums: measurements.pairSums != nil
      case .pairExtremes: measurements.pairExtremes != nil
      case .hausdorffDistances: measurements.hausdorffDistances != nil
      default: true
      }
    }
  }

  /// The values of sets of points that are judged together.
  func values(_ sets: [LabelledPoints]) throws -> [IndexValue] {
    try index.values(of: sets.map { try ClusterMeasurer.measure($0, index.ingredients) })
  }

  /// The value of one set.
  func value(_ rows: [[Double]], _ labels: [Int]) throws -> IndexValue {
    try index.value(of: try LabelledPoints(Matrix(rows: rows), labels: labels))
  }
}
