internal import RealModule

/// How far a direction would turn if other prompts had been drawn.
///
/// The angle whose tangent is the jackknife standard error of the unit vector: all coordinates' variances together,
/// over blocks of groups left out in turn. Directions that fall outside the cone of another are different
/// directions; those within it may be the same.
///
/// Efron (1982), *The Jackknife, the Bootstrap and Other Resampling Plans*, for blocks of equal size.
public struct DirectionCone: Sendable, Codable, Equatable {
  /// The half-angle in radians, from 0 to π/2.
  public let angle: Double
  /// How many blocks of groups were left out in turn.
  public let blockCount: Int
}

extension SteeringMethod {
  /// The cone of the direction that the method finds.
  ///
  /// - Parameters:
  ///   - states: The states of one layer.
  ///   - seed: The seed of the run.
  ///   - layer: The layer's number.
  ///   - blockCount: Into how many blocks groups are cut, at most.
  /// - Returns: The cone; `nil` with fewer than 4 groups, or if the rest of some block has no direction.
  /// - Complexity: As many fits as blocks.
  public func cone(
    of states: SteeringStates, seed: UInt64 = 0, layer: Int = 0, blockCount: Int = 10
  ) -> DirectionCone? {
    let groups = Set(states.positiveGroups + states.negativeGroups).sorted()
    let count = min(blockCount, groups.count)
    guard count >= 4 else { return nil }
    // Neighbouring groups go to different blocks, since neighbours are often alike.
    let blockOfGroup = Dictionary(
      uniqueKeysWithValues: groups.enumerated().map { ($1, $0 % count) })
    var units: [[Double]] = []
    for block in 0..<count {
      guard
        let rest = states.selectingGroups(where: { blockOfGroup[$0] != block }),
        let direction = try? direction(of: rest, seed: seed, layer: layer)
      else { return nil }
      units.append(direction.unit)
    }
    let width = units[0].count
    var variance = 0.0
    for column in 0..<width {
      let mean = units.reduce(0) { $0 + $1[column] } / Double(count)
      variance += units.reduce(0) { $0 + ($1[column] - mean) * ($1[column] - mean) }
    }
    variance *= Double(count - 1) / Double(count)
    return DirectionCone(angle: .atan(variance.squareRoot()), blockCount: count)
  }
}
