/// Something that indices are computed from.
///
/// Indices name what they need; it is measured once for all of them, in as few passes over the points as
/// it takes.
public enum Ingredient: Sendable, Hashable {
  /// Counts, scatters and the distances of the centroids: one pass.
  case scatter
  /// The distance of each point to its own centroid: a second pass.
  case ownDistances
  /// The distance of each point to every centroid: a second pass, K numbers a point.
  case centroidDistances
  /// How the points of each group deviate from the means of their classes: a second pass, and a third one
  /// where groups have several points.
  case groupMoments
  /// The smallest and the largest distance between the points of each pair of classes: all pairs.
  case pairExtremes
  /// The sum of the distances from each point to the points of each class: all pairs, K numbers a point.
  case pairSums
  /// The Hausdorff distance of each pair of classes: all pairs.
  case hausdorffDistances
  /// A quantile of how far the points of two classes are from each other, as ``SeparationQuantile`` says:
  /// all pairs, up to five times.
  case separationQuantile(share: Double, cosineWeight: Double)
}
