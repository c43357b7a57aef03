public import StaticAssets

extension StaticServer {
  /// Listens at every address of `configuration`, and serves `assets`: a table that replaces the
  /// current one is used from the next request on.
  ///
  /// The server does not watch the files: `LiveTable.follow` or `StaticServerService` does.
  ///
  /// - Throws: as `init(table:configuration:)`.
  public convenience init(
    assets: LiveTable,
    configuration: Configuration
  ) throws(StaticServerError) {
    try self.init(table: assets.current, configuration: configuration)
    // Weak: neither object keeps the other alive.
    assets.observe { [weak self] table in
      guard let self else { return false }
      replaceTable(with: table)
      return true
    }
  }
}
