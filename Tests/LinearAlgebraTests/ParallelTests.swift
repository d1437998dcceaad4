import LinearAlgebra
import Synchronization
import Testing

/// The thread count belongs to the process, so these tests take turns.
@Suite(.serialized) struct ParallelTests {
  /// Runs a body at a thread count and restores the one before.
  static func with<Result>(threadCount: Int, _ body: () throws -> Result) rethrows -> Result {
    let before = Parallel.threadCount
    Parallel.threadCount = threadCount
    defer { Parallel.threadCount = before }
    return try body()
  }

  @Test(arguments: [1, 2, 5])
  func resultsComeInOrder(threadCount: Int) {
    Self.with(threadCount: threadCount) {
      #expect(Parallel.map(1000) { $0 * $0 } == (0..<1000).map { $0 * $0 })
      #expect(Parallel.map(0) { $0 } == [])
    }
  }

  struct Failed: Error, Equatable { let index: Int }

  @Test(arguments: [1, 2, 5])
  func theLowestFailureWins(threadCount: Int) {
    Self.with(threadCount: threadCount) {
      for _ in 0..<50 {
        let error = #expect(throws: Failed.self) {
          _ = try Parallel.map(200) { (index) throws(Failed) -> Int in
            if index % 7 == 6 { throw Failed(index: index) }
            return index
          }
        }
        #expect(error == Failed(index: 6))
      }
    }
  }

  @Test(arguments: [1, 2, 5])
  func nestedWorkRunsAndStaysInOrder(threadCount: Int) {
    Self.with(threadCount: threadCount) {
      let nested = Parallel.map(20) { outer in Parallel.map(20) { outer * 100 + $0 } }
      #expect(nested == (0..<20).map { outer in (0..<20).map { outer * 100 + $0 } })
    }
  }

  /// Waits until something holds, or a second has passed.
  static func wait(until holds: () -> Bool) {
    let end = ContinuousClock.now + .seconds(1)
    while !holds(), ContinuousClock.now < end {}
  }

  /// Index 0 fails first and index 1 after it, each having seen the other begin.
  @Test func aLaterFailureDoesNotReplaceALowerOne() {
    Self.with(threadCount: 2) {
      let begun = Atomic<Int>(0)
      let failed = Atomic<Int>(0)
      let error = #expect(throws: Failed.self) {
        _ = try Parallel.map(2) { (index) throws(Failed) -> Int in
          begun.wrappingAdd(1, ordering: .sequentiallyConsistent)
          Self.wait { begun.load(ordering: .sequentiallyConsistent) == 2 }
          if index == 1 {
            Self.wait { failed.load(ordering: .sequentiallyConsistent) == 1 }
            let later = ContinuousClock.now + .milliseconds(50)
            Self.wait { ContinuousClock.now > later }
          }
          failed.wrappingAdd(1, ordering: .sequentiallyConsistent)
          throw Failed(index: index)
        }
      }
      #expect(error == Failed(index: 0))
    }
  }

  /// The other thread is free, and would be taken if nested work were spread.
  @Test func nestedWorkStaysOnItsThread() {
    Self.with(threadCount: 2) {
      let reached = Parallel.map(2) { outer in
        guard outer == 0 else { return 0 }
        let inside = Mutex((now: 0, most: 0))
        _ = Parallel.map(100) { _ in
          inside.withLock {
            $0.now += 1
            $0.most = max($0.most, $0.now)
          }
          let later = ContinuousClock.now + .milliseconds(1)
          Self.wait { ContinuousClock.now > later }
          inside.withLock { $0.now -= 1 }
        }
        return inside.withLock { $0.most }
      }
      #expect(reached == [1, 0])
    }
  }

  @Test(arguments: [1, 2, 5])
  func everyElementIsChangedOnce(threadCount: Int) throws {
    try Self.with(threadCount: threadCount) {
      var arrays = (0..<100).map { [$0] }
      try Parallel.forEach(in: &arrays) { (index, array) throws(Failed) in
        array.append(index * 2)
      }
      #expect(arrays == (0..<100).map { [$0, $0 * 2] })
    }
  }

  @Test func aThreadCountBelowOneIsOne() {
    Self.with(threadCount: -3) { #expect(Parallel.threadCount == 1) }
    #expect(Parallel.availableProcessorCount >= 1)
  }

  @Test(arguments: [1, 2, 5])
  func rowBlocksCoverTheMatrix(threadCount: Int) {
    Self.with(threadCount: threadCount) {
      var matrix = Matrix<Double>(rowCount: 103, columnCount: 7)
      matrix.forEachRowBlock(of: 10) { rows, elements in
        for place in elements.indices {
          elements[place] = Double(rows.lowerBound * 7 + place)
        }
      }
      #expect(matrix.elements == (0..<721).map(Double.init))
    }
  }

  @Test func productsAreTheSameBytesAtAnyThreadCount() {
    var random = Reproducible(seed: 4)
    let left: Matrix<Float> = random.matrix(1100, 300)
    let right: Matrix<Float> = random.matrix(300, 1300)
    let serial = Self.with(threadCount: 1) {
      (
        product(of: left.view, and: right.view),
        symmetricProduct(of: right.view, transposed: true)
      )
    }
    for threadCount in [2, 5] {
      Self.with(threadCount: threadCount) {
        #expect(product(of: left.view, and: right.view) == serial.0)
        #expect(symmetricProduct(of: right.view, transposed: true) == serial.1)
      }
    }
  }

  @Test func blasRunsOneThreadOfOpenBLAS() {
    #expect(OpenBLAS.threadCount == 1)
    #expect(OpenBLAS.configuration.contains("OpenBLAS"))
    #expect(!OpenBLAS.coreName.isEmpty)
  }
}
