internal import Synchronization

/// A request, from any thread, that long work end after the piece in hand.
public final class Cancellation: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Creates a request that nobody has made yet.
  public init() {}

  /// Whether the work should end.
  public var isCancelled: Bool { flag.load(ordering: .relaxed) }

  /// Asks the work to end.
  public func cancel() { flag.store(true, ordering: .relaxed) }
}

/// How far an experiment has come.
public struct ExperimentProgress: Sendable, Equatable {
  /// How many pieces are done.
  public let completedCount: Int
  /// How many pieces there are.
  public let totalCount: Int
  /// What a piece is, such as `layers`.
  public let what: String

  /// Creates a report of progress.
  ///
  /// - Parameters:
  ///   - completedCount: How many pieces are done.
  ///   - totalCount: How many pieces there are.
  ///   - what: What a piece is.
  public init(completedCount: Int, totalCount: Int, what: String) {
    self.completedCount = completedCount
    self.totalCount = totalCount
    self.what = what
  }
}
