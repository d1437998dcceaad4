internal import Evaluation

extension Measurement {
  /// The number with three significant digits and its interval, or why there is none.
  var text: String {
    switch value {
    case .finite(let number):
      NumberText.significant(number)
        + (interval.map {
          " [\(NumberText.significant($0.lower)), \(NumberText.significant($0.upper))]"
        } ?? "")
    case .infinite(let reason), .undefined(let reason): "none: \(reason)"
    }
  }

  /// The number as a share with two decimals and its interval; empty without a number.
  var shareText: String {
    guard let number = value.finiteValue else { return "" }
    func share(_ number: Double) -> String { NumberText.share(number, decimals: 2) }
    return share(number) + (interval.map { " [\(share($0.lower)), \(share($0.upper))]" } ?? "")
  }
}
