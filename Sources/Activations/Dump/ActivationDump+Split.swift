extension ActivationDump {
  /// Samples that a split must not part: groups, opposites and, if asked, equal texts.
  ///
  /// - Parameter joinsEqualTexts: whether to read the texts and join samples with the same one.
  /// - Returns: the blocks.
  /// - Throws: ``ActivationsError`` if the texts cannot be read.
  public func blocks(joinsEqualTexts: Bool = true) throws(ActivationsError) -> SampleBlocks {
    var duplicates: [UInt64]?
    if joinsEqualTexts, let texts {
      var numbers: [String: UInt64] = [:]
      duplicates = try texts.read().enumerated().map { sample, text in
        if let number = numbers[text] { return number }
        numbers[text] = UInt64(sample)
        return UInt64(sample)
      }
    }
    return try SampleBlocks(
      sampleCount: sampleCount, groups: groups, opposites: opposites, duplicates: duplicates)
  }

  /// The split that the dump itself says, if it does.
  ///
  /// - Parameter blocks: what a split ought not to part; what this one parts is counted in
  ///   ``Split/leakedTestCount``.
  /// - Returns: `nil` if the dump has no `split`.
  /// - Throws: ``ActivationsError/split(problem:)`` if a side is empty or holds one class only.
  public func storedSplit(blocks: SampleBlocks) throws(ActivationsError) -> Split? {
    guard let parts else { return nil }
    func samples(_ part: DumpPart) -> [Int] { parts.indices.filter { parts[$0] == part } }
    let split = Split(
      train: samples(.train), validation: samples(.validation), test: samples(.test),
      origin: .dump, blocks: blocks)
    for (name, side) in [("train", split.train), ("test", split.test)] where side.isEmpty {
      throw .split(problem: "the dump's own split gives no sample to \(name)")
    }
    try split.checkClasses(labels, named: "the dump's own split")
    return split
  }
}
