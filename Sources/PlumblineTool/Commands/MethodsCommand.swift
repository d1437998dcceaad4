import ArgumentParser
import Plumbline

/// `plumbline methods`: the catalogue.
struct MethodsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "methods",
    abstract: "List the methods, or one with its settings, defaults and source.")

  @Argument(help: ArgumentHelp("A method's name.", valueName: "name"))
  var name: String?

  func run() throws {
    let lines =
      try name.map { try MethodDescription.lines(of: $0, style: Console.outputStyle) }
      ?? MethodDescription.overview(style: Console.outputStyle)
    try Console.write(lines.joined(separator: "\n") + "\n")
  }
}
