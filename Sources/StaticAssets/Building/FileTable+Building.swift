extension FileTable {
  /// Builds a table of the files below `root`.
  ///
  /// If the root has a manifest, the names that it lists as hashed are sent as immutable, and
  /// entity tags are derived from the content. Otherwise entity tags are derived from size and
  /// modification time.
  ///
  /// - Parameters:
  ///   - root: the directory, collected or not.
  ///   - options: how the files are served.
  /// - Throws: `AssetError` when the root cannot be listed or a manifest is malformed. Any other
  ///   file that cannot be read is left out and named in `warnings`.
  public static func build(
    root: String,
    options: Options = Options()
  ) throws(AssetError) -> FileTable {
    try build([Mount(root, at: options.prefix, kind: .collected)], options: options)
  }

  /// Builds a table of the files of all `mounts`.
  ///
  /// - Parameters:
  ///   - mounts: the directories with their URL paths. If two mounts have a file for the same URL,
  ///     see `Mount` for the order.
  ///   - options: how the files are served; `options.prefix` is not used.
  /// - Throws: `AssetError` when a directory cannot be listed, a manifest is malformed, a fallback or
  ///   an error page cannot be read, or redirects lead in a circle. Any other file that cannot be read
  ///   is left out and named in `warnings`.
  public static func build(
    _ mounts: [Mount],
    options: Options = Options()
  ) throws(AssetError) -> FileTable {
    try build(mounts, options: options, threadCountMax: ParallelMap.threadCountMax)
  }

  /// Builds a table, with the bodies in memory only if there are at most `bodyReadsMax`.
  ///
  /// Listing 10,000 files takes a fraction of the time that reading them takes. A table without bodies
  /// opens a file for each response; see `hasDeferredBodies`.
  ///
  /// - Throws: what `build(_:options:)` throws.
  package static func build(
    _ mounts: [Mount],
    options: Options,
    bodyReadsMax: Int
  ) throws(AssetError) -> FileTable {
    try build(
      mounts,
      options: options,
      threadCountMax: ParallelMap.threadCountMax,
      bodyReadsMax: bodyReadsMax
    )
  }

  /// Builds a table with at most `threadCountMax` threads; the result does not depend on the
  /// number.
  static func build(
    _ mounts: [Mount],
    options: Options,
    threadCountMax: Int,
    bodyReadsMax: Int = .max
  ) throws(AssetError) -> FileTable {
    let fieldByteCount = options.fields.reduce(0) { $0 + $1.byteCount }
    guard fieldByteCount <= Options.fieldByteCountMax else { throw .tooManyFields }
    // Operations that can throw come first.
    var scanned: [ScannedMount] = []
    for mount in mounts.byPriority { scanned.append(try ScannedMount(mount, threadCountMax)) }
    let pages = try ErrorPage.load(options)
    var builder = FileTableBuilder(options, pages, threadCountMax, bodyReadsMax: bodyReadsMax)
    for mount in scanned {
      builder.begin(mount)
      try builder.addFiles()
    }
    builder.addTerritories(mounts.byPriority)
    if !options.live.isEmpty { builder.contents.live = LiveSite(options, pages) }
    try builder.addRoutes()
    let table = FileTable(builder.finish())
    try table.refuseRedirectLoops()
    return table
  }
}

extension [FileTable.Mount] {
  /// The mounts in the order in which they are searched: the longest territory first; of equal ones
  /// the last given.
  fileprivate var byPriority: [FileTable.Mount] {
    enumerated().sorted { first, second in
      let length = first.element.territory.utf8.count
      let other = second.element.territory.utf8.count
      return length == other ? first.offset > second.offset : length > other
    }.map(\.element)
  }
}
