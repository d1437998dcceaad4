public import Activations
public import Evaluation
internal import Foundation
internal import LinearAlgebra

/// The version of Plumbline that made a result.
public let plumblineVersion = "0.1.0"

/// Everything that one command measured, with what is needed to repeat it.
public struct ResultDocument: Sendable, Encodable {
  /// The version of Plumbline.
  public let plumbline = plumblineVersion
  /// The command's name, such as `probe`.
  public var command: String
  /// Every setting with its resolved value.
  public var settings: [String: SettingValue]
  /// The dumps that were measured, and whose activations they hold.
  public var dumps: [InputDump]
  /// The files that were read.
  public var inputs: [InputFile]
  /// The machine's libraries and threads, which decide the last bits.
  public var platform: Platform
  /// The measured numbers.
  public var records: [Record]
  /// What the user should know about the run as a whole.
  public var warnings: [String]

  /// Creates a document.
  ///
  /// - Parameters:
  ///   - command: The command's name.
  ///   - settings: The resolved settings.
  ///   - dumps: The dumps that were measured.
  ///   - inputs: The files that were read.
  ///   - records: The measured numbers.
  ///   - warnings: Remarks about the run.
  public init(
    command: String, settings: [String: SettingValue], dumps: [InputDump], inputs: [InputFile],
    records: [Record], warnings: [String]
  ) {
    self.command = command
    self.settings = settings
    self.dumps = dumps
    self.inputs = inputs
    self.records = records
    self.warnings = warnings
    platform = Platform.current
  }

  /// The document as JSON with sorted keys, ended by a newline.
  ///
  /// - Returns: UTF-8 text.
  /// - Throws: An encoding error if a number is not finite, which the records rule out.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}

/// A dump that a command measured.
public struct InputDump: Sendable, Encodable, Equatable {
  /// The path as the user gave it.
  public var path: String
  /// The model, as the manifest names it.
  public var model: DumpManifest.Model
  /// Where in a block the states were read.
  public var site: String?
  /// Which token the states are of.
  public var token: String?

  /// What a dump says of itself.
  ///
  /// - Parameter dump: The dump.
  public init(_ dump: ActivationDump) {
    path = dump.path
    model = dump.manifest.model
    site = dump.manifest.site
    token = dump.manifest.token
  }
}

/// A file that a command read.
public struct InputFile: Sendable, Encodable, Equatable {
  /// The path as the user gave it.
  public var path: String
  /// The member of an archive, where it is one.
  public var member: String?
  /// The SHA-256 digest of the file in hexadecimal.
  public var sha256: String?
  /// The array's shape.
  public var shape: [Int]
  /// The array's element type.
  public var type: String

  /// Creates an entry.
  ///
  /// - Parameters:
  ///   - path: The path as given.
  ///   - member: The member of an archive.
  ///   - sha256: The digest.
  ///   - shape: The shape.
  ///   - type: The element type.
  public init(path: String, member: String?, sha256: String?, shape: [Int], type: String) {
    self.path = path
    self.member = member
    self.sha256 = sha256
    self.shape = shape
    self.type = type
  }
}

/// The libraries and threads of the machine.
public struct Platform: Sendable, Encodable, Equatable {
  /// The configuration that OpenBLAS was built with.
  public let blas: String
  /// The processor type that OpenBLAS chose its kernels for.
  public let core: String
  /// The number of processors.
  public let cores: Int
  /// The number of threads in use.
  public let threads: Int
  /// The Swift version of the build.
  public let swift: String

  /// This process.
  public static var current: Platform {
    Platform(
      blas: OpenBLAS.configuration, core: OpenBLAS.coreName,
      cores: Parallel.availableProcessorCount, threads: Parallel.threadCount, swift: swiftVersion)
  }

  #if compiler(>=6.4)
    private static let swiftVersion = "6.4 or later"
  #else
    private static let swiftVersion = "6.3"
  #endif
}
