internal import ArrayFiles
internal import LinearAlgebra
internal import Synchronization

/// Where ``ParameterArray`` values put their numbers while they are encoded, and find them again.
///
/// Give it to an encoder or decoder as `userInfo[.parameterStore]`.
public final class ParameterStore: Sendable {
  /// The numbers of one array.
  enum Tensor: Sendable, Equatable {
    case float([Float], shape: [Int])
    case double([Double], shape: [Int])
  }

  private let tensors: Mutex<[String: Tensor]>

  /// An empty store.
  public init() { tensors = Mutex([:]) }

  init(_ tensors: [String: Tensor]) { self.tensors = Mutex(tensors) }

  /// The tensors in the order of their names.
  var sorted: [(name: String, tensor: Tensor)] {
    tensors.withLock { $0.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
  }

  /// Keeps numbers under a name, or under a name made unique by a number.
  func add<Scalar: LAPACKScalar>(_ values: [Scalar], shape: [Int], named name: String) -> String {
    let tensor: Tensor
    if let values = values as? [Float] {
      tensor = .float(values, shape: shape)
    } else if let values = values as? [Double] {
      tensor = .double(values, shape: shape)
    } else {
      preconditionFailure("parameters are Float or Double")
    }
    return tensors.withLock { tensors in
      let name = name.isEmpty ? "value" : name
      var unique = name
      var number = 2
      while tensors[unique] != nil {
        unique = "\(name)#\(number)"
        number += 1
      }
      tensors[unique] = tensor
      return unique
    }
  }

  /// The numbers under a name, if they are of the type asked for.
  func tensor<Scalar: LAPACKScalar>(named name: String) -> (shape: [Int], values: [Scalar])? {
    switch tensors.withLock({ $0[name] }) {
    case .float(let values, let shape): (values as? [Scalar]).map { (shape, $0) }
    case .double(let values, let shape): (values as? [Scalar]).map { (shape, $0) }
    case nil: nil
    }
  }
}

extension CodingUserInfoKey {
  /// The key under which encoders and decoders carry a ``ParameterStore``.
  public static let parameterStore = known("plumbline.parameterStore")

  private static func known(_ name: String) -> CodingUserInfoKey {
    guard let key = CodingUserInfoKey(rawValue: name) else {
      preconditionFailure("a user-info key can have any name")
    }
    return key
  }
}
