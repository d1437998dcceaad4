internal import LinearAlgebra

/// u_gk for the classes of some groups, one row each, and the squares that belong to them.
struct DeviationSums {
  let members: [GroupLayout.Member]
  /// (parts, d).
  var sums: Matrix<Double>
  /// Σ ‖x − c_k‖² of each part.
  var squares: [Double]

  init(members: [GroupLayout.Member], width: Int) {
    self.members = members
    let count = members.reduce(0) { $0 + $1.parts.count }
    sums = Matrix(rowCount: count, columnCount: width)
    squares = [Double](repeating: 0, count: count)
  }

  /// The part of each group's first class, in order.
  var firstParts: [Int] {
    var next = 0
    return members.map { member in
      defer { next += member.parts.count }
      return next
    }
  }

  /// (K², parts): n_gk in row k · K + l for the part of class l in group g.
  func sizes(classCount: Int) -> Matrix<Double> {
    var result = Matrix<Double>(rowCount: classCount * classCount, columnCount: squares.count)
    for (member, first) in zip(members, firstParts) {
      for (place, part) in member.parts.enumerated() {
        for sized in member.parts {
          result[sized.classNumber * classCount + part.classNumber, first + place] =
            Double(sized.positions.count)
        }
      }
    }
    return result
  }
}

/// The moments of some groups, with the products between them.
struct TileMoments: Sendable {
  let groups: [GroupMoments.Group]
  /// Σ κ_gh² over ordered pairs of different groups of the tile.
  let squaredKernelSum: Double

  init(
    _ sums: DeviationSums, targets: Matrix<Double>, hasSizes: Bool, classCount: Int,
    kernel: SeparationKernel
  ) {
    let products = symmetricProduct(of: sums.sums.view, transposed: false)
    let projections = product(of: sums.sums.view, and: targets.view, rightTransposed: true)
    let firstParts = sums.firstParts
    groups = zip(sums.members, firstParts).map { member, first in
      let (parts, count) = (member.parts, member.parts.count)
      return GroupMoments.Group(
        classes: parts.map(\.classNumber), counts: parts.map(\.positions.count),
        squares: Array(sums.squares[first..<first + count]),
        products: Matrix(rowCount: count, columnCount: count) {
          products[first + $0, first + $1]
        },
        projections: Matrix(rowCount: count, columnCount: classCount) {
          projections[first + $0, $1]
        },
        sizeProjections: !hasSizes
          ? nil
          : Matrix(rowCount: count, columnCount: classCount) {
            projections[first + $0, classCount * (1 + parts[$0].classNumber) + $1]
          })
    }
    var squares = 0.0
    for (number, group) in groups.enumerated() {
      for (otherNumber, other) in groups.prefix(number).enumerated() {
        let value = kernel.value(group.classes, other.classes) {
          products[firstParts[number] + $0, firstParts[otherNumber] + $1]
        }
        squares += 2 * value * value
      }
    }
    squaredKernelSum = squares
  }
}

/// κ_gh = Σ_k p_k ⟨e_gk, e_hk⟩ − Σ_kl p_k p_l ⟨e_gk, e_hl⟩ with e_gk = √(m_k/(m_k − 1)) u_gk/n_k: what groups g
/// and h together contribute to trB/n.
struct SeparationKernel: Sendable {
  /// p_k.
  private let shares: [Double]
  private let scales: [Double]

  init(counts: [Int], groupCounts: [Int]) {
    let total = Double(counts.reduce(0, +))
    shares = counts.map { Double($0) / total }
    scales = GroupTotals.scales(counts: counts, groupCounts: groupCounts)
  }

  /// The kernel of two groups, from the products ⟨u_gk, u_hl⟩ by places in their lists of classes.
  func value(
    _ first: [Int], _ second: [Int], product: (_ place: Int, _ otherPlace: Int) -> Double
  ) -> Double {
    var sum = 0.0
    for (place, own) in first.enumerated() {
      for (otherPlace, other) in second.enumerated() {
        let weight = (own == other ? shares[own] : 0) - shares[own] * shares[other]
        sum += weight * scales[own] * scales[other] * product(place, otherPlace)
      }
    }
    return sum
  }
}
