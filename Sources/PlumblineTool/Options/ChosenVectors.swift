import Plumbline

/// Steering vectors of one method that an option names: saved by `steer fit`, or a file of another tool.
struct ChosenVectors {
  /// What found them.
  let method: String
  /// The vectors, by layer.
  let vectors: [(layer: Int, vector: [Double])]
  /// The same as they were extracted; empty for files of other tools.
  let extracted: [SteeringDirection]
  /// The kind of model, if the file says it.
  let modelHint: String?
  /// Where in the model the states were read, if the file says it.
  let site: String?

  var layerList: String { vectors.map { "\($0.layer)" }.joined(separator: ", ") }

  init(_ path: String, method: String?, layer: Int?) throws {
    guard path.hasSuffix(".json") else {
      guard method == nil else {
        throw ToolFailure(
          .usage, "--method chooses among vectors that `steer fit` saved; \(path) is another file")
      }
      let file = try ControlVectorFile.read(path).vector
      self.method = file.method ?? "control-vector"
      vectors = file.directions.filter { layer == nil || $0.layer == layer }
        .map { ($0.layer, $0.values) }
      extracted = []
      modelHint = file.modelHint
      site = file.site?.rawValue
      guard !vectors.isEmpty else {
        let layers = file.layers.map { "\($0)" }.joined(separator: ", ")
        throw ToolFailure(
          .usage, "\(path) has vectors of layers \(layers), and none of \(layer ?? 0)")
      }
      return
    }
    let saved = try ParameterFile.read(SavedVectors.self, kind: SavedVectors.kind, from: path)
    let found = try saved.vectors(method: method, layer: layer)
    self.method = found.method
    extracted = found.directions
    vectors = found.directions.map { ($0.layer, $0.vector) }
    modelHint = nil
    site = saved.origin.site
  }
}
