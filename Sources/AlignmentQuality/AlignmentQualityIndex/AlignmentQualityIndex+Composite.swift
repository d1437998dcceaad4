internal import Evaluation

extension AlignmentQualityIndex {
  /// The values of sets of points from their components.
  func composites(of sets: [AlignmentQualityComponents]) -> [IndexValue] {
    formula.isKeyed ? keyedComposites(of: sets) : sets.map(composite)
  }

  // MARK: - One set

  private func composite(of components: AlignmentQualityComponents) -> IndexValue {
    if let reason = components.undefinedReason { return .undefined(reason) }
    guard let number = number(of: { components[$0] }) else {
      return .undefined(
        "the formula divides by CH_max, the 99th percentile of CH over a pool of models; give it as "
          + "\(Self.identifier).referenceCalinskiHarabasz")
    }
    if number == .infinity, let reason = components.infiniteReason {
      return .positiveInfinity(reason)
    }
    return .checked(number, flags: referenceFlags(components))
  }

  /// The formula of one set at given components; `nil` without the reference that it needs, and for a
  /// formula whose scale needs other sets.
  private func number(of component: (AlignmentQualityComponent) -> Double) -> Double? {
    let weight = effectiveWeight
    switch formula {
    case .paperLinear:
      return AlignmentQualityFormula.paperLinear(
        calinskiHarabasz: component(.calinskiHarabasz), xieBeni: component(.xieBeni),
        weight: weight)
    case .paperGeometric:
      return referenceCalinskiHarabasz.map {
        AlignmentQualityFormula.paperGeometric(
          calinskiHarabasz: component(.calinskiHarabasz), xieBeni: component(.xieBeni),
          weight: weight, reference: $0)
      }
    case .codeMinMaxSigmoid, .codePercentile: return nil
    case .daviesBouldinDunn:
      return AlignmentQualityFormula.daviesBouldinDunn(
        daviesBouldin: component(.daviesBouldin), dunn: component(.dunn), weight: weight)
    case .silhouetteCalinskiHarabasz:
      return AlignmentQualityFormula.silhouetteCalinskiHarabasz(
        silhouette: component(.silhouette), calinskiHarabasz: component(.calinskiHarabasz),
        weight: weight)
    case .silhouetteXieBeni:
      return AlignmentQualityFormula.silhouetteXieBeni(
        silhouette: component(.silhouette), xieBeni: component(.xieBeni), weight: weight)
    case .linearLog:
      return AlignmentQualityFormula.linearLog(
        calinskiHarabasz: component(.calinskiHarabasz), xieBeni: component(.xieBeni),
        weight: weight)
    }
  }

  private func referenceFlags(_ components: AlignmentQualityComponents) -> [Flag] {
    guard formula == .paperGeometric, let reference = referenceCalinskiHarabasz,
      components[.calinskiHarabasz] > reference
    else { return [] }
    return [
      Flag(
        "exceeds-reference",
        detail: "calinski-harabasz is above the \(reference) that the formula divides it by")
    ]
  }

  // MARK: - Sets on one scale

  private func keyedComposites(of sets: [AlignmentQualityComponents]) -> [IndexValue] {
    let usable = sets.indices.filter {
      sets[$0][.calinskiHarabasz].isFinite && sets[$0][.xieBeni].isFinite
    }
    let flags = [
      Flag(
        "not-comparable-across-models",
        detail: "on a scale of one model's own sets of points, of which \(usable.count) have values"
      )
    ]
    var values = sets.map { components in
      IndexValue.undefined(
        components.undefinedReason ?? components.infiniteReason
          ?? "its scale comes from the sets of points themselves, of which it needs at least 2 with "
          + "finite components, got \(usable.count); judge the categories of one model together",
        flags: flags)
    }
    // The released code scales a single set by itself, too.
    let needed = compatibility == .aqiEval ? 1 : 2
    if usable.count >= needed { scale(usable, among: sets, in: &values) }
    return values
  }

  /// Puts the sets with finite components on the scale that they make.
  private func scale(
    _ usable: [Int], among sets: [AlignmentQualityComponents], in values: inout [IndexValue]
  ) {
    let separations = usable.map { sets[$0][.calinskiHarabasz] }
    let compactnesses = usable.map { sets[$0][.xieBeni] }
    let scaled =
      formula == .codeMinMaxSigmoid
      ? KeyedNormalization.minMaxSigmoid(calinskiHarabasz: separations, xieBeni: compactnesses)
      : KeyedNormalization.percentiles(calinskiHarabasz: separations, xieBeni: compactnesses)
    guard let scaled else {
      for position in usable {
        values[position].value = .undefined(
          "all sets of points have the same calinski-harabasz or xie-beni, so they give no scale")
      }
      return
    }
    for (position, place) in zip(usable, scaled) {
      values[position].value = .finite(place.combined(weight: effectiveWeight))
      values[position].details = [
        .init("scaled-calinski-harabasz", .finite(place.calinskiHarabasz)),
        .init("scaled-xie-beni", .finite(place.xieBeni)),
      ]
    }
  }
}

extension AlignmentQualityIndex {
  /// The value at another ratio F = trB/trW, with two classes of the same sizes: CH = (n − 2) F and
  /// XB = n₀n₁/(n² F).
  ///
  /// It rises with F for `paper-linear`, `paper-geometric` and `linear-log`, the formulas of CH and XB alone.
  ///
  /// - Parameters:
  ///   - ratio: F ≥ 0.
  ///   - measurements: Measurements with the scatter.
  /// - Returns: The value; `nil` for the other formulas, without two classes, and where a setting is missing
  ///   or wrong.
  public func value(
    atTraceRatio ratio: Double, of measurements: ClusterMeasurements
  ) -> Double? {
    let scatter = measurements.scatter
    guard formula.components == [.calinskiHarabasz, .xieBeni], scatter.classCount == 2,
      scatter.pointCount > 2, ratio >= 0, (try? checkSettings()) != nil
    else { return nil }
    let separation = ratio * Double(scatter.pointCount - 2)
    let compactness = scatter.shares.reduce(1, *) / ratio
    let value = number { $0 == .calinskiHarabasz ? separation : compactness }
    return value.flatMap { $0.isFinite ? $0 : nil }
  }
}
