/// What was typed.
struct BenchmarkOptions {
  /// Where the table is written; printed only if not given.
  var output: String?
  /// The benchmarks that run.
  var names: [String] = []
  /// The Python that has torch, scikit-learn and NumPy.
  var python = "python3"
  /// The folder of the peers' scripts.
  var peers = "Sources/Benchmarks/peers"
  /// Where temporary data go.
  var temporary = "/tmp"
  /// How often each side runs.
  var repeatCount = 2

  static let usage = """
    Benchmarks [--output FILE] [--only NAME]… [--python PYTHON] [--peers FOLDER]
               [--temporary FOLDER] [--repeats COUNT]
    """

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let option = rest.popFirst() {
      guard let value = rest.popFirst() else {
        throw BenchmarkFailure("\(option) needs a value\n\(Self.usage)")
      }
      switch option {
      case "--output": output = value
      case "--only": names.append(value)
      case "--python": python = value
      case "--peers": peers = value
      case "--temporary": temporary = value
      case "--repeats":
        guard let count = Int(value), count > 0 else {
          throw BenchmarkFailure("--repeats \(value) is not a positive number")
        }
        repeatCount = count
      default: throw BenchmarkFailure("unknown option \(option)\n\(Self.usage)")
      }
    }
  }
}
