public import ArrayFiles

/// An array of a dump, opened: its files, and what each of its axes counts.
public struct DumpArray: Sendable {
  /// The role it plays.
  public let role: ArrayRole
  /// What each axis counts, in stored order; `layer` comes first where each layer is a file.
  public let axes: [Axis]
  /// The extent of each axis.
  public let shape: [Int]
  /// The files: one, or one a layer.
  public let files: [ArrayFile]
  /// Whether ``files`` holds one file a layer.
  public let isOneLayerEach: Bool
  /// The number of the first layer file, as its name says.
  let firstLayer: Int

  /// Files that have been opened, with their axes.
  ///
  /// - Throws: ``ActivationsError/invalidArray(role:file:problem:)`` if shape and axes do not fit,
  ///   or the files of two layers differ in shape.
  init(
    role: ArrayRole, axes: [Axis], from source: AxesSource = .manifest, files: [ArrayFile],
    isOneLayerEach: Bool, firstLayer: Int = 0
  ) throws(ActivationsError) {
    guard let first = files.first else { preconditionFailure("an array without files") }
    let axesOfFile = isOneLayerEach ? Array(axes.dropFirst()) : axes
    for file in files {
      let shape = file.layout.shape
      guard shape.count == axesOfFile.count else {
        throw .invalidArray(
          role: role.identifier, file: Self.name(of: file),
          problem: "has \(Self.axes(shape.count)) (its shape is \(shape)), but "
            + source.contradiction(to: axesOfFile, of: role))
      }
      guard shape == first.layout.shape else {
        throw .invalidArray(
          role: role.identifier, file: Self.name(of: file),
          problem: "has the shape \(shape), and the first layer (\(Self.name(of: first))) has "
            + "\(first.layout.shape); export all layers from the same run")
      }
    }
    self.role = role
    self.axes = axes
    self.files = files
    self.isOneLayerEach = isOneLayerEach
    self.firstLayer = firstLayer
    shape = isOneLayerEach ? [files.count] + first.layout.shape : first.layout.shape
    for (axis, extent) in zip(axes, shape) where extent == 0 {
      throw .invalidArray(
        role: role.identifier, file: Self.name(of: first),
        problem: "is empty: it has the shape \(shape), so that \(axis) counts 0")
    }
    if role.definition.content == .integers || role.definition.content == .integersOrList {
      return
    }
    let type = first.layout.elementType
    guard type != .bool, files.allSatisfy({ $0.layout.elementType == type }) else {
      throw .invalidArray(
        role: role.identifier, file: Self.name(of: first),
        problem: type == .bool
          ? "holds truth values where numbers belong" : "stores its layers in different types")
    }
  }

  /// The extent of an axis; the first, where it occurs twice.
  ///
  /// - Parameter axis: the axis.
  /// - Returns: `nil` if the array has no such axis.
  public func count(of axis: Axis) -> Int? {
    axes.firstIndex(of: axis).map { shape[$0] }
  }

  /// The file, with its member, for messages.
  public var fileDescription: String {
    guard let first = files.first, let last = files.last, files.count > 1 else {
      return files.first.map(Self.name(of:)) ?? ""
    }
    return Self.name(of: first) + " … " + Self.name(of: last)
  }

  /// The type of the elements.
  public var elementType: ElementType { files.first?.layout.elementType ?? .float32 }

  /// The size of all elements in bytes.
  public var byteCount: Int { files.reduce(0) { $0 + $1.layout.byteCount } }

  static func axes(_ count: Int) -> String { count == 1 ? "1 axis" : "\(count) axes" }

  static func name(of file: ArrayFile) -> String {
    file.member.map { file.path + ":" + $0 } ?? file.path
  }
}
