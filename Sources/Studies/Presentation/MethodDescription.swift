internal import AlignmentQuality
internal import Epistemics
internal import Evaluation
internal import Probes
internal import Steering

/// The catalogues of methods as text for people.
public enum MethodDescription {
  /// A catalogue: what its entries are, the command that runs them, and the entries.
  private struct Catalogue {
    let title: String
    let entries: [any CatalogEntry.Type]
  }

  private static let catalogues = [
    Catalogue(title: "Probes, for plumbline probe --method", entries: ProbeCatalog.all),
    Catalogue(
      title: "Indices, for plumbline quality --method", entries: ClusterIndexCatalog.all),
    Catalogue(
      title: "Geometry, for plumbline quality --geometry", entries: GeometryCatalog.all),
    Catalogue(
      title: "Steering vectors, for plumbline steer fit --method", entries: SteeringCatalog.all),
    Catalogue(
      title: "Scores of answers, for plumbline epistemics --method",
      entries: [FeatureGaps.self] + AnswerScoreCatalog.all),
    Catalogue(
      title: "Metrics of such scores, for plumbline epistemics evaluate --metric",
      entries: UncertaintyMetricCatalog.all),
  ]

  /// All methods, one or two lines each.
  ///
  /// - Parameter style: Whether to use colour.
  /// - Returns: Lines without newlines.
  public static func overview(style: TerminalStyle = .plain) -> [String] {
    var lines: [String] = []
    for catalogue in catalogues {
      lines += [style.dim(catalogue.title), ""]
      for type in catalogue.entries {
        lines.append(style.bold(type.identifier))
        lines += Prose.lines(type.summary, width: 76).map { "  " + $0 }
      }
      lines.append("")
    }
    return lines + ["`plumbline methods NAME` shows a method's settings and source."]
  }

  /// One method with its settings, defaults and source.
  ///
  /// - Parameters:
  ///   - name: The method's identifier.
  ///   - style: Whether to use colour.
  /// - Returns: Lines without newlines.
  /// - Throws: `ProbeError/unknownMethod(name:known:)`.
  public static func lines(of name: String, style: TerminalStyle = .plain) throws -> [String] {
    let name = MethodName(parsing: name).identifier
    let entries = catalogues.flatMap(\.entries)
    let found = entries.filter { $0.identifier == name }
    guard !found.isEmpty else {
      throw ProbeError.unknownMethod(name: name, known: entries.map { $0.identifier })
    }
    // A probe and a steering vector may have the same name, which is the field's for both.
    return try found.enumerated().flatMap { place, type in
      (place > 0 ? [""] : []) + (try lines(of: type, style: style))
    }
  }

  private static func lines(
    of type: any CatalogEntry.Type, style: TerminalStyle
  ) throws -> [String] {
    let name = type.identifier
    let kind = catalogues.first { $0.entries.contains { $0 == type } }?.title
    var lines = [style.bold(name)] + (kind.map { [style.dim($0)] } ?? [])
    lines += Prose.lines(type.summary, width: 79)
    lines += Prose.lines("Source: \(type.source)", width: 79, indentation: "  ")
    lines += facts(of: type)
    lines += try settings(of: type)
    if !type.variants.isEmpty {
      let place =
        switch type {
        case is any GeometryMeasure.Type: "in Swift"
        case is any UncertaintyMetric.Type: "for --metric \(name)/VARIANT"
        default: "for --method \(name)/VARIANT"
        }
      lines += ["", "Variants, \(place):"]
      for variant in type.variants {
        let line = "\(variant.name): \(variant.summary) \(variant.overrides.description)"
        lines += Prose.lines(line, width: 77, indentation: "    ").map { "  " + $0 }
      }
    }
    return lines + bundles(of: type)
  }

  /// What only methods of the same catalogue have.
  private static func facts(of type: any CatalogEntry.Type) -> [String] {
    switch type {
    case let probe as any Probe.Type:
      let accepts = ProbeInput.allCases.filter(probe.accepts.contains).map(\.rawValue)
      let opposites = probe.needsOpposites ? ", and opposites" : ""
      return [
        "Reads: \(accepts.joined(separator: " or "))\(opposites)",
        "Sees labels: \(probe.supervision == .none ? "no" : "yes")",
      ]
    case let index as any ClusterIndex.Type:
      return ["Better: \(index.betterWhen.rawValue)", "Range: \(text(of: index.range))"]
    case let measure as any GeometryMeasure.Type:
      return ["Needs classes: \(measure.needsClasses ? "yes" : "no")"]
        + (measure.betterWhen.map { ["Better: \($0.rawValue)"] } ?? [])
    case let method as any SteeringMethod.Type:
      return ["Reads: \(method.needsPairs ? "contrast-pairs" : "contrast-pairs or two sets")"]
    case let score as any AnswerScore.Type:
      return ["Reads: the \(score.ingredient.rawValue) of every token"]
    case let metric as any UncertaintyMetric.Type:
      return ["Better: \(metric.preference.rawValue)", "In records: \(metric.metric)"]
    default: return []
    }
  }

  private static func text(of range: ClosedRange<Double>) -> String {
    switch (range.lowerBound.isFinite, range.upperBound.isFinite) {
    case (false, false): "any number"
    case (true, false): "from \(NumberText.significant(range.lowerBound)) up"
    case (false, true): "up to \(NumberText.significant(range.upperBound))"
    case (true, true):
      "\(NumberText.significant(range.lowerBound)) to \(NumberText.significant(range.upperBound))"
    }
  }

  private static func settings(of type: any CatalogEntry.Type) throws -> [String] {
    let settings = try Settings.defaults(of: type)
    guard !settings.isEmpty else { return ["", "It has no settings."] }
    let purpose =
      switch type {
      case is any GeometryMeasure.Type: "in Swift; the tool takes the defaults"
      case is any UncertaintyMetric.Type: "for --metric-set \(type.identifier).SETTING=VALUE"
      default: "for --set \(type.identifier).SETTING=VALUE"
      }
    var lines = ["", "Settings, \(purpose):"]
    for setting in settings {
      let accepts =
        setting.choices.isEmpty ? setting.accepts : setting.choices.joined(separator: ", ")
      let line = "\(setting.name) = \(setting.defaultValue.description)  (\(accepts))"
      lines += Prose.lines(line, width: 77, indentation: "    ").map { "  " + $0 }
    }
    return lines
  }

  /// The settings of published implementations that are about the method.
  private static func bundles(of type: any CatalogEntry.Type) -> [String] {
    if let index = type as? any ClusterIndex.Type, !index.compatibilities.isEmpty {
      let peers = index.compatibilities.map(\.rawValue).joined(separator: ", ")
      let line = "Peers whose conventions it can follow, for --compatibility: \(peers)"
      return [""] + Prose.lines(line, width: 79, indentation: "  ")
    }
    let bundles = Compatibility.allCases.filter { $0.overrides[type.identifier] != nil }
    guard type is any Probe.Type, !bundles.isEmpty else { return [] }
    return ["", "Settings of published implementations, for --compatibility:"]
      + bundles.flatMap { bundle in
        let changes = bundle.overrides[type.identifier]?.description ?? ""
        return Prose.lines("\(bundle.rawValue): \(changes)", width: 78, indentation: "    ")
          .map { "  " + $0 }
      }
  }
}
