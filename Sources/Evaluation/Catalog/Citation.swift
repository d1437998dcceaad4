/// A published source of a definition.
public struct Citation: Sendable, Codable, Hashable, CustomStringConvertible {
  /// The authors as running text cites them, such as "Burns, Ye, Klein & Steinhardt".
  public var authors: String
  /// The year of publication.
  public var year: Int
  /// The title.
  public var title: String
  /// Where to find it: "arXiv:2212.03827", "doi:10.1145/3460772" or an address.
  public var link: String?
  /// Which part is meant, such as "appendix B".
  public var locator: String?

  /// Creates a citation.
  ///
  /// - Parameters:
  ///   - authors: The authors as running text cites them.
  ///   - year: The year of publication.
  ///   - title: The title.
  ///   - link: "arXiv:…", "doi:…" or an address, if there is one.
  ///   - locator: Which part is meant, such as "eq. 3".
  public init(
    authors: String, year: Int, title: String, link: String? = nil, locator: String? = nil
  ) {
    self.authors = authors
    self.year = year
    self.title = title
    self.link = link
    self.locator = locator
  }

  /// The citation on one line.
  public var description: String {
    let ending = [locator, link].compactMap { $0 }.map { ", " + $0 }.joined()
    return "\(authors) (\(year)), \"\(title)\"\(ending)"
  }
}
