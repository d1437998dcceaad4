/// Names the independent streams of random numbers.
enum SteeringStream: UInt64 {
  case randomDirection = 101
  case flips = 102
  case shuffle = 103
  case bootstrap = 104
  case readoutFolds = 105
}
