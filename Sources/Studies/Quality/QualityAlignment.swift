internal import AlignmentQuality
internal import Evaluation

/// How alike the layers of an experiment are, as cells: each layer with each other, the other one as the
/// category.
enum QualityAlignment {
  /// The name of the comparison.
  static let name = MethodName(CenteredKernelAlignment.identifier)

  /// What stands for the other layer in the column `category`.
  static func category(_ layer: Int) -> String { "layer \(layer)" }

  /// Compares layers.
  static func cells(of layers: [Int], points: QualityPoints) throws -> [QualityCell] {
    let sources = try layers.map { try points.source(layer: $0) }
    let alignment = try CenteredKernelAlignment().alignment(of: sources, rows: points.rows)
    let groupCount = Grouping(points.groups).count
    return layers.indices.flatMap { first in
      layers.indices.filter { $0 != first }.map { second in
        let value = alignment.value(first, second)
        return QualityCell(
          name: name, layer: layers[first], category: category(layers[second]),
          measurement: Measurement(
            metric: QualityCell.metric, value: value.value, sampleCount: points.samples.count,
            groupCount: groupCount, flags: value.flags), details: [])
      }
    }
  }
}
