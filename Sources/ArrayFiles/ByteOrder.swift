/// The order of the bytes of one stored element.
public enum ByteOrder: String, Codable, Sendable {
  /// The least significant byte comes first.
  case little
  /// The most significant byte comes first.
  case big

  /// The order of the machine this runs on.
  public static var host: ByteOrder { 1.littleEndian == 1 ? .little : .big }
}
