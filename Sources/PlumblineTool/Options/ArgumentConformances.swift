public import ArgumentParser
public import Plumbline

/// Both modules have a `Flag`; in the tool the word means a switch on the command line.
typealias Flag<Value> = ArgumentParser.Flag<Value>

extension LayerList: ExpressibleByArgument {
  /// Reads `--layers`.
  public init?(argument: String) { self.init(argument) }
}

extension ProbeExperiment.Controls: ExpressibleByArgument {}

extension Compatibility: ExpressibleByArgument {}

extension IndexCompatibility: ExpressibleByArgument {}

extension PointChoice.Activations: ExpressibleByArgument {}

extension PoolingRule: ExpressibleByArgument {}

extension SteeringSides: ExpressibleByArgument {}

extension CoefficientUnit: ExpressibleByArgument {}

extension SteeringOperation.Family: ExpressibleByArgument {}

extension SteeringRankingExperiment.Criterion: ExpressibleByArgument {}
