/// A web framework through which files are served, and what it decides itself.
///
/// A framework reads requests and writes messages; the adapter stands between the two. Rows about
/// what is the framework's may fail, each group for a reason; all others must pass.
public struct Framework: Sendable {
  /// As it is called on the command line.
  public let name: String
  let deviations: [Deviation]

  /// What a framework does otherwise than the rows ask for.
  struct Deviation: Sendable {
    let reason: String
    /// The names of the rows.
    let rows: [String]
  }

  /// Why `row` may fail; nil when it must pass.
  func reason(for row: Row) -> String? {
    deviations.first { $0.rows.contains(row.name) }?.reason
  }

  /// The framework called `name`; nil when there is none.
  public static func named(_ name: String) -> Framework? { all.first { $0.name == name } }

  /// Every framework that there is an adapter or an example for.
  public static let all = [hummingbird, nio]
}
