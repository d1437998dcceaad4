/// Checks the axes of a reference against what its role may have.
enum AxisOrder {
  /// What is wrong with the axes, or `nil`.
  static func problem(of reference: ArrayReference, for role: ArrayRole) -> String? {
    let permitted = role.definition.permittedAxes
    if reference.isOneLayerEach {
      guard permitted.contains(where: { $0.contains(.layer) }) else {
        return "the file name holds {layer}, but \(role) has no layers"
      }
      guard !reference.axes.contains(.layer) else {
        return "name the axes of one file, without layer, where the file name holds {layer}"
      }
    }
    let axes = complete(reference)
    guard permitted.contains(where: { sorted($0) == sorted(axes) }) else {
      return "are \(reference.axes.listed); \(role) needs "
        + "\(role.definition.permittedAxesDescription), in any order"
    }
    return nil
  }

  /// All axes, with `layer` first where each layer is a file of its own.
  static func complete(_ reference: ArrayReference) -> [Axis] {
    reference.isOneLayerEach ? [.layer] + reference.axes : reference.axes
  }

  private static func sorted(_ axes: [Axis]) -> [String] { axes.map(\.rawValue).sorted() }
}
