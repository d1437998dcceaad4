internal import CArrayKernels
internal import Dispatch
internal import Synchronization

/// Threads over independent pieces of work, with results in order.
///
/// What runs in parallel must be cut by the shape of the data, never by the number of threads, so that
/// results are the same bytes at any count. A call inside another's body runs serially.
public enum Parallel {
  /// The number of processors that this process may use.
  public static let availableProcessorCount = Int(array_kernels_available_processors())

  /// The number of threads that work at once.
  ///
  /// Starts as the number of processors; 1 is serial.
  public static var threadCount: Int {
    get { chosenThreadCount.load(ordering: .relaxed) }
    set { chosenThreadCount.store(max(1, newValue), ordering: .relaxed) }
  }

  private static let chosenThreadCount = Atomic<Int>(availableProcessorCount)

  @TaskLocal private static var isInside = false

  /// Runs a body for every index and returns the results in order.
  ///
  /// - Parameters:
  ///   - count: The number of pieces.
  ///   - body: Computes the piece at an index. Called from several threads at once.
  /// - Returns: `count` results, the one for index 0 first.
  /// - Throws: The error of the lowest index that failed; pieces not yet begun are left out.
  public static func map<Result: Sendable, Failure: Error>(
    _ count: Int, _ body: @Sendable (Int) throws(Failure) -> Result
  ) throws(Failure) -> [Result] {
    guard let workerCount = workerCount(for: count) else {
      var results: [Result] = []
      results.reserveCapacity(count)
      for index in 0..<count { results.append(try body(index)) }
      return results
    }
    let outcome = Mutex(Outcome<Result, Failure>(count: count))
    distribute(count, over: workerCount) { index in
      do throws(Failure) {
        let result = try body(index)
        outcome.withLock { $0.results[index] = result }
        return true
      } catch {
        outcome.withLock { $0.note(error, at: index) }
        return false
      }
    }
    return try outcome.withLock { (outcome) throws(Failure) in try outcome.collect() }
  }

  /// Runs a body for every index.
  ///
  /// - Parameters:
  ///   - count: The number of pieces.
  ///   - body: Handles the piece at an index. Called from several threads at once.
  /// - Throws: The error of the lowest index that failed; pieces not yet begun are left out.
  public static func forEach<Failure: Error>(
    _ count: Int, _ body: @Sendable (Int) throws(Failure) -> Void
  ) throws(Failure) {
    guard let workerCount = workerCount(for: count) else {
      for index in 0..<count { try body(index) }
      return
    }
    let outcome = Mutex(Outcome<Void, Failure>(count: 0))
    distribute(count, over: workerCount) { index in
      do throws(Failure) {
        try body(index)
        return true
      } catch {
        outcome.withLock { $0.note(error, at: index) }
        return false
      }
    }
    _ = try outcome.withLock { (outcome) throws(Failure) in try outcome.collect() }
  }

  /// Runs a body for every element of an array, each with exclusive access to its own.
  ///
  /// Keeps workspaces between rounds: nothing is allocated here but the closure.
  ///
  /// - Parameters:
  ///   - elements: What the bodies change.
  ///   - body: Handles the element at an index. Called from several threads at once.
  /// - Throws: The error of the lowest index that failed; elements not yet begun are unchanged.
  public static func forEach<Element: Sendable, Failure: Error>(
    in elements: inout [Element], _ body: @Sendable (Int, inout Element) throws(Failure) -> Void
  ) throws(Failure) {
    let count = elements.count
    var elementSpan = elements.mutableSpan
    // Every index is handed out once, so no two threads share an element, and all are done before the
    // buffer's scope ends.
    try unsafe elementSpan.withUnsafeMutableBufferPointer { (buffer) throws(Failure) in
      nonisolated(unsafe) let elements = unsafe buffer
      try forEach(count) { (index) throws(Failure) in
        try unsafe body(index, &elements[index])
      }
    }
  }

  /// The number of threads for that many pieces, or `nil` to stay on this one.
  private static func workerCount(for count: Int) -> Int? {
    let workerCount = min(threadCount, count)
    return workerCount > 1 && !isInside ? workerCount : nil
  }

  /// Hands out indices in ascending order until a piece fails.
  ///
  /// Every index below a failed one has been handed out by then, so the lowest failure is found.
  private static func distribute(
    _ count: Int, over workerCount: Int, _ piece: @Sendable (Int) -> Bool
  ) {
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workerCount) { _ in
      $isInside.withValue(true) {
        while true {
          let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard index < count else { return }
          if !piece(index) { next.store(count, ordering: .relaxed) }
        }
      }
    }
  }

  /// What the pieces left behind.
  private struct Outcome<Result: Sendable, Failure: Error>: Sendable {
    var results: [Result?]
    private var failure: (index: Int, error: Failure)?

    init(count: Int) { results = Array(repeating: nil, count: count) }

    mutating func note(_ error: Failure, at index: Int) {
      if let failure, failure.index < index { return }
      failure = (index, error)
    }

    func collect() throws(Failure) -> [Result] {
      if let failure { throw failure.error }
      return results.compactMap { $0 }
    }
  }
}
