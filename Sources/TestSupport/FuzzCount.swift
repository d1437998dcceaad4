internal import FoundationEssentials

/// How many damaged inputs a fuzz test looks at.
///
/// `PLUMBLINE_FUZZ_COUNT` in the environment replaces the test's own number, for a long run now and then,
/// best with the address sanitizer:
///
///     swift build -c release --build-tests --sanitize=address --scratch-path SCRATCH
///     PLUMBLINE_FUZZ_COUNT=1000000 swift test -c release --sanitize=address --scratch-path SCRATCH \
///       --skip-build --filter 'FuzzTests|mutants'
public enum FuzzCount {
  /// The number asked for in the environment, or else the test's own.
  ///
  /// - Parameter count: how many the test looks at in an ordinary run.
  /// - Returns: a positive number.
  public static func mutants(default count: Int) -> Int {
    let text = ProcessInfo.processInfo.environment["PLUMBLINE_FUZZ_COUNT"]
    guard let wanted = text.flatMap(Int.init), wanted > 0 else { return count }
    return wanted
  }
}
