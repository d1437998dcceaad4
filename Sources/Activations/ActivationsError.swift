public import ArrayFiles
public import LinearAlgebra

/// Why a dump, a split, a normalisation or a saved value cannot be used.
///
/// Each case holds the facts; ``description`` says what is wrong, where, what was expected and what to
/// do about it.
public enum ActivationsError: Error, Equatable, Sendable {
  /// There is no dump at the path; `problem` says what is there instead.
  case dumpNotFound(path: String, problem: String)
  /// A file that the manifest names is not there.
  case fileNotFound(role: String, path: String)
  /// No parameters were saved at the path.
  case parametersNotFound(path: String)
  /// The manifest breaks the format, at a path of keys (empty for the text as a whole).
  case invalidManifest(path: String, keyPath: String, problem: String)
  /// An array does not fit its role.
  case invalidArray(role: String, file: String, problem: String)
  /// Arrays that must agree about a count do not.
  case countMismatch(count: String, found: [CountOfRole])
  /// One value of a per-sample array is impossible.
  case invalidValue(role: String, file: String, sample: Int, problem: String)
  /// The dump lacks arrays that an operation needs.
  case missingRoles([String], purpose: String, present: [String])
  /// An activation is NaN or infinite.
  case nonFinite(NonFiniteActivation)
  /// A layer, sample or variant was asked for that the dump does not have.
  case outOfRange(what: String, value: Int, count: Int)
  /// Fewer contrast pairs, or rows, than an operation needs.
  case tooFew(what: String, actual: Int, required: Int)
  /// Two things that go together have different shapes.
  case shapeMismatch(what: String, expected: String, actual: String)
  /// The data cannot be split as asked.
  case split(problem: String)
  /// The data cannot be normalised as asked.
  case normalization(problem: String)
  /// A file of saved parameters is not whole or not readable.
  case parameterFile(path: String, problem: String)
  /// A file of arrays cannot be read or written.
  case arrayFile(ArrayFileError)
  /// A matrix computation failed.
  case linearAlgebra(LinearAlgebraError)

  /// How many of something an array says there are.
  public struct CountOfRole: Equatable, Sendable {
    /// The role, with its file.
    public let role: String
    /// The count.
    public let count: Int

    /// A count that a role gives.
    ///
    /// - Parameters:
    ///   - role: the role, with its file.
    ///   - count: the count.
    public init(role: String, count: Int) {
      self.role = role
      self.count = count
    }
  }

  /// Where a NaN or an infinity was found.
  public struct NonFiniteActivation: Equatable, Sendable {
    /// The role.
    public let role: String
    /// The file, with its member.
    public let file: String
    /// The layer, where the array has layers.
    public let layer: Int?
    /// The row: the number of the sample (or token) in the dump.
    public let row: Int
    /// The variant, where the array has variants.
    public let variant: Int?
    /// The column: the number of the feature.
    public let column: Int
    /// The value found: `nan`, `inf` or `-inf`.
    public let value: String
    /// The type that the file stores.
    public let elementType: ElementType
  }

  /// What kind of trouble an error is, for exit codes.
  public enum Category: Sendable {
    /// The request makes no sense for this data (sysexits 64).
    case usage
    /// The data is wrong (sysexits 65).
    case badData
    /// Something named on input is not there (sysexits 66).
    case missingInput
    /// A file cannot be created (sysexits 73).
    case cannotCreate
    /// Reading or writing failed (sysexits 74).
    case inputOutput
  }

  /// The kind of trouble.
  public var category: Category {
    switch self {
    case .dumpNotFound, .fileNotFound, .parametersNotFound: .missingInput
    case .outOfRange: .usage
    case .arrayFile(let error):
      switch error.category {
      case .missingInput: .missingInput
      case .badData: .badData
      case .cannotCreate: .cannotCreate
      case .inputOutput: .inputOutput
      }
    default: .badData
    }
  }
}
