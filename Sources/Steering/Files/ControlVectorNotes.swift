/// What stands beside the numbers of a control vector in a file: the same entries in every format.
struct ControlVectorNotes: Equatable {
  var modelHint: String?
  var method: String?
  var site: ControlVector.Site?
  var length: VectorLength?
  var signRule: SignRule?
  var operation: ControlVector.Operation?
  /// One a vector, in the order of the layers.
  var rawNorms: [Double]?
  /// One a vector, in the order of the layers.
  var explainedVariances: [Double]?

  /// The names of entries.
  enum Key: String, CaseIterable {
    case modelHint = "model_hint"
    case method
    case site
    case sign
    case unit
    case operation
    case norm
    case explainedVariance = "explained_variance"
  }

  init() {}

  init(of vector: ControlVector) {
    modelHint = vector.modelHint
    method = vector.method
    site = vector.site
    length = vector.length
    signRule = vector.signRule
    operation = vector.operation
    let norms = vector.directions.compactMap(\.rawNorm)
    rawNorms = norms.isEmpty ? nil : norms
    let variances = vector.directions.compactMap(\.explainedVariance)
    explainedVariances = variances.isEmpty ? nil : variances
  }

  /// The text under a key; `nil` for those that are numbers, and those that nobody said.
  func text(_ key: Key) -> String? {
    switch key {
    case .modelHint: modelHint
    case .method: method
    case .site: site?.rawValue
    case .sign: signRule?.rawValue
    case .unit: length?.rawValue
    case .operation: operation?.rawValue
    case .norm, .explainedVariance: nil
    }
  }

  /// The numbers under a key; `nil` for those that are text, and those that nobody said.
  func numbers(_ key: Key) -> [Double]? {
    switch key {
    case .norm: rawNorms
    case .explainedVariance: explainedVariances
    default: nil
    }
  }

  /// All that was said, as text, for formats that keep nothing else; numbers come back bit for bit.
  var texts: [(key: String, text: String)] {
    Key.allCases.compactMap { key in
      let numbers = numbers(key).map { $0.map(\.description).joined(separator: ",") }
      return (text(key) ?? numbers).map { (key.rawValue, $0) }
    }
  }

  /// Takes an entry that is text; those of other tools are passed over.
  mutating func take(_ text: String, for name: String, path: String) throws(SteeringError) {
    guard let key = Key(rawValue: name) else { return }
    switch key {
    case .modelHint: modelHint = text
    case .method: method = text
    case .site: site = try Self.known(text, name, path)
    case .sign: signRule = try Self.known(text, name, path)
    case .unit: length = try Self.known(text, name, path)
    case .operation: operation = try Self.known(text, name, path)
    case .norm, .explainedVariance:
      let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      let numbers = parts.compactMap { Double($0) }
      guard numbers.count == parts.count else {
        throw .controlVectorFile(
          path: path,
          problem: "has the \(name) '\(text)'; expected numbers with commas between them")
      }
      take(numbers, for: key)
    }
  }

  /// Takes an entry that is numbers.
  mutating func take(_ numbers: [Double], for key: Key) {
    if key == .norm { rawNorms = numbers }
    if key == .explainedVariance { explainedVariances = numbers }
  }

  /// A value by its name.
  ///
  /// What vectors are for must not be guessed: one that is to be taken away, and is added
  /// instead, does the opposite without a sign of it.
  private static func known<Value: RawRepresentable<String> & CaseIterable>(
    _ text: String, _ name: String, _ path: String
  ) throws(SteeringError) -> Value {
    guard let value = Value(rawValue: text) else {
      let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw .controlVectorFile(
        path: path, problem: "has the \(name) '\(text)', which is unknown; expected one of \(known)"
      )
    }
    return value
  }

  /// The control vector of these notes and vectors in any order.
  func vector(
    _ arrays: [(layer: Int, values: [Double])], path: String
  ) throws(SteeringError) -> ControlVector {
    let ordered = arrays.sorted { $0.layer < $1.layer }
    for (name, numbers) in [(Key.norm, rawNorms), (.explainedVariance, explainedVariances)] {
      guard let numbers, numbers.count != ordered.count else { continue }
      throw .controlVectorFile(
        path: path,
        problem:
          "has \(numbers.count) numbers under \(name.rawValue), and \(ordered.count) vectors; "
          + "expected one a vector")
    }
    var directions: [ControlVector.Direction] = []
    for (position, array) in ordered.enumerated() {
      directions.append(
        .init(
          layer: array.layer, values: array.values, rawNorm: rawNorms?[position],
          explainedVariance: explainedVariances?[position]))
    }
    do {
      return try ControlVector(
        directions, modelHint: modelHint, method: method, site: site, length: length,
        signRule: signRule, operation: operation)
    } catch {
      guard case .controlVector(let problem) = error else { throw error }
      throw .controlVectorFile(path: path, problem: "cannot be used: its control vector \(problem)")
    }
  }
}
