internal import StaticAssets
internal import StaticServer
internal import Synchronization

/// Makes a server use a table at once, and again when its bodies are in memory.
final class TableLoader: Sendable {
  /// The number of bodies that may be read before the first response.
  ///
  /// That takes some milliseconds. If there are more, all are read afterwards.
  static let bodyReadsMax = 1000

  private let server: StaticServer
  /// Counts the tables shown: bodies of an earlier table must not replace a later one.
  private let turn = Mutex(0)

  init(_ server: StaticServer) {
    self.server = server
  }

  /// Reads the bodies of `table`, built from `plan` and already served, if they were left out.
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
    // Without a thread, or if the files cannot be read any more, the first table stays; the next
    // reload reports why.
    try? BackgroundThread.start("staticd-bodies", yields: true) { [self] in
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

  /// Makes the server use `table`, built from `plan`.
  ///
  /// - Parameter configuration: the new configuration; nil to keep the current one.
  func show(
    _ table: FileTable,
    _ plan: TablePlan,
    _ configuration: StaticServer.Configuration? = nil
  ) {
    // First, so that bodies of the previous table do not replace this one.
    let own = nextTurn()
    if let configuration {
      server.replaceTable(with: table, configuration)
    } else {
      server.replaceTable(with: table)
    }
    loadBodies(of: table, plan, turn: own)
  }
}

/// Warnings about files that a table leaves out.
enum TableWarnings {
  private static let shownMax = 20

  /// Prints the first warnings, and the number of the others.
  static func tell(_ warnings: [String]) {
    for warning in warnings.prefix(shownMax) { Console.diagnose("warning: \(warning)") }
    if warnings.count > shownMax {
      Console.diagnose("warning: \(warnings.count - shownMax) more of these")
    }
  }
}
