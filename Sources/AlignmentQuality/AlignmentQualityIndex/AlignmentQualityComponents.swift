internal import Evaluation

/// An index that a formula combines.
enum AlignmentQualityComponent: Hashable {
  case calinskiHarabasz
  case xieBeni
  case daviesBouldin
  case dunn
  case silhouette

  /// The name of the number beside the composite.
  var metric: String {
    switch self {
    case .calinskiHarabasz: CalinskiHarabaszIndex.identifier
    case .xieBeni: XieBeniIndex.identifier
    case .daviesBouldin: DaviesBouldinIndex.identifier
    case .dunn: GeneralizedDunnIndex.identifier
    case .silhouette: SilhouetteIndex.identifier
    }
  }

  /// The index with our own conventions or with those of the released code.
  func index(_ compatibility: IndexCompatibility) -> any ClusterIndex {
    switch self {
    case .calinskiHarabasz:
      var index = CalinskiHarabaszIndex()
      index.compatibility = compatibility
      return index
    case .xieBeni:
      var index = XieBeniIndex()
      index.compatibility = compatibility
      return index
    case .daviesBouldin:
      var index = DaviesBouldinIndex()
      index.compatibility = compatibility
      return index
    case .dunn:
      var index = GeneralizedDunnIndex()
      index.compatibility = compatibility
      return index
    case .silhouette:
      var index = SilhouetteIndex()
      index.compatibility = compatibility
      return index
    }
  }
}

/// What a formula combines, measured on one set of points.
struct AlignmentQualityComponents {
  private let values: [(component: AlignmentQualityComponent, value: IndexValue)]

  init(
    _ formula: AlignmentQualityFormula, of measurements: ClusterMeasurements,
    _ compatibility: IndexCompatibility
  ) throws(AlignmentQualityError) {
    var values: [(AlignmentQualityComponent, IndexValue)] = []
    for component in formula.components {
      let index = component.index(compatibility)
      values.append((component, try index.value(of: measurements)))
    }
    self.values = values
  }

  /// The number of a component, +∞ or NaN.
  subscript(component: AlignmentQualityComponent) -> Double {
    self.value(of: component)?.doubleValue ?? .nan
  }

  /// A component's value, if the formula combines it.
  func value(of component: AlignmentQualityComponent) -> IndexValue? {
    values.first { $0.component == component }?.value
  }

  /// Why the composite has no value: the first component without one.
  var undefinedReason: String? {
    for (component, value) in values {
      if case .undefined(let reason) = value.value {
        return "its component \(component.metric) has no value: \(reason)"
      }
    }
    return nil
  }

  /// Why a component is infinite, if one is.
  var infiniteReason: String? {
    for (component, value) in values {
      if case .infinite(let reason) = value.value {
        return "its component \(component.metric) is infinite: \(reason)"
      }
    }
    return nil
  }

  /// The flags of all components, each once.
  var flags: [Flag] {
    values.flatMap(\.value.flags).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// The components beside the composite.
  var details: [IndexValue.Detail] {
    values.map { IndexValue.Detail($0.component.metric, $0.value.value) }
  }
}
