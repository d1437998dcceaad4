/// A tensor as a header of several describes it: its name, type and place in the file.
struct StoredTensor {
  let name: String
  let content: Result<ArrayLayout, ArrayFileError>
  /// Where the elements are, counted from the start of the file.
  let payload: Range<Int>
}

extension [StoredTensor] {
  /// Opens the tensor of a name, or the only one if none is named.
  func open(_ member: String?, in storage: ArrayBytes, path: String) throws(ArrayFileError)
    -> ArrayFile
  {
    let tensor: StoredTensor
    if let member {
      guard let match = first(where: { $0.name == member }) else {
        throw .missingMember(ArrayLocation(path: path, member: member), available: map(\.name))
      }
      tensor = match
    } else {
      guard count == 1 else { throw .memberNeeded(path: path, available: map(\.name)) }
      tensor = self[0]
    }
    return ArrayFile(
      path: path, member: tensor.name, layout: try tensor.content.get(), storage: storage,
      payload: tensor.payload)
  }

  /// The tensors as ``ArrayFile/inspect(_:)`` lists them.
  var members: [ArrayMember] { map { ArrayMember(name: $0.name, content: $0.content) } }
}
