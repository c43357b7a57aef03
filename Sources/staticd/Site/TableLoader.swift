internal import StaticAssets
internal import StaticServer
internal import Synchronization

/// Has a server answer from a table at once, and from one with the bodies in memory when they are read.
final class TableLoader: Sendable {
  /// So many bodies are read before the first answer, which takes some milliseconds; more are read
  /// behind it.
  static let bodyReadsMax = 1000

  private let server: StaticServer
  /// Counts the tables that were shown: a later one is not replaced by the bodies of one before.
  private let turn = Mutex(0)

  init(_ server: StaticServer) {
    self.server = server
  }

  /// Reads the bodies of `table`, which the server has and `plan` has made, if it has left them out.
  func loadBodies(of table: FileTable, _ plan: TablePlan) {
    loadBodies(of: table, plan, turn: nextTurn())
  }

  private func nextTurn() -> Int {
    turn.withLock { turn in
      turn += 1
      return turn
    }
  }

  private func loadBodies(of table: FileTable, _ plan: TablePlan, turn own: Int) {
    guard table.hasDeferredBodies else { return }
    let known = Set(table.warnings)
    // Without a thread, and for what can be read no more, files are served as they were listed; the next
    // reload tells why.
    _ = try? YieldingThread.start("staticd-bodies") { [self] in
      guard let whole = try? plan.build() else { return }
      let isNewest = turn.withLock { turn in
        guard turn == own else { return false }
        server.replaceTable(with: whole)
        return true
      }
      guard isNewest else { return }
      TableWarnings.tell(whole.warnings.filter { !known.contains($0) })
    }
  }

  /// Has the server answer from `table`, which `plan` has made, instead of the one before.
  ///
  /// - Parameter configuration: what else it answers by from now on; nil for what it has.
  func show(
    _ table: FileTable,
    _ plan: TablePlan,
    _ configuration: StaticServer.Configuration? = nil
  ) {
    // First: bodies of the table before are not to replace this one.
    let own = nextTurn()
    if let configuration {
      server.replaceTable(with: table, configuration)
    } else {
      server.replaceTable(with: table)
    }
    loadBodies(of: table, plan, turn: own)
  }
}

/// What a table leaves out, for people.
enum TableWarnings {
  private static let shownMax = 20

  /// Prints the first ones, and how many more there are.
  static func tell(_ warnings: [String]) {
    for warning in warnings.prefix(shownMax) { Console.diagnose("warning: \(warning)") }
    if warnings.count > shownMax {
      Console.diagnose("warning: \(warnings.count - shownMax) more of these")
    }
  }
}
