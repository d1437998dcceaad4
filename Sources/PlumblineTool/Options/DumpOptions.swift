import ArgumentParser
import Plumbline

/// A dump: a folder, or arrays named by flags.
struct DumpOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("A dump folder, or its dump.json.", valueName: "dump"))
  var dump: String?

  @Option(help: ArgumentHelp("The positive sides, instead of DUMP.", valueName: "file[:member]"))
  var positive: String?

  @Option(help: ArgumentHelp("The negative sides.", valueName: "file[:member]"))
  var negative: String?

  @Option(help: ArgumentHelp("Unpaired activations.", valueName: "file[:member]"))
  var activations: String?

  @Option(help: ArgumentHelp("The class of each sample.", valueName: "file[:member]"))
  var labels: String?

  @Option(help: ArgumentHelp("The group of each sample.", valueName: "file[:member]"))
  var groups: String?

  @Option(help: ArgumentHelp("The row of each sample's opposite.", valueName: "file[:member]"))
  var opposites: String?

  @Option(help: ArgumentHelp("The category of each sample.", valueName: "file[:member]"))
  var categories: String?

  @Option(
    help: ArgumentHelp(
      "Something else known about each sample; may be repeated.",
      valueName: "name=file[:member]"))
  var attribute: [String] = []

  @Option(
    help: ArgumentHelp(
      "The side of each sample: 0 train, 1 validation, 2 test.", valueName: "file[:member]"))
  var split: String?

  @Option(help: ArgumentHelp("One JSON object with a text a line.", valueName: "file"))
  var texts: String?

  @Option(
    help: ArgumentHelp(
      "The axes of the activations, such as sample,layer,width or sample,width.",
      valueName: "axes"))
  var axes: String?

  private var hasArrays: Bool { !(arrays.isEmpty && attribute.isEmpty) }

  private var arrays: [(role: ArrayRole, file: String)] {
    let given: [(ArrayRole, String?)] = [
      (.positive, positive), (.negative, negative), (.activations, activations),
      (.labels, labels), (.groups, groups), (.opposites, opposites), (.categories, categories),
      (.split, split), (.texts, texts),
    ]
    return given.compactMap { role, file in file.map { (role, $0) } }
  }

  /// The files of the attributes, by role.
  private func attributes() throws -> [(role: ArrayRole, file: String)] {
    var names: Set<String> = []
    return try attribute.map { text in
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
        throw ValidationError("--attribute \"\(text)\" should have the form name=file[:member]")
      }
      let name = String(text[..<equals])
      guard names.insert(name).inserted else {
        throw ValidationError("--attribute names \(name) twice; name each attribute once")
      }
      return (.attribute(name), String(text[text.index(after: equals)...]))
    }
  }

  func validate() throws {
    if dump != nil, hasArrays {
      throw ValidationError("give either a dump folder or arrays by flags, not both")
    }
    if dump == nil, !hasArrays {
      throw ValidationError(
        "no dump was given; name a folder with a dump.json, or arrays by --positive and --negative "
          + "or --activations")
    }
    _ = try attributes()
  }

  func open() throws -> ActivationDump {
    if let dump { return try ActivationDump.open(dump) }
    do {
      return try ActivationDump.open(
        DumpArguments(
          files: Dictionary(uniqueKeysWithValues: arrays + attributes()),
          axes: try axes.map { try DumpArguments.axes(parsing: $0) }))
    } catch let error as ActivationsError {
      if case .invalidManifest("--axes", _, _) = error {
        throw ToolFailure(.usage, error.description)
      }
      throw error
    }
  }
}
