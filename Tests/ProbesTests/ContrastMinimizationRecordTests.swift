import Evaluation
import Foundation
import Optimization
import Probes
import Testing

/// What a search with L-BFGS refuses, reports and saves.
@Suite struct ContrastMinimizationRecordTests {
  private func fit(_ change: (inout ContrastConsistentSearch) -> Void = { _ in }) throws
    -> FittedContrastConsistentSearch
  {
    var search = ContrastConsistentSearch()
    search.optimizer = .lbfgs
    search.tries = 3
    change(&search)
    return try search.fit(.pairs(try plantedPairs()), seed: 1, layer: 0)
  }

  @Test func whatCannotBeHonouredIsRefused() throws {
    func problem(_ change: (inout ContrastConsistentSearch) -> Void) -> String {
      let error = #expect(throws: ProbeError.self) { _ = try fit(change) }
      return error?.description ?? ""
    }
    #expect(problem { $0.probe = .multilayer }.contains("probe is multilayer; expected linear"))
    #expect(problem { $0.batchSize = 16 }.contains("batchSize is 16; expected 0"))
    #expect(
      problem { $0.lossSelection = .preStepLastBatch }.contains(
        "lossSelection is pre-step-last-batch; expected post-training-full-data"))
    #expect(problem { $0.penalty = -1 }.contains("penalty is -1.0; expected 0 or more"))
    #expect(problem { $0.penalty = .nan }.contains("penalty is nan"))
    #expect(problem { $0.warmUpSteps = -1 }.contains("warmUpSteps is -1"))
    #expect(
      problem { ($0.optimizer, $0.penalty) = (.adamW, 0.1) }.contains("optimizer to lbfgs"))
  }

  /// A fit that is cut short says so; one that got to its end does not.
  @Test func aFitThatIsCutShortIsFlagged() throws {
    let short = try fit { $0.epochs = 2 }
    #expect(short.minimizations.allSatisfy { $0.stop == .iterationLimit && $0.iterationCount == 2 })
    #expect(
      short.flags.contains(Flag("not-converged", detail: "iteration-limit after 2 steps")))
    let whole = try fit()
    #expect(whole.minimizations.allSatisfy { $0.stop == .valueFloor && $0.iterationCount > 10 })
    #expect(!whole.flags.contains { $0.name == "not-converged" })
  }

  @Test func theIterationsOfTheChosenTryAreMeasured() throws {
    let fitted = try fit()
    let metrics = try fitted.metrics(on: .pairs(try plantedPairs()))
    let count = fitted.minimizations[fitted.selectedTry].iterationCount
    #expect(
      metrics.contains(ProbeMetric(ProbeMetric.iterations, .training(Double(count), count: 60))))
  }

  @Test func theVariantIsKnownByItsName() throws {
    let variant = try Settings.decode(
      ContrastConsistentSearch.self, overrides: ContrastConsistentSearch.variants[0].overrides)
    #expect(variant.optimizer == .lbfgs)
    #expect(try Settings.variant(of: variant) == "lbfgs")
    #expect(try Settings.variant(of: ContrastConsistentSearch()) == nil)
  }

  @Test func savingKeepsEverything() throws {
    let fitted = try fit()
    let saved = try JSONEncoder().encode(fitted)
    let loaded = try JSONDecoder().decode(FittedContrastConsistentSearch.self, from: saved)
    #expect(loaded == fitted)
    #expect(loaded.minimizations.count == 3)
  }

  /// A file from before there was a choice of optimisers means AdamW.
  @Test func filesWithoutTheNewKeysAreRead() throws {
    let fitted = try fit {
      $0.optimizer = .adamW
      $0.epochs = 5
    }
    var file = try #require(
      JSONSerialization.jsonObject(with: JSONEncoder().encode(fitted)) as? [String: Any])
    var settings = try #require(file["settings"] as? [String: Any])
    for key in ["optimizer", "penalty", "warmUpSteps", "reducesRank"] {
      #expect(settings.removeValue(forKey: key) != nil)
    }
    file["settings"] = settings
    #expect(file.removeValue(forKey: "minimizations") != nil)
    let old = try JSONSerialization.data(withJSONObject: file)
    #expect(try JSONDecoder().decode(FittedContrastConsistentSearch.self, from: old) == fitted)
    settings["optimiser"] = "lbfgs"
    file["settings"] = settings
    let misspelt = try JSONSerialization.data(withJSONObject: file)
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(FittedContrastConsistentSearch.self, from: misspelt)
    }
    #expect(String(describing: error).contains("optimiser"))
  }
}
