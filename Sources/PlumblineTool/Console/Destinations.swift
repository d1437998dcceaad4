import Foundation
import Plumbline

/// The files that a command is to write, looked at before the work whose results they are to hold.
struct Destinations {
  private var options: [(name: String, path: String)] = []

  /// Adds a file.
  ///
  /// - Parameters:
  ///   - path: What the user gave; nothing is added for `nil`.
  ///   - option: The option's name.
  mutating func add(_ path: String?, option: String) {
    if let path { options.append((option, path)) }
  }

  /// Adds the files of saved parameters.
  mutating func add(parameters path: String?, option: String) throws {
    guard let path else { return }
    guard path.hasSuffix(".json"), !path.hasSuffix("/.json"), path != ".json" else {
      throw ToolFailure(
        .usage,
        "\(option) is \"\(path)\"; it must be named NAME.json, and NAME.safetensors appears beside it"
      )
    }
    for path in ParameterFile.paths(for: path) { add(path, option: option) }
  }

  /// Refuses files that could not be created, that are read as input, or that two options share.
  ///
  /// - Parameter inputs: The files that the command reads.
  /// - Throws: ``ToolFailure`` that names the option and the path.
  func check(inputs: [String]) throws {
    let read = Set(inputs.map(Self.place))
    var written: [String: String] = [:]
    for (option, path) in options {
      try AtomicFile.checkCanCreate(path)
      let place = Self.place(path)
      if read.contains(place) {
        throw ToolFailure(
          .usage, "\(option) \(path) would overwrite a file that is read; choose another name")
      }
      if let other = written.updateValue(option, forKey: place) {
        throw ToolFailure(
          .usage, "\(other) and \(option) would both write \(path); choose different names")
      }
    }
  }

  private static func place(_ path: String) -> String {
    URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path
  }
}

extension ActivationDump {
  /// Every file that belongs to the dump.
  var filePaths: [String] {
    let manifest = path.hasSuffix(".json") ? path : path + "/dump.json"
    return arrays.values.flatMap { $0.files.map(\.path) } + [manifest]
      + (texts.map { [$0.path] } ?? [])
  }
}
