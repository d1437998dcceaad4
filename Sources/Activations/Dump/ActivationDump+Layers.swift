internal import LinearAlgebra

extension ActivationDump {
  /// Reads the contrast pairs of one layer.
  ///
  /// - Parameters:
  ///   - layer: the layer's number.
  ///   - rows: the samples wanted, in that order; all if not given.
  ///   - variants: what becomes of several wordings of a sample.
  /// - Returns: the pairs; with several wordings as separate pairs, `variantCount` for each sample.
  /// - Throws: ``ActivationsError/nonFinite(_:)`` for a NaN or an infinity, or if the dump has no
  ///   contrast pairs, or no such layer or sample.
  public func contrastPairs(
    layer: Int, rows: [Int]? = nil, variants: VariantChoice = .separatePairs
  ) throws(ActivationsError) -> ContrastPairs {
    try require([.positive, .negative], for: "reading contrast pairs")
    let positive = try array(.positive, for: "reading contrast pairs")
    let negative = try array(.negative, for: "reading contrast pairs")
    let rows = rows ?? Array(0..<sampleCount)
    try check(layer: layer, rows: rows)
    let places = try places(of: rows, variants: variants, isVaried: positive.hasVariants)
    let samples = places.map(\.row)
    let wordings = positive.hasVariants ? places.map { $0.variant ?? 0 } : nil
    return try ContrastPairs(
      positive: try positive.layerMatrix(layer, at: places),
      negative: try negative.layerMatrix(layer, at: places),
      labels: labels.map { labels in samples.map { labels[$0] } },
      groups: samples.map { groups[$0] },
      categories: categories.map { categories in samples.map { categories[$0] } } ?? wordings,
      rows: samples, opposites: opposites.map { opposites in samples.map { opposites[$0] } },
      variants: wordings)
  }

  /// Reads the activations of one layer.
  ///
  /// - Parameters:
  ///   - layer: the layer's number.
  ///   - rows: the samples wanted, in that order; all if not given.
  /// - Returns: a row for each sample.
  /// - Throws: ``ActivationsError/nonFinite(_:)`` for a NaN or an infinity, or if the dump has no
  ///   activations, or no such layer or sample.
  public func activations(
    layer: Int, rows: [Int]? = nil
  ) throws(ActivationsError) -> LabelledActivations {
    let array = try array(.activations, for: "reading activations")
    let rows = rows ?? Array(0..<sampleCount)
    try check(layer: layer, rows: rows)
    return try LabelledActivations(
      activations: try array.layerMatrix(layer, at: rows.map { ArrayRow(row: $0, variant: nil) }),
      labels: labels.map { labels in rows.map { labels[$0] } },
      groups: rows.map { groups[$0] },
      categories: categories.map { categories in rows.map { categories[$0] } }, rows: rows)
  }

  /// Reads the contrast set of a feature at one layer.
  ///
  /// - Parameters:
  ///   - feature: the feature's name.
  ///   - layer: the layer's number.
  ///   - rows: the rows wanted, in the order wanted; all if not given.
  /// - Returns: its pairs. They need not be the samples of the dump, so that nothing but their number
  ///   is known about them.
  /// - Throws: as ``contrastPairs(layer:rows:variants:)``;
  ///   ``ActivationsError/outOfRange(what:value:count:)`` for a row that the set does not have.
  public func contrastPairs(
    feature: String, layer: Int, rows: [Int]? = nil
  ) throws(ActivationsError) -> ContrastPairs {
    let purpose = "reading the contrast set of \(feature)"
    try require([.contrastPositive(feature), .contrastNegative(feature)], for: purpose)
    let positive = try array(.contrastPositive(feature), for: purpose)
    let negative = try array(.contrastNegative(feature), for: purpose)
    try check(layer: layer, rows: [])
    let count = positive.count(of: .sample) ?? 0
    for row in rows ?? [] where !(0..<count).contains(row) {
      throw .outOfRange(what: "row of the contrasts of \(feature)", value: row, count: count)
    }
    let places = (rows ?? Array(0..<count)).map { ArrayRow(row: $0, variant: nil) }
    return try ContrastPairs(
      positive: try positive.layerMatrix(layer, at: places),
      negative: try negative.layerMatrix(layer, at: places))
  }

  /// The features that the dump has contrast sets of, sorted.
  public var contrastFeatures: [String] {
    Set(arrays.keys.compactMap(\.contrastFeature)).sorted()
  }

  func check(layer: Int, rows: [Int]) throws(ActivationsError) {
    guard layer >= 0, layer < layerCount else {
      throw .outOfRange(what: "layer", value: layer, count: layerCount)
    }
    for row in rows where row < 0 || row >= sampleCount {
      throw .outOfRange(what: "sample", value: row, count: sampleCount)
    }
  }

  func places(
    of rows: [Int], variants: VariantChoice, isVaried: Bool
  ) throws(ActivationsError) -> [ArrayRow] {
    switch variants {
    case .only(let variant):
      guard variant >= 0, variant < variantCount else {
        throw .outOfRange(what: "variant", value: variant, count: variantCount)
      }
      return rows.map { ArrayRow(row: $0, variant: isVaried ? variant : nil) }
    case .separatePairs:
      guard isVaried else { return rows.map { ArrayRow(row: $0, variant: nil) } }
      return rows.flatMap { row in
        (0..<variantCount).map { ArrayRow(row: row, variant: $0) }
      }
    }
  }
}

extension DumpArray {
  var hasVariants: Bool { axes.contains(.variant) }

  /// One layer of hidden states.
  func layerMatrix(_ layer: Int, at places: [ArrayRow]) throws(ActivationsError) -> Matrix<Float> {
    try matrix(
      rows: axes.contains(.token) ? .token : .sample, at: places, columns: .width,
      fixing: axes.contains(.layer) ? [.layer: layer] : [:], isCheckingFinite: true)
  }
}
