import Foundation

/// The JSON that the tool prints, as another program reads it.
struct ResultFile: Decodable {
  struct Row: Decodable, Equatable {
    let study, analysis, dump, trainDump, method, variant, control, fold, category, unit: String?
    let layer: Int?
    let metric: String
    let estimate, lower, upper, level, chance, pValue, pValueAdjusted: Double?
    let samples, groups: Int?
    let seed: UInt64?
    let flags: [String]
  }

  struct Input: Decodable {
    let path: String
    let sha256: String?
    let shape: [Int]
    let type: String
  }

  struct Dump: Decodable {
    struct Model: Decodable {
      let name, revision, fingerprint: String?
    }

    let path: String
    let model: Model
  }

  let plumbline: String
  let command: String
  let records: [Row]
  let warnings: [String]
  let dumps: [Dump]
  let inputs: [Input]

  init(_ text: String) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
  }

  /// The accuracies of the method itself, by layer.
  var accuracies: [Int: Row] {
    let own = records.filter {
      $0.control == nil && ["accuracy", "folded-accuracy"].contains($0.metric)
    }
    return Dictionary(own.compactMap { row in row.layer.map { ($0, row) } }) { first, _ in first }
  }
}

/// Reads comma-separated values with quotes as RFC 4180 has them.
func rows(ofCommaSeparated text: String) -> [[String]] {
  var rows: [[String]] = []
  var row: [String] = []
  var field = ""
  var isQuoted = false
  var previousWasQuote = false
  for character in text {
    if isQuoted {
      if character == "\"" {
        isQuoted = false
        previousWasQuote = true
      } else {
        field.append(character)
      }
      continue
    }
    switch character {
    case "\"":
      if previousWasQuote { field.append("\"") }
      isQuoted = true
    case ",":
      row.append(field)
      field = ""
    case "\n":
      rows.append(row + [field])
      row = []
      field = ""
    default: field.append(character)
    }
    previousWasQuote = false
  }
  return rows
}
