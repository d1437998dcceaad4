/// What `dump.json` says: which model the arrays come from, and where and how each is stored.
public struct DumpManifest: Equatable, Sendable {
  /// The model that the activations were read from; free text that is kept in results.
  public struct Model: Equatable, Sendable, Codable {
    /// The model's name.
    public var name: String?
    /// The revision (checkpoint, commit) of the model.
    public var revision: String?
    /// A digest of the model's configuration, parameters and vocabulary.
    ///
    /// Where two dumps both have one, it alone decides whether they are of one model.
    public var fingerprint: String?

    /// A model by name, revision and contents.
    ///
    /// - Parameters:
    ///   - name: the model's name.
    ///   - revision: the checkpoint or commit.
    ///   - fingerprint: a digest of what the model consists of.
    public init(name: String? = nil, revision: String? = nil, fingerprint: String? = nil) {
      self.name = name
      self.revision = revision
      self.fingerprint = fingerprint
    }
  }

  /// Whether the last layer was read before or after the final norm.
  public enum FinalLayer: String, CaseIterable, Codable, Sendable {
    /// The output of the last block, as every other layer.
    case preNorm = "pre-norm"
    /// The normed state, which is what Hugging Face returns last for Llama-style models.
    case postNorm = "post-norm"
  }

  /// The value of `format` that makes a JSON file a manifest.
  public static let format = "plumbline-dump"
  /// The version of the format that this library reads.
  public static let version = 1
  /// The name of the manifest in a dump's folder.
  public static let fileName = "dump.json"

  /// The model.
  public var model: Model
  /// Where in a block the states were read, for example `residual-post`.
  public var site: String?
  /// Which token the states are of, for example `last` or `mean`.
  public var token: String?
  /// How the last layer was read, if the manifest says so.
  public var finalLayer: FinalLayer?
  /// Names of the layers, if the manifest gives them.
  public var layers: [String]?
  /// How the dump came about, in free words under free keys: versions, digests of inputs, templates.
  public var provenance: [String: String]
  /// What is given for each role.
  public var arrays: [ArrayRole: ManifestEntry]

  /// A manifest for these arrays.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - site: where in a block the states were read.
  ///   - token: which token the states are of.
  ///   - finalLayer: how the last layer was read.
  ///   - layers: names of the layers.
  ///   - provenance: how the dump came about.
  ///   - arrays: what is given for each role.
  public init(
    model: Model = Model(), site: String? = nil, token: String? = nil,
    finalLayer: FinalLayer? = nil, layers: [String]? = nil, provenance: [String: String] = [:],
    arrays: [ArrayRole: ManifestEntry]
  ) {
    self.model = model
    self.site = site
    self.token = token
    self.finalLayer = finalLayer
    self.layers = layers
    self.provenance = provenance
    self.arrays = arrays
  }

  /// The roles that the dump has, in the order of the role table.
  public var roles: [ArrayRole] { arrays.keys.sorted() }
}
