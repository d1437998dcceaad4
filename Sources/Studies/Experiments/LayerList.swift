public import Activations

/// A list of layers such as `0,3-6`, or `all`.
public struct LayerList: Sendable, Equatable {
  private let ranges: [ClosedRange<Int>]?

  /// Reads a list.
  ///
  /// - Parameter text: `all`, or numbers and ranges separated by commas. `nil` for anything else.
  public init?(_ text: String) {
    if text == "all" {
      ranges = nil
      return
    }
    var ranges: [ClosedRange<Int>] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil,
        first <= last
      else { return nil }
      ranges.append(first...last)
    }
    self.ranges = ranges
  }

  /// Whether the list names a layer.
  ///
  /// - Parameter layer: A layer's number.
  /// - Returns: `true` for every layer if all are named.
  public func contains(_ layer: Int) -> Bool { ranges?.contains { $0.contains(layer) } ?? true }

  /// The chosen layers of a dump, rising and without repeats.
  ///
  /// - Parameter dump: The dump.
  /// - Returns: Layer numbers.
  /// - Throws: ``StudyError/usage(_:)`` for a layer that the dump does not have.
  public func layers(of dump: ActivationDump) throws(StudyError) -> [Int] {
    let count = max(dump.layerCount, 1)
    guard let ranges else { return Array(0..<count) }
    for range in ranges where range.upperBound >= count {
      throw .usage(
        "layer \(range.upperBound) was asked for, but \(dump.path) has layers 0 to \(count - 1)")
    }
    return Set(ranges.flatMap { Array($0) }).sorted()
  }
}
