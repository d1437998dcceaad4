/// A logistic regression whose penalty was chosen by cross-validation.
public struct CrossValidatedLogisticRegression: Sendable, Equatable {
  /// The penalties that were compared, in the order in which they were given.
  public let penalties: [LogisticPenalty]
  /// The mean loss over all rows, each scored by the fit that held out its fold, for each penalty.
  ///
  /// In nats; by sample weights, where classes have any. Lower is better; ln 2 is what a coin has.
  public let heldOutLosses: [Double]
  /// Which penalty has the lowest loss; of several, the strongest.
  public let chosenIndex: Int
  /// Whether no penalty of the list is stronger, or none weaker, than the chosen one.
  ///
  /// A longer list might then hold a better one. Never so for a list of one.
  public let isAtEdge: Bool
  /// The fits with the chosen penalty that held out one fold each, by ascending fold number.
  ///
  /// How far their weights differ says how far they depend on the samples.
  public let foldFits: [FittedLogisticRegression]
  /// The fit on all rows with the chosen penalty.
  public let fitted: FittedLogisticRegression

  /// The penalty that was chosen.
  public var chosenPenalty: LogisticPenalty { penalties[chosenIndex] }

  /// Whether all fits with the chosen penalty reached their minimum.
  ///
  /// A fit under another penalty that did not is an honest competitor all the same, of another kind: it
  /// was stopped early.
  public var isConverged: Bool { fitted.isConverged && foldFits.allSatisfy(\.isConverged) }
}
