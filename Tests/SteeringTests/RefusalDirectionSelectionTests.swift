import Foundation
import Steering
import Testing

/// The choice of a refusal direction, against published runs.
@Suite struct RefusalDirectionSelectionTests {
  private func evaluations(_ model: String) throws -> [DirectionEvaluation] {
    try DirectionEvaluation.read(goldenData(model + "_direction_evaluations.json"))
  }

  /// Oracle: the published choice of the run, in its direction_metadata.json.
  @Test func theChoiceOfGemmaIsReproduced() throws {
    let evaluations = try evaluations("gemma-2b-it")
    #expect(evaluations.count == 90)
    let selection = try RefusalDirectionSelection(of: evaluations, layerCount: 18)
    let chosen = try #require(selection.chosen)
    #expect(chosen.position == -2 && chosen.layer == 10 && selection.passingCount == 13)
    #expect(agree(chosen.refusalScore ?? .nan, -14.4193, within: 5e-6))
    #expect(agree(chosen.steeringScore ?? .nan, 6.7886, within: 1e-4))
    #expect(agree(chosen.divergence ?? .nan, 0.06593, within: 1e-5))
    #expect(!selection.candidates.contains { $0.dropReason == .noScore })
  }

  @Test func theChoiceOfLlamaIsReproducedAroundNaN() throws {
    let evaluations = try evaluations("llama-2-7b-chat-hf")
    #expect(evaluations.count == 192)
    let selection = try RefusalDirectionSelection(of: evaluations, layerCount: 32)
    let chosen = try #require(selection.chosen)
    #expect(chosen.position == -1 && chosen.layer == 14 && selection.passingCount == 5)
    #expect(agree(chosen.refusalScore ?? .nan, -5.6169, within: 1e-5))
    #expect(agree(chosen.steeringScore ?? .nan, 5.9863, within: 1e-5))
    #expect(agree(chosen.divergence ?? .nan, 0.07121, within: 1e-5))
    let unscored = selection.candidates.filter { $0.dropReason == .noScore }.map(\.evaluation)
    #expect(unscored.map(\.position) == [-6, -6] && unscored.map(\.layer) == [30, 31])
    #expect(unscored.allSatisfy { $0.refusalScore == nil && $0.divergence == nil })
    #expect(unscored.allSatisfy { $0.steeringScore != nil })
    #expect(try decoded(from: encoded(selection)) == selection)
  }

  private func evaluation(
    layer: Int = 0, _ refusal: Double = 0, _ steering: Double = 1, _ divergence: Double = 0
  ) -> DirectionEvaluation {
    DirectionEvaluation(
      position: -1, layer: layer, refusalScore: refusal, steeringScore: steering,
      divergence: divergence)
  }

  /// Oracle: the rule, at its edges: ⌊0.8 · 7⌋ = 5 is deep and 4 is not; 0.1 nat and a score of 0 pass.
  @Test func limitsHoldAtTheirEdges() throws {
    let selection = try RefusalDirectionSelection(
      of: [
        evaluation(layer: 4, -1), evaluation(layer: 5, -9), evaluation(-2, 1, 0.1),
        evaluation(-9, 1, 0.100001), evaluation(-2, 0), evaluation(-9, -1e-9),
        evaluation(-.infinity), evaluation(-9, .nan),
      ], layerCount: 7)
    #expect(
      selection.candidates.map(\.dropReason) == [
        nil, .deepLayer, nil, .divergence, nil, .steeringScore, .noScore, .noScore,
      ])
    #expect(selection.chosen == evaluation(-2, 1, 0.1))
    var limits = RefusalDirectionSelection.Limits()
    limits.divergence = 0.01
    limits.steeringScore = 2
    let none = try RefusalDirectionSelection(
      of: [evaluation()], layerCount: 7, limits: limits)
    #expect(none.chosen == nil && none.passingCount == 0)
    limits.deepShare = .nan
    #expect(throws: SteeringError.self) {
      try RefusalDirectionSelection(of: [evaluation()], layerCount: 7, limits: limits)
    }
    #expect(throws: SteeringError.self) { try RefusalDirectionSelection(of: [], layerCount: 7) }
    #expect(throws: SteeringError.self) {
      try RefusalDirectionSelection(of: [evaluation(layer: 7)], layerCount: 7)
    }
  }

  @Test(arguments: [
    "", "{}", "[{}]", #"[{"position": -1, "layer": 0, "refusal_score": 1, "steering_score": 1}]"#,
    #"[{"position": -1, "layer": -1, "refusal_score": 1, "steering_score": 1, "kl_div_score": 0}]"#,
    #"[{"position": -1, "layer": 0, "refusal_score": "1", "steering_score": 1, "kl_div_score": 0}]"#,
  ])
  func filesThatAreNoEvaluationsAreRefused(text: String) throws {
    #expect(throws: SteeringError.self) { try DirectionEvaluation.read(Data(text.utf8)) }
  }

  @Test func theReasonNamesTheEntry() throws {
    let text = """
      [{"position": -1, "layer": 0, "refusal_score": 1, "steering_score": 1, "kl_div_score": 0},
       {"position": -1, "layer": 0, "refusal_score": 1, "kl_div_score": 0}]
      """
    do {
      _ = try DirectionEvaluation.read(Data(text.utf8))
      Issue.record("nothing was thrown")
    } catch {
      #expect("\(error)".contains("entry 1") && "\(error)".contains("steering_score"))
    }
  }

  /// Oracle: the definitions by hand.
  @Test func scoresAreThoseOfTheDefinitions() throws {
    #expect(RefusalScore.value(ofProbability: 0.5) == 0)
    #expect(agree(RefusalScore.value(ofProbability: 0), log(1e-8) - log(1 + 1e-8), within: 1e-14))
    #expect(agree(RefusalScore.value(ofProbability: 0.8), log(4), within: 1e-7))
    let value = try RefusalScore.smoothedDivergence(base: [0.75, 0.25, 0], steered: [0.5, 0, 0.5])
    let expected = 0.75 * log(0.750001 / 0.500001) + 0.25 * log(0.250001 / 0.000001)
    #expect(agree(value, expected, within: 1e-13))
    #expect(throws: SteeringError.self) {
      try RefusalScore.smoothedDivergence(base: [1], steered: [0.5, 0.5])
    }
  }
}
