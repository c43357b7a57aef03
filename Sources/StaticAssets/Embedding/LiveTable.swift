internal import Synchronization

/// The table that is answered from now, replaced while requests are running.
///
/// Each request asks once for `current` and keeps to that: no answer mixes two releases, and an
/// old table goes when its last answer is sent.
public final class LiveTable: Sendable {
  private let table: Mutex<FileTable>

  /// Answers from `table` until it is replaced.
  public init(_ table: FileTable) {
    self.table = Mutex(table)
  }

  /// The table to answer from.
  public var current: FileTable { table.withLock { $0 } }

  /// Answers from `table` from now on.
  public func replace(with table: FileTable) {
    self.table.withLock { $0 = table }
  }

  /// Reads the directories of the current table again, and answers from what is there now.
  ///
  /// Reads every small file: call it where blocking does no harm. Of two calls at the same time
  /// the one that ends last counts.
  ///
  /// - Throws: what `FileTable.build` throws; the current table is then kept.
  public func reload() throws(AssetError) {
    replace(with: try current.rebuilt())
  }
}

extension FileTable {
  /// A table of the same directories with the same options, from what is there now.
  ///
  /// - Throws: what `build` throws.
  public func rebuilt() throws(AssetError) -> FileTable {
    // They stand by priority, in which the last of equals comes first.
    try Self.build(mounts.reversed(), options: options)
  }
}
