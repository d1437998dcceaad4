import Foundation
import Plumbline
import Synchronization

/// Says how far long work has come, on standard error: a bar on a terminal, a line a minute elsewhere.
final class ProgressReporter: Sendable {
  private struct State {
    var completedCount = 0
    var lastLine: ContinuousClock.Instant
    var hasBar = false
  }

  private let start = ContinuousClock.now
  private let state: Mutex<State>
  private let isShown: Bool
  private static let barWidth = 24
  private static let quietInterval = Duration.seconds(60)

  /// Creates a reporter.
  ///
  /// - Parameter isShown: Whether anything is written at all.
  init(isShown: Bool) {
    self.isShown = isShown
    state = Mutex(State(lastLine: start))
  }

  /// Notes that one more piece of work is done.
  func report(_ progress: ExperimentProgress) {
    guard isShown else { return }
    state.withLock { state in
      state.completedCount = progress.completedCount
      let elapsed = ContinuousClock.now - start
      let remaining =
        elapsed / max(progress.completedCount, 1) * (progress.totalCount - progress.completedCount)
      if Console.isErrorTerminal {
        let filled = Self.barWidth * progress.completedCount / max(progress.totalCount, 1)
        let bar =
          String(repeating: "█", count: filled)
          + String(repeating: "░", count: Self.barWidth - filled)
        let line =
          "\(bar) \(progress.completedCount)/\(progress.totalCount) \(progress.what), "
          + "\(Self.text(remaining)) left"
        try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K\(line)".utf8))
        state.hasBar = true
      } else if ContinuousClock.now - state.lastLine >= Self.quietInterval {
        state.lastLine = .now
        Console.note(
          "\(progress.completedCount) of \(progress.totalCount) \(progress.what) after "
            + "\(Self.text(elapsed)), about \(Self.text(remaining)) left")
      }
    }
  }

  /// Clears the bar, so that what follows starts on a clean line.
  func finish() {
    state.withLock { state in
      guard state.hasBar else { return }
      try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K".utf8))
      state.hasBar = false
    }
  }

  private static func text(_ duration: Duration) -> String {
    let seconds = Int(duration.components.seconds)
    if seconds < 60 { return "\(seconds) s" }
    if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
    return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
  }
}
