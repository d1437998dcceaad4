internal import Evaluation
internal import LinearAlgebra

extension IndexValue {
  /// Puts beside a composite what it is made of, and what can be compared where it cannot.
  mutating func add(
    _ components: AlignmentQualityComponents, _ measurements: ClusterMeasurements
  ) throws(AlignmentQualityError) {
    flags += components.flags.filter { !flags.contains($0) }
    if measurements.scatter.classCount > 2 {
      flags.append(
        Flag("more-than-two-classes", detail: "the formula is published for safe and unsafe"))
    }
    details += components.details
    let separation = try CalinskiHarabaszIndex().value(of: measurements)
    let compactness = try XieBeniIndex().value(of: measurements)
    for (component, value) in [
      (AlignmentQualityComponent.calinskiHarabasz, separation), (.xieBeni, compactness),
    ] where components.value(of: component) == nil {
      details.append(Detail(component.metric, value.value))
    }
    addIdentity(separation, compactness, counts: measurements.scatter.counts)
    let ratio = TraceRatioIndex().value(of: measurements)
    details.append(Detail(TraceRatioIndex.identifier, ratio.value))
    details += ratio.details
    details += Self.details(of: measurements.scatter)
  }

  /// ρ, where both indices are finite and the means differ.
  private mutating func addIdentity(
    _ separation: IndexValue, _ compactness: IndexValue, counts: [Int]
  ) {
    guard let separation = separation.value.finiteValue, separation > 0,
      let compactness = compactness.value.finiteValue,
      let residual = IdentityCheck.residual(
        calinskiHarabasz: separation, xieBeni: compactness, counts: counts), residual.isFinite
    else { return }
    details.append(Detail("identity-residual", .finite(residual)))
    guard residual.magnitude > IdentityCheck.tolerance else { return }
    flags.append(
      Flag(
        "identity-violated",
        detail: "calinski-harabasz · xie-beni is off by a share of \(residual)"))
  }

  /// trW, trB, the size and scatter of each class with its root mean square distance to its mean, and the
  /// distance of each two means.
  private static func details(of scatter: ClassScatter) -> [Detail] {
    let traces = [
      detail("within-scatter", scatter.within), detail("between-scatter", scatter.between),
    ]
    let classes = scatter.counts.indices.flatMap { number in
      let (count, sum) = (Double(scatter.counts[number]), scatter.scatters[number])
      return [
        detail("size-of-class-\(number)", count), detail("scatter-of-class-\(number)", sum),
        detail("dispersion-of-class-\(number)", (sum / count).squareRoot()),
      ]
    }
    let pairs = scatter.classPairs.map { first, second in
      detail(
        "centroid-distance-\(first)-\(second)",
        scatter.squaredCentroidDistances[first, second].squareRoot())
    }
    return traces + classes + pairs
  }

  private static func detail(_ metric: String, _ number: Double) -> Detail {
    Detail(metric, checked(number).value)
  }
}
