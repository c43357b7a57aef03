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
  /// - Throws: `AssetError` as `init(mounts:options:)`.
  public convenience init(root: String, options: Options = Options()) throws(AssetError) {
    try self.init(mounts: [Mount(root, at: options.prefix, kind: .collected)], options: options)
  }

  /// Builds a table of the files of all `mounts`.
  ///
  /// - Parameters:
  ///   - mounts: the directories with their URL paths. If two mounts have a file for the same URL,
  ///     see `Mount` for the order.
  ///   - options: how the files are served; `options.prefix` is not used.
  /// - Throws: `AssetError` when a directory cannot be listed; a manifest cannot be read, is
  ///   malformed, or has a text that may not be in a response; a fallback or an error page cannot
  ///   be read, or an error page exceeds 64 KiB; redirects form a loop; the table or a manifest
  ///   reaches 4 GiB; or an option is invalid. Any other file that cannot be read is left out and
  ///   named in `warnings`.
  public convenience init(
    mounts: [Mount],
    options: Options = Options()
  ) throws(AssetError) {
    try self.init(mounts: mounts, options: options, threadCountMax: ParallelMap.threadCountMax)
  }

  /// Builds a table; the bodies are in memory only if at most `bodyReadsMax` have to be read.
  ///
  /// Listing 10,000 files takes a fraction of the time of reading them. A table without bodies
  /// opens a file for each response; see `hasDeferredBodies`.
  ///
  /// - Throws: as `init(mounts:options:)`.
  package convenience init(
    mounts: [Mount],
    options: Options,
    bodyReadsMax: Int
  ) throws(AssetError) {
    try self.init(
      mounts: mounts,
      options: options,
      threadCountMax: ParallelMap.threadCountMax,
      bodyReadsMax: bodyReadsMax
    )
  }

  /// Builds a table with at most `threadCountMax` threads; the result does not depend on the
  /// number.
  convenience init(
    mounts: [Mount],
    options: Options,
    threadCountMax: Int,
    bodyReadsMax: Int = .max
  ) throws(AssetError) {
    let builder = try FileTable.builder(mounts, options, threadCountMax, bodyReadsMax)
    self.init(builder.finish())
    try refuseRedirectLoops()
  }

  /// A builder that has added all files of `mounts`.
  private static func builder(
    _ mounts: [Mount],
    _ options: Options,
    _ threadCountMax: Int,
    _ bodyReadsMax: Int
  ) throws(AssetError) -> FileTableBuilder {
    try OptionCheck.check(options, mounts)
    // Operations that can throw come first.
    var scanned: [ScannedMount] = []
    for mount in mounts.byPriority {
      scanned.append(
        try ScannedMount(
          mount,
          threadCountMax,
          servesManifests: options.sharesManifests && mount.kind == .collected
        )
      )
    }
    let pages = try ErrorPage.load(options)
    var builder = FileTableBuilder(options, pages, threadCountMax, bodyReadsMax: bodyReadsMax)
    for mount in scanned {
      builder.begin(mount)
      try builder.addFiles()
    }
    try builder.finishRouting(mounts, pages)
    return builder
  }
}

extension FileTableBuilder {
  /// Adds everything that does not depend on the files of `mounts`: territories, live directories
  /// and routes.
  mutating func finishRouting(
    _ mounts: [FileTable.Mount],
    _ pages: [ResponseStatus: ErrorPage]
  ) throws(AssetError) {
    addTerritories(mounts.byPriority)
    if !options.live.isEmpty { contents.live = LiveSite(options, pages) }
    try addRoutes()
  }
}

extension [FileTable.Mount] {
  /// The mounts in the order in which they are searched: the longest territory first; of equal ones
  /// the last given first.
  fileprivate var byPriority: [FileTable.Mount] {
    enumerated().sorted { first, second in
      let length = first.element.territory.utf8.count
      let other = second.element.territory.utf8.count
      return length == other ? first.offset > second.offset : length > other
    }.map(\.element)
  }
}
