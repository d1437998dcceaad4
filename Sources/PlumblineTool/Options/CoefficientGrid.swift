import ArgumentParser
import Plumbline

/// The coefficients of a sweep, as they are typed: `-2:2:41`, or a list.
struct CoefficientGrid: ExpressibleByArgument {
  let values: [Double]

  /// From −2 to 2 in steps of a tenth.
  static let standard = CoefficientGrid(values: (-20...20).map { Double($0) / 10 })

  private init(values: [Double]) { self.values = values }

  /// Reads `lowest:highest:count`, evenly spaced, or numbers separated by commas.
  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    if parts.count == 3 {
      guard let lowest = Double(parts[0]), let highest = Double(parts[1]),
        let count = Int(parts[2]), lowest.isFinite, highest.isFinite, lowest < highest,
        (2...Self.mostCoefficients).contains(count)
      else { return nil }
      values = (0..<count).map { place in
        // From both ends, so that the middle of a symmetric grid is exactly 0.
        let share = Double(place) / Double(count - 1)
        return lowest * (1 - share) + highest * share
      }
    } else {
      let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map {
        Double($0)
      }
      let finite = numbers.compactMap { $0 }.filter(\.isFinite)
      guard parts.count == 1, finite.count == numbers.count, !finite.isEmpty,
        finite.count <= Self.mostCoefficients
      else { return nil }
      values = finite
    }
  }

  private static let mostCoefficients = 10_000
}
