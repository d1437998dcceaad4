import ArgumentParser
import Plumbline

/// `plumbline steer export VECTORS --output FILE`.
struct SteerExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write steering vectors as GGUF, safetensors, npz or svec.",
    discussion: """
      The name says the format. Layer l of Plumbline is the output of block l, the embeddings being 0: in GGUF, \
      as in repeng and llama.cpp, it is direction.(l − 1). The embeddings, and in GGUF the first block, have no \
      name there and are left out by --layer.
      """)

  @Argument(
    help: ArgumentHelp("Vectors saved by steer fit, or a file to convert.", valueName: "vectors"))
  var vectors: String

  @Option(help: ArgumentHelp("Which of the saved methods.", valueName: "name"))
  var method: String?

  @Option(help: ArgumentHelp("Layers such as 2,3-6; all if not given.", valueName: "list"))
  var layers: LayerList?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Multiply every vector; a negative factor turns them round.", valueName: "factor"))
  var scale = 1.0

  @Option(
    help: ArgumentHelp(
      "The kind of model, such as llama; GGUF and svec need it.", valueName: "name"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "float16, float32 or float64; the format's own if not given.", valueName: "type"))
  var type: String?

  @Option(
    help: ArgumentHelp("The file: NAME.gguf, .safetensors, .npz or .svec.", valueName: "path"))
  var output: String

  func validate() throws {
    if !(scale.isFinite && scale != 0) {
      throw ValidationError("--scale is \(scale); it is a finite number other than 0")
    }
  }

  func run() throws {
    let elementType = try type.map { name in
      guard let type = ElementType(rawValue: name) else {
        throw ToolFailure(.usage, "--type is \(name); expected float16, float32 or float64")
      }
      return type
    }
    let chosen = try ChosenVectors(vectors, method: method, layer: nil)
    let kept = chosen.vectors.filter { layers?.contains($0.layer) ?? true }
    guard !kept.isEmpty else {
      throw ToolFailure(
        .usage, "\(vectors) has vectors of layers \(chosen.layerList), and none that --layers names"
      )
    }
    let directions = kept.map { layer, vector in
      let extracted = chosen.extracted.first { $0.layer == layer }
      return ControlVector.Direction(
        layer: layer, values: vector.map { $0 * scale }, rawNorm: extracted?.rawNorm)
    }
    let vector = try ControlVector(
      directions, modelHint: model ?? chosen.modelHint, method: chosen.method,
      site: try site(of: chosen), signRule: chosen.extracted.first?.signRule, operation: .add)
    var destinations = Destinations()
    destinations.add(output, option: "--output")
    try destinations.check(inputs: [vectors])
    try ControlVectorFile.write(vector, to: output, as: elementType)
    let list = kept.map { "\($0.layer)" }.joined(separator: ", ")
    Console.note("wrote \(output): \(chosen.method), layers \(list), width \(vector.width)")
  }

  /// The place between two blocks that the vectors are of; nothing else is what other tools add to.
  private func site(of chosen: ChosenVectors) throws -> ControlVector.Site {
    guard let name = chosen.site else { return .residualPost }
    guard let site = ControlVector.Site(rawValue: name) else {
      let known = ControlVector.Site.allCases.map(\.rawValue).joined(separator: " or ")
      throw ToolFailure(
        .usage,
        "\(vectors) is of states read at \"\(name)\", and what other tools add vectors to is the residual stream "
          + "(\(known)); export activations of that")
    }
    return site
  }
}
