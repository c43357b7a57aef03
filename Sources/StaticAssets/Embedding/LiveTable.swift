internal import Synchronization

/// The current table of a server, which can be replaced while requests are being answered.
///
/// Each request reads `current` once and uses that table to its end, so no response mixes two
/// releases. An old table is freed after its last response.
public final class LiveTable: Sendable {
  private let table: Mutex<FileTable>

  /// Starts with `table`.
  public init(_ table: FileTable) {
    self.table = Mutex(table)
  }

  /// The table for new requests.
  public var current: FileTable { table.withLock { $0 } }

  /// Replaces the table for new requests.
  public func replace(with table: FileTable) {
    self.table.withLock { $0 = table }
  }

  /// Builds a table from the directories and options of the current one, and replaces it.
  ///
  /// Blocks while files are read. If two calls overlap, the table of the one that finishes last is
  /// used.
  ///
  /// - Throws: what `FileTable.init(mounts:options:)` throws; the current table then stays.
  public func reload() throws(AssetError) {
    replace(with: try current.rebuilt())
  }
}

extension FileTable {
  /// Builds a table from the same directories with the same options.
  ///
  /// - Throws: what `build` throws.
  public func rebuilt() throws(AssetError) -> FileTable {
    // `mounts` is sorted by priority, in which the last of equal mounts comes first.
    try FileTable(mounts: mounts.reversed(), options: options)
  }
}
