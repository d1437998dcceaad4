import Dispatch
import Foundation
import Plumbline

/// Turns the first Ctrl-C into a request to end after the piece of work in hand.
///
/// The second one ends the process at once: files appear whole or not at all, so nothing is lost that
/// was finished.
struct Interruption {
  let cancellation = Cancellation()
  private let sources: [any DispatchSourceSignal]

  init() {
    let cancellation = cancellation
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if cancellation.isCancelled { exit(ExitStatus.interrupted.rawValue) }
        cancellation.cancel()
        Console.note("\nEnding after the layer in hand; press Ctrl-C again to stop at once.")
      }
      source.resume()
      return source
    }
  }
}

extension [any Outcome] {
  /// Ends the command if an interruption came before anything was measured, so that an empty result
  /// replaces no good one.
  func checkAnyMeasured() throws {
    guard contains(where: { !$0.isComplete }), allSatisfy(\.isEmpty) else { return }
    throw ToolFailure(
      .interrupted, "interrupted before the first layer was finished, so nothing is written")
  }
}
