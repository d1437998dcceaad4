internal import Evaluation

extension GeneralizedDunnIndex {
  /// The 18 of Bezdek and Pal, in the order of their numbers.
  static var numbered: [(name: String, index: GeneralizedDunnIndex)] {
    Separation.allCases.dropLast().enumerated().flatMap { row, separation in
      Diameter.allCases.enumerated().map { column, diameter in
        (
          "gd\(row + 1)\(column + 1)",
          GeneralizedDunnIndex(separation: separation, diameter: diameter)
        )
      }
    }
  }

  /// A variant for each of the 18.
  static var numberedVariants: [MethodVariant] {
    numbered.map { name, index in
      MethodVariant(
        name, summary: "\(index.separation.rawValue) over \(index.diameter.rawValue)",
        overrides: overrides(index))
    }
  }

  /// What peers compute by the name of Dunn.
  static var peerVariants: [MethodVariant] {
    let own = Diameter.allCases.enumerated().map { column, diameter in
      MethodVariant(
        "cluster-crit-gd5\(column + 1)",
        summary: "distances to own centroids over \(diameter.rawValue)",
        overrides: overrides(
          GeneralizedDunnIndex(separation: .toOwnCentroid, diameter: diameter)))
    }
    return own + [
      MethodVariant(
        "torchmetrics", summary: "distance of centroids over the largest radius",
        overrides: ["compatibility": "torchmetrics"]),
      MethodVariant(
        "permetrics", summary: "distance to the centroid of an earlier class over the diameter",
        overrides: ["compatibility": "permetrics"]),
      MethodVariant(
        "aqi-eval", summary: "without separations of 0; 0.001 where there is no value",
        overrides: ["compatibility": "aqi-eval"]),
    ]
  }

  private static func overrides(_ index: GeneralizedDunnIndex) -> SettingValue {
    .object([
      "separation": .string(index.separation.rawValue),
      "diameter": .string(index.diameter.rawValue),
    ])
  }
}

extension GeneralizedDunnIndex.Separation {
  /// What it is taken from.
  var ingredient: Ingredient {
    switch self {
    case .single, .complete: .pairExtremes
    case .average: .pairSums
    case .centroid: .scatter
    case .toOtherCentroid: .centroidDistances
    case .hausdorff: .hausdorffDistances
    case .toOwnCentroid: .ownDistances
    }
  }
}

extension GeneralizedDunnIndex.Diameter {
  /// What it is taken from.
  var ingredient: Ingredient {
    switch self {
    case .complete: .pairExtremes
    case .average: .pairSums
    case .centroid: .ownDistances
    }
  }
}
