public import AlignmentQuality
public import Evaluation

/// Makes cluster indices from their names and settings, as recipes and the command line give them.
public enum IndexFactory {
  /// An index of the catalogue, or a variant of one, with some settings changed.
  ///
  /// - Parameters:
  ///   - name: The index's identifier, and after a slash a variant's name.
  ///   - compatibility: The peer whose conventions it follows, where it has them.
  ///   - overrides: Settings as a recipe gives them; they win over those.
  ///   - assignments: Settings as text; they win over `overrides`.
  /// - Returns: The index.
  /// - Throws: `AlignmentQualityError/unknownMethod(name:known:)`, ``StudyError/usage(_:)`` for a variant
  ///   that the index does not have, or the settings' `EvaluationError`.
  public static func index(
    named name: String, compatibility: IndexCompatibility? = nil, overrides: SettingValue = [:],
    assignments: [String: String] = [:]
  ) throws -> any ClusterIndex {
    let name = MethodName(parsing: name)
    func make<Index: ClusterIndex>(_ type: Index.Type) throws -> any ClusterIndex {
      let published = compatibility.flatMap { peer in
        type.compatibilities.contains(peer)
          ? (peer.rawValue, ["compatibility": .string(peer.rawValue)] as SettingValue) : nil
      }
      return try MethodFactory.make(
        type, named: name, published: published, overrides: overrides, assignments: assignments)
    }
    return try make(try ClusterIndexCatalog.index(named: name.identifier))
  }

  /// The index, and the variant that its settings are those of.
  ///
  /// - Parameter index: The index.
  /// - Returns: Its name in results.
  /// - Throws: `EvaluationError` if a variant names a setting that the index does not have.
  public static func name(of index: any ClusterIndex) throws(EvaluationError) -> MethodName {
    try MethodFactory.name(of: index)
  }
}
