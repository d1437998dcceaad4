internal import Evaluation

/// Every steering method that a recipe or the command line can name.
public enum SteeringCatalog {
  /// The methods, in the order in which help lists them.
  public static let all: [any SteeringMethod.Type] = [
    DifferenceOfMeansSteering.self, PairwiseComponentSteering.self, TomographySteering.self,
    CenteredComponentSteering.self, GlobalComponentSteering.self, ShuffledTomographySteering.self,
    ClusterMeanSteering.self, LogisticSteering.self, DiscriminantSteering.self,
    LeastSquaresErasureSteering.self, RandomSteering.self,
  ]

  /// The names of all methods.
  public static var identifiers: [String] { all.map { $0.identifier } }

  /// The method of a name.
  ///
  /// - Parameter identifier: A name such as `difference-of-means`.
  /// - Returns: The method's type.
  /// - Throws: ``SteeringError/unknownMethod(name:known:)``.
  public static func method(
    named identifier: String
  ) throws(SteeringError) -> any SteeringMethod.Type {
    for type in all where type.identifier == identifier { return type }
    throw .unknownMethod(name: identifier, known: identifiers)
  }
}
