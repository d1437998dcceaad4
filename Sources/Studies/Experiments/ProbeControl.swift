/// The names of controls in records.
public enum ProbeControl {
  /// The median of many random directions.
  public static let randomMedian = "random-direction-median"
  /// Their 95th percentile, which a probe has to exceed.
  public static let random95 = "random-direction-95"
  /// Their 99th percentile.
  public static let random99 = "random-direction-99"
  /// The probe's place among random directions.
  public static let random = "random-direction"
  /// A supervised probe on the same features.
  public static let supervised = "supervised"
  /// Refits with shuffled training labels.
  public static let shuffledLabels = "shuffled-labels"
  /// Refits on training pairs whose negative sides were exchanged.
  public static let shuffledPairing = "shuffled-pairing"
  /// How well the scores tell a known attribute instead of the label.
  public static let distractor = "distractor"
  /// How far the predictions are those of the leading principal component.
  public static let principalComponent = "principal-component"
}
