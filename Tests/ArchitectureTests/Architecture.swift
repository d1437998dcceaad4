/// What the package is allowed to look like.
enum Architecture {
  /// A module and what it may import: modules of this package, which stand before it, and others.
  struct Module {
    let name: String
    let allowed: Set<String>
    let others: Set<String>

    init(_ name: String, _ allowed: Set<String> = [], others: Set<String> = []) {
      self.name = name
      self.allowed = allowed
      self.others = others
    }
  }

  /// The modules in Swift, lowest first; `Package.swift` has the same table.
  static let modules = [
    Module("TextSuggestions"),
    Module(
      "LinearAlgebra",
      others: ["CLAPACK", "CArrayKernels", "RealModule", "Dispatch", "Synchronization"]),
    Module(
      "ArrayFiles", ["TextSuggestions"],
      others: ["CZlib", "CDigest", "Glibc", "Musl", "Darwin"]),
    Module(
      "Activations", ["TextSuggestions", "LinearAlgebra", "ArrayFiles"],
      others: ["FoundationEssentials", "Synchronization"]),
    Module("Optimization", ["LinearAlgebra"], others: ["RealModule", "Glibc", "Musl", "Darwin"]),
    Module(
      "Evaluation", ["TextSuggestions", "LinearAlgebra", "Optimization"],
      others: ["RealModule", "FoundationEssentials"]),
    Module(
      "Probes", ["TextSuggestions", "LinearAlgebra", "Activations", "Optimization", "Evaluation"],
      others: ["RealModule"]),
    Module(
      "AlignmentQuality",
      ["TextSuggestions", "LinearAlgebra", "Activations", "Optimization", "Evaluation"],
      others: ["RealModule"]),
    Module(
      "Steering",
      [
        "TextSuggestions", "LinearAlgebra", "ArrayFiles", "Activations", "Optimization",
        "Evaluation",
      ],
      others: ["RealModule", "FoundationEssentials"]),
    Module(
      "Epistemics",
      ["TextSuggestions", "LinearAlgebra", "Activations", "Optimization", "Evaluation"],
      others: ["RealModule"]),
    Module(
      "Studies",
      [
        "TextSuggestions", "LinearAlgebra", "ArrayFiles", "Activations", "Optimization",
        "Evaluation", "Probes", "AlignmentQuality", "Steering", "Epistemics",
      ],
      others: ["RealModule", "Foundation", "Synchronization"]),
    Module("Plumbline", Set(published.dropLast())),
    Module(
      "PlumblineTool", ["Plumbline"],
      others: ["ArgumentParser", "Dispatch", "Foundation", "Synchronization"]),
    Module(
      "TestSupport", ["LinearAlgebra", "ArrayFiles", "Activations"],
      others: ["FoundationEssentials"]),
    Module("Coverage", ["Plumbline"]),
    Module("Benchmarks", ["Plumbline"], others: ["Foundation", "Glibc", "Musl", "Darwin"]),
  ]

  /// The modules that users import; the last one is the umbrella over the others.
  static let published = [
    "LinearAlgebra", "ArrayFiles", "Activations", "Optimization", "Evaluation", "Probes",
    "AlignmentQuality", "Steering", "Epistemics", "Studies", "Plumbline",
  ]

  /// Where unsafe code stands, and why it has to.
  static let unsafePlaces: [(path: String, reason: String)] = [
    ("Sources/LinearAlgebra/LAPACK/", "LAPACK and BLAS take pointers"),
    ("Sources/LinearAlgebra/Kernels/", "the C kernels take pointers, and threads share row blocks"),
    ("Sources/ArrayFiles/MappedFile.swift", "mapped memory is a pointer with a lifetime"),
    ("Sources/ArrayFiles/Inflate.swift", "zlib takes pointers"),
    ("Sources/ArrayFiles/FileDigest.swift", "the digest's C function takes pointers"),
  ]

  /// Where each C module is imported.
  static let homesOfC: [(module: String, home: String)] = [
    ("CLAPACK", "Sources/LinearAlgebra/LAPACK/"),
    ("CArrayKernels", "Sources/LinearAlgebra/Kernels/"),
    ("CZlib", "Sources/ArrayFiles/Inflate.swift"),
    ("CDigest", "Sources/ArrayFiles/FileDigest.swift"),
  ]

  static let mostLines = 400
}
