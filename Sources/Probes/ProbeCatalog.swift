internal import Evaluation

/// Every probe that a recipe or the command line can name.
public enum ProbeCatalog {
  /// The probes, in the order in which help lists them.
  public static let all: [any Probe.Type] = [
    ContrastConsistentSearch.self,
    PolarityAwareCCS.self,
    DifferenceOfMeans.self,
    LogisticProbe.self,
    RandomDirection.self,
  ]

  /// The names of all probes.
  public static var identifiers: [String] { all.map { $0.identifier } }

  /// The probe of a name.
  ///
  /// - Parameter identifier: A name such as `contrast-consistent-search`.
  /// - Returns: The method's type.
  /// - Throws: ``ProbeError/unknownMethod(name:known:)``.
  public static func probe(named identifier: String) throws(ProbeError) -> any Probe.Type {
    for type in all where type.identifier == identifier { return type }
    throw .unknownMethod(name: identifier, known: identifiers)
  }
}
