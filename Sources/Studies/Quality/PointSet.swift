internal import Activations
internal import AlignmentQuality

/// Points that are measured together: those of one category, or all of them.
struct PointSet: Sendable {
  /// The category's name; `nil` for all points.
  let category: String?
  /// Which points.
  let positions: [Int]
  /// Why no index has a value on them, if so.
  let undefinedReason: String?

  /// The sets of an experiment: one a category, then all points.
  static func all(of points: QualityPoints, by attribute: String?) throws -> [PointSet] {
    let all = PointSet(
      category: nil, positions: Array(points.samples.indices), undefinedReason: nil)
    guard let attribute else { return [all] }
    let known = try SampleSelection.attribute(
      attribute, of: points.dump, for: "categories can be told")
    let classes = Set(points.labels)
    var members: [Int: [Int]] = [:]
    for (position, sample) in points.samples.enumerated() {
      members[known.values[sample], default: []].append(position)
    }
    let categories = members.sorted { $0.key < $1.key }.map { value, positions in
      let missing = classes.subtracting(positions.map { points.labels[$0] }).sorted()
      let names = missing.map { points.name(ofClass: $0) }.joined(separator: ", ")
      return PointSet(
        category: known.label(of: value), positions: positions,
        undefinedReason: missing.isEmpty ? nil : "the category has no sample of class \(names)")
    }
    return categories + [all]
  }
}
