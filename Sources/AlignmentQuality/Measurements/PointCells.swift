/// The points of one or several labellings, sorted into cells: all points of a cell are in the same class
/// of each labelling, or all are left out of it.
///
/// A class is a union of cells, so that one pass over cells measures all labellings.
struct PointCells: Sendable {
  /// Some points.
  struct Cell: Sendable {
    /// For each labelling the class, or `nil` if it leaves the points out.
    let classes: [Int?]
    /// The row of each point.
    fileprivate(set) var rows: [Int] = []
    /// For each labelling the position of each point in it; empty if it leaves them out.
    fileprivate(set) var positions: [[Int]]

    fileprivate init(classes: [Int?]) {
      self.classes = classes
      positions = classes.map { _ in [] }
    }

    /// Adds a point, with its position in each labelling.
    fileprivate mutating func add(row: Int, at places: [Int?]) {
      rows.append(row)
      for (labelling, place) in places.enumerated() {
        if let place { positions[labelling].append(place) }
      }
    }
  }

  let labellings: [LabelledPoints]
  /// Sorted by class in the first labelling, then in the second, and so on.
  let cells: [Cell]

  /// Sorts the points of labellings of the same rows.
  ///
  /// A row that a labelling names several times is as many points; the first of them is the first that
  /// another labelling names, and so on.
  init(_ labellings: [LabelledPoints]) {
    self.labellings = labellings
    cells = labellings.count == 1 ? Self.classes(of: labellings[0]) : Self.shared(by: labellings)
  }

  /// The cells of one labelling are its classes.
  private static func classes(of points: LabelledPoints) -> [Cell] {
    points.classRanges.enumerated().map { number, range in
      var cell = Cell(classes: [number])
      for position in points.order[range] { cell.add(row: points.rows[position], at: [position]) }
      return cell
    }
  }

  private static func shared(by labellings: [LabelledPoints]) -> [Cell] {
    var cells: [[Int?]: Cell] = [:]
    for (point, places) in places(in: labellings) {
      let classes = zip(labellings, places).map { points, place in place.map { points.classes[$0] }
      }
      cells[classes, default: Cell(classes: classes)].add(row: point.row, at: places)
    }
    // What a labelling leaves out comes after its classes.
    return cells.values.sorted {
      $0.classes.map { $0 ?? .max }.lexicographicallyPrecedes($1.classes.map { $0 ?? .max })
    }
  }

  private struct Point: Hashable {
    let row: Int
    let occurrence: Int
  }

  /// Every point with its position in each labelling, in the order in which they are first named.
  private static func places(in labellings: [LabelledPoints]) -> [(Point, [Int?])] {
    var numbers: [Point: Int] = [:]
    var found: [(Point, [Int?])] = []
    let nowhere = [Int?](repeating: nil, count: labellings.count)
    for (labelling, points) in labellings.enumerated() {
      var occurrences: [Int: Int] = [:]
      for (position, row) in points.rows.enumerated() {
        let point = Point(row: row, occurrence: occurrences[row, default: 0])
        occurrences[row] = point.occurrence + 1
        let number = numbers[point, default: found.count]
        if number == found.count {
          numbers[point] = number
          found.append((point, nowhere))
        }
        found[number].1[labelling] = position
      }
    }
    return found
  }
}
