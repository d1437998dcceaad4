import Plumbline

/// The methods of `--method`, and what `--set` says of each.
struct MethodRequest {
  /// The methods, or variants of them, as they were named.
  let names: [String]
  private var settings: [String: [String: String]] = [:]

  /// Reads `--method` and `--set`.
  ///
  /// - Parameters:
  ///   - list: Names separated by commas.
  ///   - texts: Each `method.setting=value`.
  /// - Throws: ``ToolFailure`` for a setting of another form, or of a method that was not named.
  init(_ list: String, settings texts: [String]) throws {
    names = list.split(separator: ",").map(String.init)
    let known = names + names.map { MethodName(parsing: $0).identifier }
    for text in texts {
      let (name, value) = try Assignment.pair(text, option: "--set", form: "method.setting=value")
      guard let dot = name.firstIndex(of: ".") else {
        throw ToolFailure(.usage, "--set \(text) names no method; write method.setting=value")
      }
      let method = String(name[..<dot])
      guard known.contains(method) else {
        throw ToolFailure(.usage, "--set \(text) is for \(method), which --method does not name")
      }
      settings[method, default: [:]][String(name[name.index(after: dot)...])] = value
    }
  }

  /// The settings of a method; what is said of a variant wins over what is said of all of its method.
  func assignments(of name: String) -> [String: String] {
    let shared = settings[MethodName(parsing: name).identifier] ?? [:]
    return shared.merging(settings[name] ?? [:]) { $1 }
  }
}

/// An option of the form `name=value`.
enum Assignment {
  /// Its two parts.
  static func pair(_ text: String, option: String, form: String) throws -> (String, String) {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw ToolFailure(.usage, "\(option) \"\(text)\" should have the form \(form)")
    }
    return (String(text[..<equals]), String(text[text.index(after: equals)...]))
  }
}
