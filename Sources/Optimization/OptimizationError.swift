public import LinearAlgebra

/// Why a fit was refused or came to nothing.
public enum OptimizationError: Error, Equatable, Sendable {
  /// There are too few rows to learn from.
  case tooFewRows(count: Int, minimum: Int)
  /// Two arrays that must have one element a row differ in length.
  case countMismatch(what: String, count: Int, rowCount: Int)
  /// A label is neither 0 nor 1.
  case notBinary(label: Int, row: Int)
  /// All labels that a fit may learn from agree; `fold` is the fold that is held out, if one is.
  case oneClass(label: Int, fold: Int?)
  /// A penalty is not a positive finite number, or has no such strength for so many rows.
  case invalidPenalty(LogisticPenalty)
  /// There is no penalty to choose from.
  case noPenalties
  /// All rows are in one fold, so that nothing is left to learn from when it is held out.
  case tooFewFolds(count: Int)
  /// The loss has no finite value even at the start.
  case notFinite
  /// A matrix could not be read or decomposed.
  case linearAlgebra(LinearAlgebraError)
}

extension OptimizationError: CustomStringConvertible {
  /// What is wrong, where, what was expected and what to do.
  public var description: String {
    switch self {
    case .tooFewRows(let count, let minimum):
      "a logistic regression needs at least \(minimum) rows, got \(count); add samples"
    case .countMismatch(let what, let count, let rowCount):
      "there are \(count) \(what) for \(rowCount) rows; give one a row"
    case .notBinary(let label, let row):
      "the label of row \(row) is \(label); expected 0 or 1: map the labels, or leave the row out"
    case .oneClass(let label, nil):
      "every label is \(label); a logistic regression needs both classes"
    case .oneClass(let label, let fold?):
      "every label outside fold \(fold) is \(label); each fold must leave both classes to learn from: "
        + "use fewer folds, or folds that part the classes more evenly"
    case .invalidPenalty(let penalty):
      "the penalty \(penalty) is not a positive finite number, and without a penalty the weights of "
        + "separable classes grow without bound; use for example \(LogisticPenalty.inverse(1))"
    case .noPenalties:
      "there is no penalty to choose from; give at least one, such as \(LogisticPenalty.inverse(1))"
    case .tooFewFolds(let count):
      "the rows are in \(count) fold; cross-validation needs at least 2"
    case .notFinite:
      "the loss is not finite even for weights of zero; "
        + "look for activations near the largest float32 number"
    case .linearAlgebra(let error): error.description
    }
  }
}
