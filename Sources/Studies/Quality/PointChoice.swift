/// Which activations of a dump are points, and what their classes are.
public struct PointChoice: Sendable, Equatable {
  /// The activations that are points.
  public enum Activations: String, Sendable, Codable, CaseIterable {
    /// The role `activations`.
    case activations
    /// The positive side of each contrast pair.
    case positive
    /// The negative side of each contrast pair.
    case negative
    /// The positive side less the negative one.
    case difference
    /// Both sides of each contrast pair, as separate points.
    case sides
  }

  /// What the classes of the points are.
  public enum Classes: Sendable, Equatable {
    /// The role `labels`.
    case labels
    /// The side of the contrast pair: negative 0, positive 1.
    case sides
    /// An attribute of the samples, by its name or role.
    case attribute(String)

    /// Reads `labels`, `sides`, or an attribute's name.
    ///
    /// - Parameter text: What the user wrote.
    public init(_ text: String) {
      switch text {
      case "labels": self = .labels
      case "sides": self = .sides
      default: self = .attribute(text)
      }
    }
  }

  /// The activations; `nil` for `activations` where the dump has them, else `sides` for classes of sides
  /// and `positive` for all others.
  public var activations: Activations?
  /// The classes.
  public var classes: Classes

  /// Chooses points.
  ///
  /// - Parameters:
  ///   - activations: The activations; what the dump has if not given.
  ///   - classes: The classes; labels if not given.
  public init(activations: Activations? = nil, classes: Classes = .labels) {
    self.activations = activations
    self.classes = classes
  }
}
