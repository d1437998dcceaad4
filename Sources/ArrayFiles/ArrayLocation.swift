/// Where an array is: a file, and in an archive the member.
public struct ArrayLocation: Equatable, Sendable, CustomStringConvertible {
  /// The path as it was given.
  public let path: String
  /// The member of an `.npz`, safetensors or GGUF file; `nil` for the file itself.
  public let member: String?

  /// Names a file, or a member of one.
  public init(path: String, member: String? = nil) {
    self.path = path
    self.member = member
  }

  /// The path in quotes, with the member if there is one.
  public var description: String {
    if let member { "'\(path)', member '\(member)'" } else { "'\(path)'" }
  }
}
