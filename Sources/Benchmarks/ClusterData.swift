import Plumbline

/// Reads what `make_cluster_data.py` and `make_layers.py` wrote.
struct ClusterData {
  let dump: ActivationDump
  let labels: [Int]

  init(in folder: String) throws {
    dump = try ActivationDump.open(
      DumpArguments(files: [
        .activations: "\(folder)/activations.npy", .labels: "\(folder)/labels.npy",
      ]))
    labels = dump.labels ?? []
  }
}
