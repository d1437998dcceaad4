import Plumbline

extension OutputOptions {
  /// Hands over a result in the chosen format.
  func deliver(_ presentation: ResultPresentation, quiet: Bool) throws {
    for warning in presentation.warnings where !quiet && format != .table {
      Console.note("plumbline: warning: \(warning)")
    }
    switch format {
    case .table:
      try deliver(try presentation.lines(style: style).joined(separator: "\n") + "\n")
    case .json: try deliver(try presentation.document().json())
    case .csv: try deliver(CommaSeparatedValues.text(presentation.records))
    }
  }
}
