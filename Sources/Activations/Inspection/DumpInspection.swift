internal import ArrayFiles

/// What is in a dump, and what is wrong with it: everything that `plumbline inspect` prints.
public struct DumpInspection: Codable, Equatable, Sendable {
  /// One array of the dump.
  public struct Array: Codable, Equatable, Sendable {
    /// The role.
    public let role: ArrayRole
    /// The file, with its member; for one file a layer, the first and the last.
    public let file: String
    /// The type of the elements, as NumPy names it.
    public let elementType: String
    /// What each axis counts, in stored order.
    public let axes: [Axis]
    /// The extent of each axis.
    public let shape: [Int]
    /// The size of all elements in bytes.
    public let byteCount: Int
    /// Whether the elements are read from the file as they are touched.
    public let isMemoryMapped: Bool
    /// What was found in each layer; empty for arrays that are not hidden states.
    public let layers: [Layer]
    /// How many elements are NaN or infinite; `nil` for whole numbers, which were not looked at.
    public let nonFiniteCount: Int?
    /// Where the first such element is, in stored order of the axes; `nil` for hidden states, whose
    /// ``layers`` say it.
    public let firstNonFinite: [Int]?
    /// How many samples repeat an earlier one in every element of every layer; `nil` where rows were
    /// not compared.
    public let duplicateRowCount: Int?
  }

  /// One layer of an array.
  public struct Layer: Codable, Equatable, Sendable {
    /// The layer's name.
    public let name: String
    /// How many elements are NaN or infinite.
    public let nonFiniteCount: Int
    /// The first such element's row and column.
    public let firstNonFinite: [Int]?
    /// How many features have the same value in all rows.
    public let constantFeatureCount: Int
    /// Whether all rows are equal, which is usual only for the embedding of one fixed token.
    public let isConstant: Bool
    /// How many rows are all zeros.
    public let zeroRowCount: Int
    /// The largest magnitude of a finite element.
    public let largestMagnitude: Float
  }

  /// How many samples a class has.
  public struct ClassCount: Codable, Equatable, Sendable {
    /// The class.
    public let label: Int
    /// Its name, if the manifest gives names.
    public let name: String?
    /// How many samples it has.
    public let count: Int
  }

  /// Something known about each sample, and how often each of its values occurs.
  public struct Attribute: Codable, Equatable, Sendable {
    /// The role that holds it.
    public let role: ArrayRole
    /// What it is called.
    public let name: String
    /// The values that occur, in ascending order.
    public let values: [ValueCount]
  }

  /// How many samples have a value of an attribute.
  public struct ValueCount: Codable, Equatable, Sendable {
    /// The value.
    public let value: Int
    /// Its name, if the manifest gives names.
    public let name: String?
    /// How many samples have it.
    public let count: Int
  }

  /// What the manifest itself gives for a role, in place of an array.
  public struct Setting: Codable, Equatable, Sendable {
    /// The role.
    public let role: ArrayRole
    /// The number or word, the numbers with commas, or the file of texts.
    public let value: String
  }

  /// What a sweep of steering strengths measured.
  public struct Sweep: Codable, Equatable, Sendable {
    /// The coefficients, as stored.
    public let coefficients: [Double]
    /// How many control vectors it was repeated along.
    public let controlCount: Int
  }

  /// The dump's path.
  public let path: String
  /// The model, as the manifest names it.
  public let model: DumpManifest.Model
  /// Where in a block the states were read.
  public let site: String?
  /// Which token the states are of.
  public let token: String?
  /// How the last layer was read.
  public let finalLayer: DumpManifest.FinalLayer?
  /// How the dump came about, as the manifest says.
  public let provenance: [String: String]
  /// The number of samples; 0 if no array is about samples.
  public let sampleCount: Int
  /// The names of the layers.
  public let layerNames: [String]
  /// The number of features.
  public let width: Int
  /// The number of wordings of each pair.
  public let variantCount: Int
  /// The arrays, in the order of the role table.
  public let arrays: [Array]
  /// What the manifest gives in place of arrays, in the order of the role table.
  public let settings: [Setting]
  /// The number of pairs in the contrast set of each feature.
  public let contrasts: [String: Int]
  /// The number of tokens of all answers; `nil` without arrays about tokens.
  public let tokenCount: Int?
  /// What a sweep measured; `nil` without its coefficients.
  public let sweep: Sweep?
  /// The classes, in ascending order; empty without labels.
  public let classes: [ClassCount]
  /// What else is known about each sample: the categories, then the attributes by name.
  public let attributes: [Attribute]
  /// The number of groups in effect.
  public let groupCount: Int
  /// The number of blocks that a split may not part.
  public let blockCount: Int
  /// How many samples have no opposite; `nil` without opposites.
  public let unpairedOppositeCount: Int?
  /// How many samples each part of the dump's own split has; `nil` without one.
  public let parts: [String: Int]?
  /// What a user should look at, one sentence each.
  public let warnings: [String]
}
