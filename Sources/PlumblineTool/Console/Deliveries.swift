/// Hands over several results, each whether or not another could be.
struct Deliveries {
  private var failures: [ToolFailure] = []

  /// Does one of them, and keeps its error for ``check()``.
  mutating func attempt(_ deliver: () throws -> Void) {
    do {
      try deliver()
    } catch {
      failures.append(ToolFailure(error))
    }
  }

  /// Fails if any of them failed, with all that went wrong in one paragraph.
  ///
  /// - Throws: ``ToolFailure`` with the first one's status.
  func check() throws {
    guard let first = failures.first else { return }
    throw ToolFailure(first.status, failures.map(\.message).joined(separator: " Also: "))
  }
}
