import ArgumentParser
import Plumbline

/// Which prompts show behaviour, and which helpfulness.
struct PromptOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Measure behaviour on the samples with this value of an attribute only.",
      valueName: "attribute=value"))
  var behaviour: String?

  @Option(
    help: ArgumentHelp(
      "Measure helpfulness on the samples with this value of an attribute only.",
      valueName: "attribute=value"))
  var helpfulness: String?

  /// Whether any prompts were chosen.
  var isGiven: Bool { behaviour != nil || helpfulness != nil }
}
