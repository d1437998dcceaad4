internal import Evaluation

/// The flags of a table, each once, with the layers that carry it.
struct FlagLines {
  private struct Line {
    let name: String
    var layers: Set<Int> = []
    var details: Set<String> = []
  }

  private var order: [String] = []
  private var lines: [String: Line] = [:]

  /// Notes a flag of a layer.
  ///
  /// - Parameters:
  ///   - flag: The flag.
  ///   - detail: What stands behind it where all layers say the same; the flag's own detail if not given.
  ///   - layer: The layer that carries it.
  ///   - key: Flags with one key share a line; the flag's name if not given.
  mutating func add(_ flag: Flag, detail: String? = nil, layer: Int, key: String? = nil) {
    let key = key ?? flag.name
    if lines[key] == nil { order.append(key) }
    lines[key, default: Line(name: flag.name)].layers.insert(layer)
    if let detail = detail ?? flag.detail { lines[key]?.details.insert(detail) }
  }

  /// The lines, at most 80 columns wide.
  ///
  /// - Parameters:
  ///   - all: All layers of the table.
  ///   - width: The most characters of a line, without its indentation.
  /// - Returns: Indented lines.
  func text(layers all: Set<Int>, width: Int = 78) -> [String] {
    order.compactMap { lines[$0] }.flatMap { line -> [String] in
      let numbers = Self.ranges(line.layers.sorted())
      let place =
        line.layers == all
        ? "all layers" : "\(line.layers.count == 1 ? "layer" : "layers") \(numbers)"
      let detail = line.details.count == 1 ? ": " + (line.details.first ?? "") : ""
      let text = "! \(line.name)\(detail)" + (all.count == 1 ? "" : " (\(place))")
      return Prose.lines(text, width: width, indentation: "  ").map { "  " + $0 }
    }
  }

  /// Rising numbers with runs shortened: `0, 3-6`.
  static func ranges(_ numbers: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = runs.last, last.upperBound + 1 == number {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: ", ")
  }
}
