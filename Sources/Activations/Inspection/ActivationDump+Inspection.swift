internal import ArrayFiles
internal import LinearAlgebra

extension ActivationDump {
  /// Looks at every element that is no whole number, and at how the samples hang together.
  ///
  /// Layers stream through one tile a thread, so that memory does not grow with the dump (but for 8
  /// bytes a sample and array). A NaN or an infinity is counted, not refused.
  ///
  /// - Parameter progress: called after each layer with how many are done and how many there are.
  /// - Returns: what was found.
  /// - Throws: ``ActivationsError`` if texts cannot be read.
  /// - Complexity: O(size of the dump).
  public func inspect(
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(ActivationsError) -> DumpInspection {
    let sorted = arrays.values.sorted { $0.role < $1.role }
    let total = sorted.reduce(0) { $0 + $1.scanCount }
    var done = 0
    var inspected: [DumpInspection.Array] = []
    for array in sorted {
      var hashes = [UInt64](repeating: 0, count: array.scannedRowCount)
      var layers: [DumpInspection.Layer] = []
      var nonFinite: NonFiniteElements?
      for layer in 0..<array.scannedLayerCount {
        layers.append(
          try array.scan(
            layer: layer, name: layer < layerNames.count ? layerNames[layer] : "\(layer)",
            hashes: &hashes))
        done += 1
        progress(done, total)
      }
      if array.isScannedWhole {
        nonFinite = NonFiniteElements(in: array)
        done += 1
        progress(done, total)
      }
      inspected.append(
        DumpInspection.Array(
          role: array.role, file: array.fileDescription,
          elementType: array.elementType.rawValue, axes: array.axes, shape: array.shape,
          byteCount: array.byteCount, isMemoryMapped: array.files.allSatisfy(\.isMemoryMapped),
          layers: layers,
          nonFiniteCount: layers.isEmpty
            ? nonFinite?.count : layers.reduce(0) { $0 + $1.nonFiniteCount },
          firstNonFinite: nonFinite?.first,
          duplicateRowCount: layers.isEmpty ? nil : hashes.count - Set(hashes).count))
    }
    let blocks = try blocks()
    return DumpInspection(
      path: path, model: manifest.model, site: manifest.site, token: manifest.token,
      finalLayer: manifest.finalLayer, provenance: manifest.provenance, sampleCount: sampleCount,
      layerNames: layerNames, width: width, variantCount: variantCount, arrays: inspected,
      settings: manifest.settings, contrasts: contrastCounts, tokenCount: tokenCount,
      sweep: sweep, classes: classCounts, attributes: attributes.map(\.inspection),
      groupCount: Set(groups).count,
      blockCount: blocks.blocks.count,
      unpairedOppositeCount: opposites.map { $0.count { $0 == nil } }, parts: partCounts,
      warnings: InspectionWarnings(
        dump: self, arrays: inspected, sweep: sweep, blockCount: blocks.blocks.count
      ).all)
  }

  var classCounts: [DumpInspection.ClassCount] {
    guard let labels else { return [] }
    let names = labelNames
    return labels.counts.map { label, count in
      DumpInspection.ClassCount(label: label, name: names[label], count: count)
    }
  }

  private var contrastCounts: [String: Int] {
    var counts: [String: Int] = [:]
    for feature in contrastFeatures {
      counts[feature] = arrays[.contrastPositive(feature)]?.count(of: .sample)
    }
    return counts
  }

  /// The tokens of all answers; the positions of attention maps are others.
  private var tokenCount: Int? {
    arrays.values.filter { $0.role.identifier != "attention" }
      .compactMap { $0.count(of: .token) }.first
  }

  private var sweep: DumpInspection.Sweep? {
    let coefficients: [Double]
    switch manifest.arrays[.sweepCoefficients] {
    case .numbers(let values): coefficients = values
    case .array:
      // A coefficient that is not finite is counted, as elsewhere, and not refused.
      guard let values = try? arrays[.sweepCoefficients]?.values() else { return nil }
      coefficients = values
    default: return nil
    }
    return DumpInspection.Sweep(
      coefficients: coefficients,
      controlCount: arrays.values.compactMap { $0.count(of: .direction) }.first ?? 0)
  }

  private var partCounts: [String: Int]? {
    parts.map { parts in
      var counts: [String: Int] = [:]
      for part in parts { counts[part.rawValue, default: 0] += 1 }
      return counts
    }
  }
}

extension SampleAttribute {
  fileprivate var inspection: DumpInspection.Attribute {
    DumpInspection.Attribute(
      role: role, name: name,
      values: values.counts.map { value, count in
        DumpInspection.ValueCount(
          value: value, name: valueNames.map { $0[value] }, count: count)
      })
  }
}

extension DumpManifest {
  /// What is given without an array.
  fileprivate var settings: [DumpInspection.Setting] {
    roles.compactMap { role in
      let value: String
      switch arrays[role] {
      case .texts(let file): value = file
      case .integers(let values): value = values.map(String.init).joined(separator: ", ")
      case .numbers(let values): value = values.map(\.shortest).joined(separator: ", ")
      case .number(let number): value = number.shortest
      case .choice(let word): value = word
      case .array, nil: return nil
      }
      return DumpInspection.Setting(role: role, value: value)
    }
  }
}

extension Double {
  /// The fewest digits that tell it from other numbers, without a fraction where it is whole.
  fileprivate var shortest: String {
    description.hasSuffix(".0") ? String(description.dropLast(2)) : description
  }
}

extension [Int] {
  /// The numbers that occur, ascending, each with how often.
  fileprivate var counts: [(number: Int, count: Int)] {
    reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
      .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

extension DumpArray {
  /// The axis that rows of hidden states count.
  private var rowAxis: Axis { axes.contains(.token) ? .token : .sample }

  /// How many layers an inspection looks at: none for what is no hidden state.
  fileprivate var scannedLayerCount: Int {
    role.definition.isHiddenStates ? count(of: .layer) ?? 1 : 0
  }

  /// Whether it is looked at from end to end for elements that are not finite: neither hidden states,
  /// whose layers are looked at, nor whole numbers, which are checked where they are read.
  fileprivate var isScannedWhole: Bool {
    !role.definition.isHiddenStates
      && (role.definition.content == .array || role.definition.content == .numbersOrList)
  }

  /// How many steps an inspection takes.
  fileprivate var scanCount: Int { scannedLayerCount + (isScannedWhole ? 1 : 0) }

  fileprivate var scannedRowCount: Int {
    (count(of: rowAxis) ?? 0) * (count(of: .variant) ?? 1)
  }

  /// Reads one layer in parts and looks at each, in order.
  fileprivate func scan(
    layer: Int, name: String, hashes: inout [UInt64]
  ) throws(ActivationsError) -> DumpInspection.Layer {
    let width = count(of: .width) ?? 0
    let variantCount = count(of: .variant) ?? 1
    let partRowCount = Swift.max(1, (1 << 22) / Swift.max(width * variantCount, 1))
    let rowCount = count(of: rowAxis) ?? 0
    var scan = LayerScan(columnCount: width)
    for first in stride(from: 0, to: rowCount, by: partRowCount) {
      let places = (first..<Swift.min(first + partRowCount, rowCount)).flatMap { row in
        (0..<variantCount).map { ArrayRow(row: row, variant: hasVariants ? $0 : nil) }
      }
      let part = try matrix(
        rows: rowAxis, at: places, columns: .width,
        fixing: axes.contains(.layer) ? [.layer: layer] : [:], isCheckingFinite: false)
      scan.add(part.span, hashes: &hashes)
    }
    return DumpInspection.Layer(
      name: name, nonFiniteCount: scan.nonFiniteCount, firstNonFinite: scan.firstNonFinite,
      constantFeatureCount: scan.constantFeatureCount,
      isConstant: scan.rowCount > 1 && scan.constantFeatureCount == width,
      zeroRowCount: scan.zeroRowCount, largestMagnitude: scan.largestMagnitude)
  }
}
