/// A web framework through which files are served, and its deviations from the rows.
///
/// The framework reads requests and writes messages; the adapter stands in between. Rows on the
/// framework's behavior fail, each group for a reason; all others must pass.
public struct Framework: Sendable {
  /// The name on the command line.
  public let name: String
  let deviations: [Deviation]

  /// Rows on which the framework deviates.
  struct Deviation: Sendable {
    let reason: String
    /// Whether the result depends on a race, so that a row may pass as well.
    var isRace = false
    /// The names of the rows.
    let rows: [String]
  }

  /// Names among the deviations that are not rows.
  var unknownRows: [String] {
    let names = Set(Row.all.map(\.name))
    return deviations.flatMap(\.rows).filter { !names.contains($0) }
  }

  /// The deviation that permits `row` to fail; nil if it must pass.
  func deviation(for row: Row) -> Deviation? {
    deviations.first { $0.rows.contains(row.name) }
  }

  /// The framework called `name`; nil when there is none.
  public static func named(_ name: String) -> Framework? { all.first { $0.name == name } }

  /// Every framework with an adapter.
  public static let all = [
    hummingbird, nio, nioHTTP2, nioHTTPTypes, nioHTTPTypesHTTP2, httpTypes,
  ]
}
