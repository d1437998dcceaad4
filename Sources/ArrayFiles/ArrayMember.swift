/// One array of a file, readable or not.
public struct ArrayMember: Sendable {
  /// The name, without `.npy`; empty for the one array of a `.npy` file.
  public let name: String
  /// The layout, or why the array is not read.
  public let content: Result<ArrayLayout, ArrayFileError>
}
