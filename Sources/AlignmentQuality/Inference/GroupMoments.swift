internal import LinearAlgebra

/// How the points of each group deviate from the means of their classes: what it takes to know the scatter
/// without any one group, and the spread of the means between groups.
///
/// With u_gk = Σ (x − c_k) over the points of class k in group g, it holds the products of these vectors
/// with each other and with the differences of the means, never the vectors.
public struct GroupMoments: Sendable, Equatable {
  /// The groups, in the order of their numbers.
  let groups: [Group]
  /// Sums over the groups.
  let totals: GroupTotals
  /// (K, K), Σ_g n_gk n_gl.
  let countProducts: Matrix<Double>
  /// Σ κ_gh² over ordered pairs of different groups, estimated from the pairs that were read together.
  ///
  /// κ_gh is the part of trB/n that comes from groups g and h together; see ``SeparationInference``.
  let squaredKernelSum: Double

  /// The number of groups.
  public var groupCount: Int { groups.count }

  /// One group.
  struct Group: Sendable, Equatable {
    /// The classes that the group has, rising.
    let classes: [Int]
    /// n_gk for each of them.
    let counts: [Int]
    /// Σ ‖x − c_k‖² for each of them.
    var squares: [Double]
    /// (classes, classes), ⟨u_gk, u_gl⟩.
    var products: Matrix<Double>
    /// (classes, K), ⟨u_gk, c_l − c_0⟩.
    var projections: Matrix<Double>
    /// (classes, K), ⟨u_gk, Σ_h n_hk u_hl⟩; `nil` where all groups have one point, for it is 0 then.
    var sizeProjections: Matrix<Double>?
  }
}

/// Sums over groups: what a variance between groups is computed from.
struct GroupTotals: Sendable, Equatable {
  /// m_k, the number of groups that have each class.
  var groupCounts: [Int]
  /// (K, K), Σ_g ⟨u_gk, u_gl⟩.
  var products: Matrix<Double>
}

extension GroupTotals {
  /// √(m_k/(m_k − 1))/n_k: what turns u_gk into the share of group g in the error of c_k; 0 for a class that
  /// only one group has.
  static func scales(counts: [Int], groupCounts: [Int]) -> [Double] {
    zip(counts, groupCounts).map { count, groups in
      groups > 1 ? (Double(groups) / Double(groups - 1)).squareRoot() / Double(count) : 0
    }
  }
}

extension GroupMoments {
  /// The scatter and the sums over groups without one group, exactly, from the moments alone.
  ///
  /// The mean of class k moves by a_k = u_gk/(n_k − n_gk), which changes SS_k, D_kl² and the deviations of
  /// all other groups.
  ///
  /// - Parameters:
  ///   - number: The group to leave out.
  ///   - scatter: The scatter of all points.
  /// - Returns: What remains; `nil` if a class is left without points, or without any scatter that rounding
  ///   could be told from.
  /// - Complexity: O(K²).
  func leavingOut(
    _ number: Int, of scatter: ClassScatter
  ) -> (scatter: ClassScatter, totals: GroupTotals)? {
    let group = groups[number]
    var counts = scatter.counts
    for (place, own) in group.classes.enumerated() { counts[own] -= group.counts[place] }
    guard counts.allSatisfy({ $0 > 0 }) else { return nil }
    var scatters = scatter.scatters
    for (place, own) in group.classes.enumerated() {
      let removed = group.squares[place] + group.products[place, place] / Double(counts[own])
      scatters[own] = max(0, scatters[own] - removed)
    }
    guard scatters.reduce(0, +) > 1e-12 * scatter.within else { return nil }
    return (
      ClassScatter(
        counts: counts, scatters: scatters,
        squaredCentroidDistances: distances(without: group, counts: counts, of: scatter)),
      totals(without: group, counts: counts)
    )
  }

  /// D_kl² after the means have moved: ‖c_k − c_l − a_k + a_l‖².
  private func distances(
    without group: Group, counts: [Int], of scatter: ClassScatter
  ) -> Matrix<Double> {
    var result = scatter.squaredCentroidDistances
    for (place, own) in group.classes.enumerated() {
      let remaining = Double(counts[own])
      for other in 0..<counts.count where other != own {
        var change = group.products[place, place] / (remaining * remaining)
        change -=
          2 * (group.projections[place, own] - group.projections[place, other]) / remaining
        // The product of two moves belongs to both of them, a half each.
        if let otherPlace = group.classes.firstIndex(of: other) {
          change -= group.products[place, otherPlace] / (remaining * Double(counts[other]))
        }
        result[own, other] += change
        result[other, own] += change
      }
    }
    for place in 0..<counts.count * counts.count {
      let (row, column) = (place / counts.count, place % counts.count)
      result[row, column] = max(0, result[row, column])
    }
    return result
  }

  /// Σ_h ⟨u_hk + n_hk a_k, u_hl + n_hl a_l⟩ over the other groups h.
  private func totals(without group: Group, counts: [Int]) -> GroupTotals {
    var result = totals
    for (place, own) in group.classes.enumerated() {
      result.groupCounts[own] -= 1
      let remaining = Double(counts[own])
      for other in 0..<counts.count {
        let product = (group.sizeProjections?[place, other] ?? 0) / remaining
        result.products[own, other] += product
        result.products[other, own] += product
      }
      for (otherPlace, other) in group.classes.enumerated() {
        let otherRemaining = Double(counts[other])
        let (size, otherSize) = (Double(group.counts[place]), Double(group.counts[otherPlace]))
        let product = group.products[place, otherPlace]
        let moved =
          (countProducts[own, other] - size * otherSize) / (remaining * otherRemaining)
        result.products[own, other] +=
          product * (moved - 1 - size / remaining - otherSize / otherRemaining)
      }
    }
    return result
  }
}
