internal import Activations
internal import Evaluation

extension FittedNormalization {
  /// What is remarkable about the training statistics.
  var flags: [Flag] {
    var flags: [Flag] = []
    if settings.statistics == .test { flags.append(Flag("transductive-normalization")) }
    let zeroRowCount = positive.zeroRowCount + (negative?.zeroRowCount ?? 0)
    if zeroRowCount > 0 {
      flags.append(
        Flag("zero-rows", detail: "\(zeroRowCount) training rows are zero and have no direction"))
    }
    return flags
  }
}
