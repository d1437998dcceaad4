/// NumPy's names of element types, as they stand in headers: `<f4`, `|b1`, `>i8`.
enum NPYElementType {
  private static let known: [String: ElementType] = [
    "b1": .bool, "i1": .int8, "u1": .uint8, "i2": .int16, "u2": .uint16, "i4": .int32,
    "u4": .uint32, "i8": .int64, "u8": .uint64, "f2": .float16, "f4": .float32, "f8": .float64,
  ]

  /// The name of a type in little-endian order.
  static func description(of type: ElementType) throws(ArrayFileError) -> String {
    guard let name = known.first(where: { $0.value == type })?.key else {
      throw .invalidArray(
        "is of type \(type.rawValue), which NumPy's formats do not have; write it as safetensors, "
          + "or as float32")
    }
    return (type.byteCount == 1 ? "|" : "<") + name
  }

  /// The type and byte order that a header's `descr` names.
  static func parse(_ descriptor: PythonLiteral, at location: ArrayLocation)
    throws(ArrayFileError) -> (ElementType, ByteOrder)
  {
    guard case .string(let text) = descriptor else {
      if case .list = descriptor {
        throw unsupported(
          location, "structured elements \(descriptor.description)", load: "\(load(location))",
          convert: "['FIELD'].astype('float32')")
      }
      throw .malformed(
        location,
        problem: "its header says 'descr': \(descriptor.description), expected a type such as "
          + "'<f4'")
    }
    guard let first = text.first, "<>|=".contains(first) else {
      throw .malformed(
        location,
        problem: "its header says 'descr': '\(text)', expected a type such as '<f4' that starts "
          + "with <, >, | or =")
    }
    let name = String(text.dropFirst())
    guard let type = known[name] else { throw refusal(of: text, name: name, at: location) }
    switch first {
    case "<": return (type, .little)
    case ">": return (type, .big)
    case "=": return (type, .host)
    default:
      guard type.byteCount == 1 else {
        throw .malformed(
          location,
          problem: "its header says 'descr': '\(text)', but a type of \(type.byteCount) bytes "
            + "needs a byte order, < or >")
      }
      return (type, .little)
    }
  }

  private static func refusal(of text: String, name: String, at location: ArrayLocation)
    -> ArrayFileError
  {
    let load = load(location)
    switch name.first {
    case "O":
      return .pickled(
        location, kind: "an array of Python objects ('\(text)'), which NumPy stores as a pickle",
        conversion: save(
          Self.load(location, option: ", allow_pickle=True") + ".astype('float32')", location))
    case "c":
      return unsupported(location, "complex numbers ('\(text)')", load: load, convert: ".real")
    case "U":
      return unsupported(
        location, "text ('\(text)')", load: load, convert: ".astype('float32')")
    case "S", "a":
      return unsupported(
        location, "byte strings ('\(text)')", load: load, convert: ".astype('float32')")
    case "V" where name == "V2":
      return unsupported(
        location, "elements of 2 raw bytes ('\(text)'), which is how NumPy saves bfloat16",
        load: "np.left_shift(\(load).view('<u2'), 16, dtype='u4')",
        convert: ".view('float32')")
    case "V":
      return unsupported(
        location, "elements of raw bytes ('\(text)')", load: load, convert: ".view('float32')")
    case "f":
      return unsupported(
        location, "extended-precision numbers ('\(text)')", load: load,
        convert: ".astype('float64')")
    case "M", "m":
      return unsupported(
        location, "dates or durations ('\(text)')", load: load, convert: ".astype('int64')")
    default:
      return .malformed(
        location,
        problem: "its header says 'descr': '\(text)', which is not a type NumPy writes")
    }
  }

  private static func unsupported(
    _ location: ArrayLocation, _ type: String, load: String, convert: String
  ) -> ArrayFileError {
    .unsupportedType(location, type: type, conversion: save(load + convert, location))
  }

  /// The Python that loads the array.
  private static func load(_ location: ArrayLocation, option: String = "") -> String {
    let member = location.member.map { "['\($0)']" } ?? ""
    return "np.load('\(location.path)'\(option))\(member)"
  }

  /// The Python that saves an expression beside the file.
  private static func save(_ expression: String, _ location: ArrayLocation) -> String {
    let stem = location.member ?? PathName.stem(of: location.path)
    return "np.save('\(stem)-converted.npy', \(expression))"
  }
}
