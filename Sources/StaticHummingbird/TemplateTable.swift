#if Hummingbird
  internal import StaticAssets

  /// The table that all names in the templates of one request are looked up in.
  ///
  /// With another table for each name, a release in between would give a page the URL of one file
  /// and the `integrity` of another, which browsers refuse.
  struct TemplateTable: Sendable {
    /// The table of the request that the current task handles; nil outside of a request.
    @TaskLocal private static var current: TemplateTable?

    private let assets: LiveTable
    private let table: FileTable

    /// Calls `body`, during which `of` returns the table that is current now.
    static func keeping<Result>(
      _ assets: LiveTable,
      _ body: () async throws -> Result
    ) async rethrows -> Result {
      let table = TemplateTable(assets: assets, table: assets.current)
      return try await $current.withValue(table, operation: body)
    }

    /// The table of `assets` for the current request.
    static func of(_ assets: LiveTable) -> FileTable {
      guard let current, current.assets === assets else { return assets.current }
      return current.table
    }
  }
#endif
