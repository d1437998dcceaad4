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

  @Test func nestedWorkStaysOnItsThread() {
    Self.with(threadCount: 4) {
      let most = Mutex((now: 0, most: 0))
      _ = Parallel.map(4) { _ in
        let inside = Mutex((now: 0, most: 0))
        _ = Parallel.map(50) { _ in
          inside.withLock {
            $0.now += 1
            $0.most = max($0.most, $0.now)
          }
          inside.withLock { $0.now -= 1 }
        }
        let reached = inside.withLock { $0.most }
        most.withLock { $0.most = max($0.most, reached) }
      }
      #expect(most.withLock { $0.most } == 1)
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
