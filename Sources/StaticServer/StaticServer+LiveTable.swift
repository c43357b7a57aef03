public import StaticAssets

extension StaticServer {
  /// Listens at every address of `configuration`, and serves `assets`: each table that replaces its
  /// current one is served from the next request on.
  ///
  /// The server does not look at the files: `LiveTable.follow` does, or `StaticServerService`.
  ///
  /// - Throws: as `init(table:configuration:)`.
  public convenience init(
    assets: LiveTable,
    configuration: Configuration
  ) throws(StaticServerError) {
    try self.init(table: assets.current, configuration: configuration)
    // Neither keeps the other.
    assets.observe { [weak self] table in
      guard let self else { return false }
      replaceTable(with: table)
      return true
    }
  }
}
