/// A web framework through which files are served, and what it decides itself.
///
/// A framework reads requests and writes messages; the adapter stands between the two. Rows about
/// what is the framework's fail, each group for a reason; all others must pass.
public struct Framework: Sendable {
  /// As it is called on the command line.
  public let name: String
  let deviations: [Deviation]

  /// What a framework does otherwise than the rows ask for.
  struct Deviation: Sendable {
    let reason: String
    /// Whether it depends on who is faster, so that a row may pass as well.
    var isRace = false
    /// The names of the rows.
    let rows: [String]
  }

  /// Names among the deviations that no row has.
  var unknownRows: [String] {
    let names = Set(Row.all.map(\.name))
    return deviations.flatMap(\.rows).filter { !names.contains($0) }
  }

  /// What lets `row` fail; nil when it must pass.
  func deviation(for row: Row) -> Deviation? {
    deviations.first { $0.rows.contains(row.name) }
  }

  /// The framework called `name`; nil when there is none.
  public static func named(_ name: String) -> Framework? { all.first { $0.name == name } }

  /// Every framework that there is an adapter for.
  public static let all = [
    hummingbird, nio, nioHTTP2, nioHTTPTypes, nioHTTPTypesHTTP2, httpTypes,
  ]
}
