public import Activations
internal import Evaluation

extension Probe {
  /// What the method reads from a dump that has its roles: contrast pairs where both can be had.
  ///
  /// - Parameter dump: The dump.
  /// - Returns: One of ``accepts``.
  package static func input(in dump: ActivationDump) -> ProbeInput {
    accepts.contains(.contrastPairs) && (dump.hasContrastPairs || !accepts.contains(.rows))
      ? .contrastPairs : .rows
  }

  /// The roles that a dump lacks for this method; none if it can be fitted.
  ///
  /// - Parameter dump: The dump.
  /// - Returns: Words for people, such as `positive and negative`.
  public static func missingRoles(in dump: ActivationDump) -> [String] {
    var missing: [String] = []
    let hasRows = dump.arrays[.activations] != nil
    if input(in: dump) == .contrastPairs ? !dump.hasContrastPairs : !hasRows {
      missing.append(
        ProbeInput.allCases.filter(accepts.contains).map(\.roles).joined(separator: " or "))
    }
    if supervision == .labels, dump.labels == nil { missing.append("labels") }
    if needsOpposites, dump.opposites == nil { missing.append("opposites") }
    return missing
  }

  /// Refuses data of the wrong kind or too few samples.
  static func check(_ data: borrowing ProbeData, minimumCount: Int) throws(ProbeError) {
    guard accepts.contains(data.input) else {
      throw .unsupportedInput(
        method: identifier, accepts: ProbeInput.allCases.filter(accepts.contains), got: data.input)
    }
    guard data.sampleCount >= minimumCount else {
      throw .tooFewSamples(method: identifier, count: data.sampleCount, minimum: minimumCount)
    }
  }

  /// The labels, both of which must occur.
  static func binaryLabels(of data: borrowing ProbeData) throws(ProbeError) -> [Int] {
    guard let labels = data.labels else { throw .missingLabels(method: identifier) }
    for label in labels where label != 0 && label != 1 {
      throw .notBinary(method: identifier, label: label)
    }
    guard labels.contains(0), labels.contains(1) else {
      throw .oneClass(method: identifier, label: labels[0])
    }
    return labels
  }
}

extension ActivationDump {
  fileprivate var hasContrastPairs: Bool {
    arrays[.positive] != nil && arrays[.negative] != nil
  }
}
