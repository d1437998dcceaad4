// swift-tools-version: 6.3
import PackageDescription

// Every Swift target is compiled alike: Swift 6 mode, and unsafe code is an error unless the line says
// `unsafe`. ArchitectureTests checks that only the places named there do.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatWarning("StrictMemorySafety", as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
]

let realModule = Target.Dependency.product(name: "RealModule", package: "swift-numerics")
let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

/// What `import Plumbline` gives.
let published = [
  "LinearAlgebra", "ArrayFiles", "Activations", "Optimization", "Evaluation", "Probes",
  "AlignmentQuality", "Steering", "Epistemics", "Studies",
]

/// The umbrella, and the modules under it: a target that imports the umbrella alone would not be compiled
/// again when one of those changes.
let umbrella = (["Plumbline"] + published).map { Target.Dependency.byName(name: $0) }

/// The layers of the library, lowest first.
///
/// A module may import only what its line names; the architecture tests hold every import against the
/// same table.
let modules: [Target] = [
  .target(name: "TextSuggestions", swiftSettings: settings),
  .target(
    name: "LinearAlgebra", dependencies: ["CLAPACK", "CArrayKernels", realModule],
    swiftSettings: settings),
  .target(
    name: "ArrayFiles", dependencies: ["TextSuggestions", "CZlib", "CDigest"],
    swiftSettings: settings),
  .target(
    name: "Activations", dependencies: ["TextSuggestions", "LinearAlgebra", "ArrayFiles"],
    swiftSettings: settings),
  .target(
    name: "Optimization", dependencies: ["LinearAlgebra", realModule], swiftSettings: settings),
  .target(
    name: "Evaluation",
    dependencies: ["TextSuggestions", "LinearAlgebra", "Optimization", realModule],
    swiftSettings: settings),
  .target(
    name: "Probes",
    dependencies: [
      "TextSuggestions", "LinearAlgebra", "Activations", "Optimization", "Evaluation", realModule,
    ],
    swiftSettings: settings),
  .target(
    name: "AlignmentQuality",
    dependencies: [
      "TextSuggestions", "LinearAlgebra", "Activations", "Optimization", "Evaluation", realModule,
    ],
    swiftSettings: settings),
  .target(
    name: "Steering",
    dependencies: [
      "TextSuggestions", "LinearAlgebra", "ArrayFiles", "Activations", "Optimization",
      "Evaluation", realModule,
    ],
    swiftSettings: settings),
  .target(
    name: "Epistemics",
    dependencies: [
      "TextSuggestions", "LinearAlgebra", "Activations", "Optimization", "Evaluation", realModule,
    ],
    swiftSettings: settings),
  .target(
    name: "Studies",
    dependencies: [
      "TextSuggestions", "LinearAlgebra", "ArrayFiles", "Activations", "Optimization",
      "Evaluation", "Probes", "AlignmentQuality", "Steering", "Epistemics", realModule,
    ],
    swiftSettings: settings),
  .target(
    name: "Plumbline", dependencies: published.map { .byName(name: $0) }, swiftSettings: settings),
  .executableTarget(
    name: "PlumblineTool", dependencies: umbrella + [argumentParser], swiftSettings: settings),
]

let cTargets: [Target] = [
  .systemLibrary(
    name: "CLAPACKSystem", pkgConfig: "lapacke openblas",
    providers: [.apt(["liblapacke-dev", "libopenblas-dev"]), .brew(["openblas", "lapack"])]),
  .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
  .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
  .target(name: "CDigest", dependencies: ["CCrypto"]),
  .target(name: "CLAPACK", dependencies: ["CLAPACKSystem"]),
  .target(name: "CArrayKernels"),
]

let support: [Target] = [
  .target(
    name: "TestSupport", dependencies: ["LinearAlgebra", "ArrayFiles", "Activations"],
    swiftSettings: settings),
  .executableTarget(name: "Coverage", dependencies: umbrella, swiftSettings: settings),
  .executableTarget(
    name: "Benchmarks", dependencies: umbrella, exclude: ["peers", "run.sh", "RESULTS.md"],
    swiftSettings: settings),
]

/// The tests of one module.
///
/// They name all modules for the reason that ``umbrella`` has: tests compiled against the old layout of a type
/// in a module that they reach through another one crash. Golden files are read where they lie, so they
/// are no part of the build.
func tests(of module: String, golden: Bool = false) -> Target {
  .testTarget(
    name: module + "Tests", dependencies: umbrella + ["TextSuggestions", "TestSupport"],
    exclude: golden ? ["Golden"] : [], swiftSettings: settings)
}

let testTargets: [Target] = [
  tests(of: "TextSuggestions"),
  tests(of: "LinearAlgebra"),
  tests(of: "ArrayFiles", golden: true),
  tests(of: "Activations"),
  tests(of: "Optimization", golden: true),
  tests(of: "Evaluation", golden: true),
  tests(of: "Probes", golden: true),
  tests(of: "AlignmentQuality", golden: true),
  tests(of: "Steering", golden: true),
  tests(of: "Epistemics", golden: true),
  tests(of: "Studies"),
  .testTarget(
    name: "PlumblineToolTests", dependencies: umbrella + ["PlumblineTool", "TestSupport"],
    swiftSettings: settings),
  .testTarget(
    name: "ArchitectureTests",
    dependencies: [
      "LinearAlgebra", "ArrayFiles", "Probes", "AlignmentQuality", "Steering", "Epistemics",
    ],
    swiftSettings: settings),
]

let package = Package(
  name: "Plumbline",
  products: [
    .library(name: "Plumbline", targets: ["Plumbline"]),
    .executable(name: "plumbline", targets: ["PlumblineTool"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: cTargets + modules + support + testTargets
)
