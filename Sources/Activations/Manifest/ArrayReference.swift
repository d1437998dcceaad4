/// Where a manifest says that an array lies, and how its axes are ordered.
public struct ArrayReference: Equatable, Sendable {
  /// The file, relative to the dump's folder; `{layer}` stands for the number of a layer.
  public var file: String
  /// The member of an `.npz` or `.safetensors` file; `{layer}` may stand here too.
  public var member: String?
  /// The axes in the order in which the file stores them (without `layer` where each layer is a
  /// file or member of its own).
  public var axes: [Axis]
  /// What the attribute is called ("template"), where the manifest says so.
  public var name: String?
  /// Display names of the classes or categories, by number.
  public var values: [String]?

  /// A reference to an array in a file.
  ///
  /// - Parameters:
  ///   - file: the file, relative to the dump's folder.
  ///   - member: the member of a file that holds several arrays.
  ///   - axes: the axes in stored order.
  ///   - name: what the attribute is called.
  ///   - values: display names of the classes or categories.
  public init(
    file: String, member: String? = nil, axes: [Axis], name: String? = nil,
    values: [String]? = nil
  ) {
    self.file = file
    self.member = member
    self.axes = axes
    self.name = name
    self.values = values
  }

  /// Whether each layer is a file, or a member, of its own.
  public var isOneLayerEach: Bool {
    file.contains(Self.layerPlaceholder) || member?.contains(Self.layerPlaceholder) == true
  }

  static let layerPlaceholder = "{layer}"
}
