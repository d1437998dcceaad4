internal import Activations
internal import LinearAlgebra

extension ProbeNetwork: Codable {
  private enum CodingKeys: String, CodingKey {
    case architecture
    case tryCount
    case width
    case parameters
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(architecture, forKey: .architecture)
    try container.encode(tryCount, forKey: .tryCount)
    try container.encode(width, forKey: .width)
    try container.encode(parameters.map { ParameterArray($0) }, forKey: .parameters)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let architecture = try container.decode(ProbeArchitecture.self, forKey: .architecture)
    let tryCount = try container.decode(Int.self, forKey: .tryCount)
    let width = try container.decode(Int.self, forKey: .width)
    let parameters = try container.decode([ParameterArray<Float>].self, forKey: .parameters)
    let sides = [tryCount, width, architecture.hiddenWidth]
    guard sides.allSatisfy({ 1...(1 << 24) ~= $0 }),
      parameters.map(\.shape)
        == Self.shapes(architecture: architecture, tryCount: tryCount, width: width)
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .parameters, in: container,
        debugDescription: "parameters of shapes \(parameters.map(\.shape)) do not make \(tryCount) "
          + "probes of width \(width)")
    }
    self.init(
      architecture: architecture, tryCount: tryCount, width: width,
      parameters: parameters.map(\.matrix))
  }
}

extension ProbeArchitecture {
  /// The number of hidden units, 1 for a linear probe.
  fileprivate var hiddenWidth: Int {
    switch self {
    case .linear: 1
    case .multilayer(let hiddenWidth): hiddenWidth
    }
  }
}
