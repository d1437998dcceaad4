internal import LinearAlgebra

extension FittedNormalization {
  private enum CodingKeys: String, CodingKey {
    case settings
    case width
    case trainingCount
    case categories
    case positive
    case negative
  }

  /// Reads what was learned, and checks that its parts fit together.
  ///
  /// - Parameter decoder: where to read.
  /// - Throws: `DecodingError` if a statistic is missing, superfluous or of another shape than the
  ///   settings, the width and the categories ask for.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      settings: try container.decode(Normalization.self, forKey: .settings),
      width: try container.decode(Int.self, forKey: .width),
      trainingCount: try container.decode(Int.self, forKey: .trainingCount),
      categories: try container.decodeIfPresent([Int].self, forKey: .categories),
      positive: try container.decode(Side.self, forKey: .positive),
      negative: try container.decodeIfPresent(Side.self, forKey: .negative))
    guard width >= 1, trainingCount >= 1 else {
      throw DecodingError.dataCorruptedError(
        forKey: .width, in: container,
        debugDescription: "a width of \(width) and \(trainingCount) training rows are impossible")
    }
    guard categories.map({ !$0.isEmpty && Set($0).count == $0.count }) ?? true,
      (categories != nil) == (settings.scope == .perCategory)
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .categories, in: container,
        debugDescription: "the categories do not go with the scope \(settings.scope.rawValue)")
    }
    let shape = [categories?.count ?? 1, width]
    for (key, side) in [(CodingKeys.positive, positive), (.negative, negative ?? positive)] {
      guard Self.fits(side.centers, shape, isNeeded: settings.center != .none),
        Self.fits(side.scales, shape, isNeeded: settings.scale != .none)
      else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container,
          debugDescription: "centres and scales must be of the shape \(shape) where the settings "
            + "ask for them, and absent elsewhere")
      }
    }
  }

  private static func fits(
    _ statistics: ParameterArray<Float>?, _ shape: [Int], isNeeded: Bool
  ) -> Bool {
    guard let statistics else { return !isNeeded }
    return isNeeded && statistics.shape == shape
  }
}
