internal import Evaluation

/// Every index that a recipe or the command line can name.
public enum ClusterIndexCatalog {
  /// The indices, in the order in which help lists them.
  public static let all: [any ClusterIndex.Type] = [
    DebiasedSeparationIndex.self, AlignmentQualityIndex.self, DaviesBouldinIndex.self,
    CalinskiHarabaszIndex.self, TraceRatioIndex.self, XieBeniIndex.self, SilhouetteIndex.self,
    GeneralizedDunnIndex.self, TrimmedSeparationIndex.self,
  ]

  /// The names of all indices.
  public static var identifiers: [String] { all.map { $0.identifier } }

  /// The index of a name.
  ///
  /// - Parameter identifier: A name such as `davies-bouldin`.
  /// - Returns: The index's type.
  /// - Throws: ``AlignmentQualityError/unknownMethod(name:known:)``.
  public static func index(
    named identifier: String
  ) throws(AlignmentQualityError) -> any ClusterIndex.Type {
    for type in all where type.identifier == identifier { return type }
    throw .unknownMethod(name: identifier, known: identifiers)
  }
}
