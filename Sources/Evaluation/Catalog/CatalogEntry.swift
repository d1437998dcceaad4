/// Anything that a recipe or the command line can name: a probe, an index, a steering method, a score.
///
/// A conforming type holds settings only; what is learned from data lives in another type. Its settings
/// are its `Codable` properties, so that ``Settings`` can list them and overlay changes onto the
/// defaults that ``init()`` gives.
public protocol CatalogEntry: Sendable, Codable {
  /// The name in recipes, on the command line and in results: the field's name in kebab case.
  ///
  /// It never changes once released.
  static var identifier: String { get }

  /// One line of help.
  static var summary: String { get }

  /// Where the definition comes from.
  static var source: Citation { get }

  /// The named definitions of the method beside its default one; none unless declared.
  static var variants: [MethodVariant] { get }

  /// Creates the method with the defaults of its source.
  init()
}

extension CatalogEntry {
  /// No variant.
  public static var variants: [MethodVariant] { [] }
}
