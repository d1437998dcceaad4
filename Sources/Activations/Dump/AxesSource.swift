/// Who says what the axes of an array are.
enum AxesSource {
  /// The manifest, at its key `axes`.
  case manifest
  /// The flag `--axes`.
  case flag
  /// Nobody: they are those of the role.
  case role

  /// What an array with another number of axes contradicts, and what to do about it.
  func contradiction(to axes: [Axis], of role: ArrayRole) -> String {
    let named = "names \(axes.count) (\(axes.listed))"
    switch self {
    case .manifest:
      return "\"axes\" in the manifest \(named); correct it there"
    case .flag:
      return "--axes \(named); correct --axes, as in --axes "
        + role.definition.permittedAxes[0].listed
    case .role:
      let permitted = role.definition.permittedAxesDescription
      return "\(role) needs \(permitted)"
        + (role.definition.isHiddenStates
          ? "; store one of these, and say by --axes in which order"
          : "; store it with \(DumpArray.axes(axes.count))")
    }
  }
}
