// Each rule takes a tree and returns one sentence for each place that breaks it, so that the tests can
// hold the package against it and see it go red on planted trees.
extension Architecture {
  /// A module imports only what its line allows.
  static func forbiddenImports(in tree: SourceTree) -> [String] {
    let modules = Dictionary(uniqueKeysWithValues: Self.modules.map { ($0.name, $0) })
    return tree.sources.flatMap { file in
      guard let module = modules[file.module] else {
        return ["\(file.path) is in no module of the table"]
      }
      return file.imports.filter {
        !module.allowed.contains($0.module) && !module.others.contains($0.module)
      }.map { "\(file.path):\($0.line) imports \($0.module), which \(module.name) may not" }
    }
  }

  /// A module's line names only modules before it, so that no two can depend on each other.
  static func upwardArrows(in modules: [Module]) -> [String] {
    modules.indices.flatMap { index in
      modules[index].allowed.subtracting(modules[..<index].map(\.name)).sorted().map {
        "\(modules[index].name) may import \($0), which does not stand before it"
      }
    }
  }

  /// C is reached from one place each.
  static func strayImportsOfC(in tree: SourceTree) -> [String] {
    tree.files.filter { $0.path.hasSuffix(".swift") }.flatMap { file in
      file.imports.flatMap { found in
        homesOfC.filter { $0.module == found.module && !file.path.hasPrefix($0.home) }.map {
          "\(file.path):\(found.line) imports \($0.module), which only \($0.home) may"
        }
      }
    }
  }

  /// Unsafe code stands only in the named places.
  static func strayUnsafeCode(in tree: SourceTree) -> [String] {
    tree.sources.filter { file in !unsafePlaces.contains { file.path.hasPrefix($0.path) } }
      .flatMap { file in
        (file.lines(with: "unsafe") + file.lines(with: "@unchecked")).sorted().map {
          "\(file.path):\($0) has unsafe code, and is no place for it"
        }
      }
  }

  /// Places that no longer hold unsafe code leave the list.
  static func emptyUnsafePlaces(in tree: SourceTree) -> [String] {
    unsafePlaces.map(\.path).filter { place in
      !tree.sources.contains { $0.path.hasPrefix(place) && !$0.lines(with: "unsafe").isEmpty }
    }
  }

  /// Files stay short enough to read.
  static func longFiles(in tree: SourceTree) -> [String] {
    tree.files.filter { $0.lineCount > mostLines }.map {
      "\($0.path) has \($0.lineCount) lines, more than \(mostLines)"
    }
  }

  /// Nothing stops the program by force, and nothing is left for later.
  static func forbiddenWords(in tree: SourceTree) -> [String] {
    tree.sources.flatMap { file in
      ["try!", "as!", "fatalError", "@testable"].flatMap { word in
        file.lines(with: word).map { "\(file.path):\($0) has \(word)" }
      }
        + ["TODO", "FIXME", "XXX"].filter { file.text.contains($0) }.map {
          "\(file.path) has a \($0)"
        }
    }
  }

  /// Full Foundation, with its 40 MB of ICU, stays out of the modules that others build on.
  static func usesOfFullFoundation(in tree: SourceTree) -> [String] {
    tree.sources.filter { !["Studies", "PlumblineTool", "Benchmarks"].contains($0.module) }
      .flatMap { file in
        file.imports.filter { $0.module == "Foundation" }.map {
          "\(file.path):\($0.line) imports Foundation"
        }
      }
  }

  /// Every module that users import has a DocC catalogue.
  static func modulesWithoutCatalogue(in tree: SourceTree) -> [String] {
    published.filter { tree.contents[$0]?.contains("\($0).docc") != true }
  }

  /// The names of the flags that the sources raise.
  static func flags(in tree: SourceTree) -> Set<String> {
    Set(
      tree.sources.flatMap { file in
        file.text.matches(of: /Flag\(\s*"([a-z][a-z0-9-]*)"/).map { String($0.1) }
      })
  }

  /// The types that conform to a protocol, by the names they are declared with.
  static func types(conformingTo conformance: String, in tree: SourceTree) -> Set<String> {
    var names: Set<String> = []
    for file in tree.sources {
      for piece in file.code.split(whereSeparator: { "{}".contains($0) }) {
        let words = words(of: piece)
        guard let keyword = words.lastIndex(where: { declarationKeywords.contains($0) }) else {
          continue
        }
        let declaration = words[(keyword + 1)...].prefix { $0 != "where" }
        guard let type = declaration.first, let colon = declaration.lastIndex(of: ":") else {
          continue
        }
        if declaration[colon...].contains(conformance) { names.insert(type) }
      }
    }
    return names
  }

  private static let declarationKeywords: Set<String> = [
    "struct", "enum", "class", "actor", "extension",
  ]

  /// Identifiers and colons; whatever else there is parts them.
  private static func words(of text: Substring) -> [String] {
    var words: [String] = []
    var isOpen = false
    for character in text {
      let isLetter = character.isLetter || character.isNumber || character == "_"
      if isLetter, isOpen {
        words[words.count - 1].append(character)
      } else if isLetter || character == ":" {
        words.append(String(character))
      }
      isOpen = isLetter
    }
    return words
  }
}
