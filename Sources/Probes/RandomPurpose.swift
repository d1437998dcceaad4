/// Names the independent streams of random numbers.
package enum RandomPurpose: UInt64 {
  case initialization = 1
  case batchOrder = 2
  case randomDirections = 3
  case split = 4
  case bootstrap = 5
  case permutation = 6
  case shuffledLabels = 7
  case shuffledPairing = 8
  case innerFolds = 9
}
