internal import TextSuggestions

/// Reads the `arrays` object of a manifest: which roles there are, and what is given for each.
///
/// Dots in a role's identifier and nested objects mean the same: `"finalNorm.weight": {…}` is
/// `finalNorm: {weight: {…}}`.
enum ManifestArrays {
  static func read(_ cursor: ManifestCursor) throws(ActivationsError) -> [ArrayRole: ManifestEntry]
  {
    var arrays: [ArrayRole: ManifestEntry] = [:]
    try collect(cursor, below: cursor, into: &arrays)
    return arrays
  }

  private static func collect(
    _ cursor: ManifestCursor, below root: ManifestCursor,
    into arrays: inout [ArrayRole: ManifestEntry]
  ) throws(ActivationsError) {
    for member in try cursor.members() {
      let identifier = member.keyPath(in: root)
      if let role = ArrayRole(identifier) {
        guard arrays[role] == nil else {
          throw member.failure("is given twice, once with dots and once nested")
        }
        arrays[role] = try entry(member, for: role)
      } else if isPrefix(identifier) {
        try collect(member, below: root, into: &arrays)
      } else {
        throw member.failure(
          "is not a role; " + Suggestion.phrase(for: identifier, among: knownPatterns))
      }
    }
  }

  private static var knownPatterns: [String] { ArrayRoleDefinition.all.map(\.pattern) }

  /// Whether an identifier is the beginning of a role's; any name may stand for a feature.
  private static func isPrefix(_ identifier: String) -> Bool {
    let pieces = identifier.split(separator: ".", omittingEmptySubsequences: false)
    return knownPatterns.contains { pattern in
      let known = pattern.split(separator: ".")
      return pieces.count < known.count
        && zip(known, pieces).allSatisfy { $0 == $1 || ($0 == "<feature>" && !$1.isEmpty) }
    }
  }

  private static func entry(
    _ cursor: ManifestCursor, for role: ArrayRole
  ) throws(ActivationsError) -> ManifestEntry {
    switch role.definition.content {
    case .number:
      return .number(try cursor.number())
    case .positiveNumber:
      let number = try cursor.number()
      guard number > 0 else {
        throw cursor.failure(
          "is \(number), expected a number above 0; leave the key out where the model has none")
      }
      return .number(number)
    case .choice(let words):
      return .choice(try cursor.choice(words))
    case .texts:
      if case .string = cursor.value { return .texts(file: try cursor.text()) }
      let object = try cursor.object(allowing: ["file"])
      return .texts(file: try object.required("file").text())
    case .integersOrList:
      if case .array = cursor.value { return .integers(try integers(cursor)) }
    case .numbersOrList:
      if case .array = cursor.value { return .numbers(try numbers(cursor)) }
    case .array, .integers:
      break
    }
    return .array(try reference(cursor, for: role))
  }

  private static func integers(_ cursor: ManifestCursor) throws(ActivationsError) -> [Int] {
    let values = try cursor.list { (element) throws(ActivationsError) in
      let value = try element.integer()
      guard value >= 0 else { throw element.failure("is \(value); a token is numbered from 0") }
      return value
    }
    guard !values.isEmpty else { throw cursor.failure("is an empty list") }
    guard Set(values).count == values.count else {
      throw cursor.failure("names the same token twice")
    }
    return values
  }

  private static func numbers(_ cursor: ManifestCursor) throws(ActivationsError) -> [Double] {
    let values = try cursor.list { (element) throws(ActivationsError) in try element.number() }
    guard !values.isEmpty else { throw cursor.failure("is an empty list") }
    return values
  }

  private static func reference(
    _ cursor: ManifestCursor, for role: ArrayRole
  ) throws(ActivationsError) -> ArrayReference {
    let object = try cursor.object(allowing: ["file", "member", "axes", "values", "name"])
    let axes = try object.required("axes").list { (element) throws(ActivationsError) in
      let name = try element.text()
      guard let axis = Axis(rawValue: name) else {
        throw element.failure(
          "is \"\(name)\", which is no axis; "
            + Suggestion.phrase(for: name, among: Axis.allCases.map(\.rawValue)))
      }
      return axis
    }
    let values = try object.optional("values")?.list { (element) throws(ActivationsError) in
      try element.text()
    }
    if let values {
      let place = try object.required("values")
      guard !values.isEmpty else { throw place.failure("is an empty list") }
      guard Set(values).count == values.count else {
        throw place.failure("names two values alike")
      }
    }
    let reference = ArrayReference(
      file: try object.required("file").text(), member: try object.optional("member")?.text(),
      axes: axes, name: try name(of: role, in: object), values: values)
    try checkAxes(of: reference, for: role, at: try object.required("axes"))
    return reference
  }

  /// What an array is called; an attribute is by its role, which a name can only repeat.
  private static func name(
    of role: ArrayRole, in object: ManifestObject
  ) throws(ActivationsError) -> String? {
    guard let cursor = object.optional("name") else { return nil }
    let name = try cursor.text()
    guard let attributeName = role.attributeName else { return name }
    guard name == attributeName else {
      throw cursor.failure(
        "is \"\(name)\", but the role names the attribute \"\(attributeName)\"; leave the key out")
    }
    return nil
  }

  /// Refuses axes that the role may not have.
  private static func checkAxes(
    of reference: ArrayReference, for role: ArrayRole, at cursor: ManifestCursor
  ) throws(ActivationsError) {
    guard let problem = AxisOrder.problem(of: reference, for: role) else { return }
    throw cursor.failure(problem)
  }
}
