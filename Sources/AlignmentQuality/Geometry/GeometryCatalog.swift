internal import Evaluation

/// Every measure of geometry that a recipe or the command line can name.
public enum GeometryCatalog {
  /// The measures, in the order in which help lists them: of classes first, of the whole layer then.
  public static let all: [any GeometryMeasure.Type] = [
    FisherRatio.self, MahalanobisDistance.self, BuresWassersteinDistance.self,
    MaximumMeanDiscrepancy.self, EnergyDistance.self, NeuralCollapse.self, EffectiveRank.self,
    ParticipationRatio.self, StableRank.self, IsoScore.self, TwoNearestNeighbours.self,
    LevinaBickelDimension.self, Anisotropy.self, Uniformity.self,
  ]

  /// The names of all measures.
  public static var identifiers: [String] { all.map { $0.identifier } }

  /// The measure of a name.
  ///
  /// - Parameter identifier: A name such as `effective-rank`.
  /// - Returns: The measure's type.
  /// - Throws: ``AlignmentQualityError/unknownMethod(name:known:)``.
  public static func measure(
    named identifier: String
  ) throws(AlignmentQualityError) -> any GeometryMeasure.Type {
    for type in all where type.identifier == identifier { return type }
    throw .unknownMethod(name: identifier, known: identifiers)
  }
}
