import Evaluation
import LinearAlgebra
import Steering
import Testing

/// What holds for every steering method of the catalogue, with its defaults and in every variant.
@Suite struct SteeringMethodLaws {
  static let names = SteeringCatalog.all.flatMap { type in
    [type.identifier] + type.variants.map { "\(type.identifier)/\($0.name)" }
  }
  /// Methods that look at no side, so that swapping the sides does not turn them round.
  static let drawn: Set = ["random-direction", "shuffled-tomography"]

  private func method(_ name: String) throws -> any SteeringMethod {
    let name = MethodName(parsing: name)
    func make<Method: SteeringMethod>(_ type: Method.Type) throws -> any SteeringMethod {
      let variant = type.variants.first { $0.name == name.variant }
      return try Settings.decode(type, overrides: variant?.overrides ?? [:])
    }
    return try make(try SteeringCatalog.method(named: name.identifier))
  }

  private func vector(_ name: String, _ states: SteeringStates) throws -> [Double] {
    try method(name).direction(of: states, seed: 3, layer: 2).unit
  }

  @Test func namesAreInKebabCaseAndDiffer() {
    let names = SteeringCatalog.identifiers
    #expect(Set(names).count == names.count)
    for name in names { #expect(Flag(rawValue: name)?.detail == nil && !name.contains(":")) }
    #expect(throws: SteeringError.self) { try SteeringCatalog.method(named: "mean") }
  }

  @Test func variantsAreFoundAgainBySettings() throws {
    func check<Method: SteeringMethod>(_ type: Method.Type) throws {
      #expect(try Settings.variant(of: type.init()) == nil)
      #expect(
        try Settings.decode(type, overrides: try Settings.resolved(type.init())) == type.init())
      for variant in type.variants {
        let method = try Settings.decode(type, overrides: variant.overrides)
        #expect(try Settings.variant(of: method) == variant.name)
      }
    }
    for type in SteeringCatalog.all { try check(type) }
  }

  @Test(arguments: names)
  func thePositiveSideIsUp(name: String) throws {
    guard name != "random-direction" else { return }
    let states = try PlantedSides().draw(seed: 1)
    let direction = try method(name).direction(of: states, seed: 3)
    let readings = product(of: states.pairDifferences.view, and: direction.vector.span)
    switch direction.signRule {
    case nil, .differenceOfMeans: #expect(readings.reduce(0, +) > 0)
    case .pairMajority, .pairExtremes: #expect(2 * readings.count { $0 > 0 } >= readings.count)
    }
  }

  @Test(arguments: names)
  func lengthsAreAsAsked(name: String) throws {
    let states = try PlantedSides().draw(seed: 2)
    let direction = try method(name).direction(of: states, seed: 3)
    switch try method(name).length {
    case .unit: #expect(abs(direction.norm - 1) < 1e-14)
    case .raw: #expect(abs(direction.norm / direction.rawNorm - 1) < 1e-14)
    }
    #expect(direction.rawNorm > 0)
  }

  /// Constants are multiples of 1/8, so that adding them to states of a few bits less rounds nothing that counts.
  @Test(arguments: names)
  func aConstantAddedToAllStatesChangesNothing(name: String) throws {
    let states = try PlantedSides().draw(seed: 3)
    let moved = try states.mapped { $0.map { $0 + 0.25 } }
    #expect(cosine(try vector(name, states), try vector(name, moved)) > 1 - 1e-8)
  }

  @Test(arguments: names)
  func rotatedStatesHaveTheRotatedDirection(name: String) throws {
    guard name != "random-direction", name != "logistic-regression/easysteer" else { return }
    let states = try PlantedSides().draw(seed: 4)
    let turned = try states.mapped(rotated)
    #expect(cosine(rotated(try vector(name, states)), try vector(name, turned)) > 1 - 1e-8)
  }

  @Test(arguments: names)
  func scaledStatesHaveTheSameDirection(name: String) throws {
    // The penalty of a regression, the only other exception, is of the states' own units.
    guard !name.hasPrefix("logistic-regression") || name.hasSuffix("easysteer") else { return }
    let states = try PlantedSides().draw(seed: 5)
    let scaled = try states.mapped { $0.map { $0 * 16 } }
    #expect(cosine(try vector(name, states), try vector(name, scaled)) > 1 - 1e-12)
  }

  @Test(arguments: names)
  func swappedSidesTurnTheDirectionRound(name: String) throws {
    guard !Self.drawn.contains(name) else { return }
    let states = try PlantedSides().draw(seed: 6)
    #expect(cosine(try vector(name, states), try vector(name, states.swapped)) < -1 + 1e-8)
  }

  @Test(arguments: names)
  func bytesDoNotDependOnThreads(name: String) throws {
    let states = try PlantedSides(count: 300, width: 200).draw(seed: 7)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let serial = try method(name).direction(of: states, seed: 3, layer: 1)
    Parallel.threadCount = 4
    #expect(try method(name).direction(of: states, seed: 3, layer: 1) == serial)
  }

  @Test(arguments: names)
  func sidesThatAreTheSameAreRefused(name: String) throws {
    let states = try PlantedSides().draw(seed: 8)
    let same = try SteeringStates(positive: states.positive, negative: states.positive)
    #expect(throws: SteeringError.self) { try method(name).direction(of: same) }
  }

  @Test(arguments: names)
  func tooFewStatesAreRefused(name: String) throws {
    let type = try SteeringCatalog.method(named: MethodName(parsing: name).identifier)
    guard type.minimumCount > 1 else { return }
    let states = try PlantedSides(count: type.minimumCount - 1).draw(seed: 9)
    #expect {
      try method(name).direction(of: states)
    } throws: { error in
      if case .tooFew(type.identifier, _, _, let minimum)? = error as? SteeringError {
        return minimum == type.minimumCount
      }
      return false
    }
  }

  @Test(arguments: names)
  func methodsOfPairsRefuseTwoSetsAndOthersReadThem(name: String) throws {
    let states = try PlantedSides().draw(seed: 10)
    let sets = try SteeringStates(
      positive: states.positive, negative: states.negative.selectingRows(Array(0..<90)))
    let type = try SteeringCatalog.method(named: MethodName(parsing: name).identifier)
    let comparesPairs = type.needsPairs || name == "global-component/ibm"
    if comparesPairs {
      #expect(throws: SteeringError.needsPairs(method: type.identifier)) {
        try method(name).direction(of: sets)
      }
    } else {
      #expect(try method(name).direction(of: sets).diagnostics.readingAccuracy == nil)
    }
  }

  /// The flags of a vector come back too: a direction is saved and loaded whole.
  @Test(arguments: names)
  func directionsComeBackFromJSON(name: String) throws {
    let direction = try method(name).direction(of: try PlantedSides().draw(seed: 11), seed: 3)
    #expect(try decoded(from: try encoded(direction)) == direction)
  }
}
