internal import ArrayFiles
internal import Synchronization

/// Counts what reading makes resident of a mapped file, and says when to release its pages.
///
/// Shared by layers that are read in turn: where they are neighbours in the file, each is charged its
/// part of what all of them touch.
final class TouchedBytes: Sendable {
  /// A file that is cached in large pieces is mapped in pieces of up to so much.
  private static let largestPiece = 2 << 20

  private let layerCount: Int
  /// The bytes between the same element of the first and the last of the layers.
  private let layerSpan: Int
  private let limit: Int
  private let count = Atomic<Int>(0)

  /// Counts for some layers of one file.
  init(layerCount: Int, layerSpan: Int, limit: Int) {
    self.layerCount = layerCount
    self.layerSpan = layerSpan
    self.limit = limit
  }

  /// Adds what reading all rows of a reader has touched; `true` if pages are to be released now, which
  /// starts the count again.
  func add(_ reader: RowReader) -> Bool {
    let rowCount = reader.offsets.count
    let ownSpan = reader.touchedByteCount(0..<rowCount)
    let rowSpan = reader.touchedByteCount(0..<Swift.min(1, rowCount))
    let gathered = rowCount * (rowSpan + layerSpan + Self.largestPiece)
    let touched = Swift.min(
      ownSpan, Swift.min(ownSpan + layerSpan, gathered) / layerCount)
    guard count.wrappingAdd(touched, ordering: .relaxed).newValue >= limit else { return false }
    count.store(0, ordering: .relaxed)
    return true
  }
}
