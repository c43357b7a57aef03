internal import Synchronization

/// The current files of a site: the object that servers, middleware and templates share.
///
/// ```swift
/// let assets = try LiveTable(root: "staticfiles")       // the output of `staticd collect`
/// let assets = try LiveTable(sources: ["assets"])       // in development: the sources themselves
/// ```
///
/// Each request reads `current` once and uses that table to its end, so no response mixes two
/// releases. An old table is freed after its last response. `follow` notices releases, and every
/// change in development; without it, call `reload`.
public final class LiveTable: Sendable {
  /// Whether the files are served for development, where they may change at any time.
  package let isDevelopment: Bool

  private let table: CurrentTable
  private let state: Mutex<State>
  /// Serialises the calls of observers, so that none gets an older table after a newer one.
  private let telling = Mutex(())
  /// The state of the watched directories before the first table was built.
  let firstWatch: ReleaseWatch

  private struct State {
    /// The number of the table that is served; higher is newer.
    var shown = 0
    /// The number of the last table that was begun.
    var begun = 0
    var observers: [Int: @Sendable (FileTable) -> Bool] = [:]
    var observerCount = 0
    /// The template faults that have been logged since the last table.
    var toldFaults: Set<String> = []
  }

  /// Starts with `table`.
  public init(_ table: FileTable) {
    isDevelopment = false
    firstWatch = ReleaseWatch(table.mounts, pages: table.options.pages)
    self.table = CurrentTable(table)
    state = Mutex(State())
  }

  /// Builds a table of `mounts`, and starts with it.
  ///
  /// In development, hashed names are answered with the current file, responses are `max-age=0,
  /// public`, so that caches store them and ask each time whether they are current, and an unknown
  /// name in a template is an error. `follow` then notices each change, otherwise each release.
  ///
  /// - Parameters:
  ///   - mounts: as for `FileTable.init(mounts:options:)`.
  ///   - options: how the files are served; in development `maxAge` is 0 and no name is immutable.
  ///   - isDevelopment: whether the mounts are served for development.
  /// - Throws: as `FileTable.init(mounts:options:)`.
  public init(
    mounts: [FileTable.Mount],
    options: FileTable.Options = FileTable.Options(),
    isDevelopment: Bool = false
  ) throws(AssetError) {
    var options = options
    if isDevelopment {
      options.maxAge = .seconds(0)
      options.serveSources()
    }
    self.isDevelopment = isDevelopment
    // Before the table is built: a release that is published meanwhile is then noticed.
    firstWatch = ReleaseWatch(mounts, pages: options.pages)
    table = CurrentTable(try FileTable(mounts: mounts, options: options))
    state = Mutex(State())
  }

  /// Serves the collected directory `root` at `options.prefix`.
  ///
  /// - Throws: as `FileTable.init(mounts:options:)`.
  public convenience init(
    root: String,
    options: FileTable.Options = FileTable.Options()
  ) throws(AssetError) {
    let mount = FileTable.Mount(root, at: options.prefix, kind: .collected)
    try self.init(mounts: [mount], options: options)
  }

  /// Serves the directories `sources` at `options.prefix`, for development.
  ///
  /// Like `staticd serve --autorefresh`: of files with the same name, that of the first source is
  /// served. For sources with different prefixes, use `init(mounts:options:isDevelopment:)`.
  ///
  /// - Throws: as `FileTable.init(mounts:options:)`.
  public convenience init(
    sources: [String],
    options: FileTable.Options = FileTable.Options()
  ) throws(AssetError) {
    // The last of equal mounts wins.
    let mounts = sources.reversed().map {
      FileTable.Mount($0, at: options.prefix, kind: .source)
    }
    try self.init(mounts: mounts, options: options, isDevelopment: true)
  }

  /// The table for new requests; takes no lock.
  public var current: FileTable { table.value }

  /// Replaces the table for new requests.
  ///
  /// Tables of `reload` calls that began before this call are discarded.
  public func replace(with table: FileTable) {
    show(table, number: nextNumber())
  }

  /// Builds a table from the directories and options of the current one, and replaces it.
  ///
  /// The files are read on a thread of its own. If calls overlap, the table of the one that began
  /// last stays.
  ///
  /// - Throws: as `FileTable.init(mounts:options:)`; the current table then stays.
  public func reload() async throws(AssetError) {
    let result: Result<Void, AssetError> = await BlockingThread.run { [self] in
      Result { () throws(AssetError) in try reloadBlocking() }
    }
    try result.get()
  }

  /// `reload` on the calling thread, which blocks while files are read.
  ///
  /// - Throws: as `reload`.
  package func reloadBlocking() throws(AssetError) {
    let number = nextNumber()
    show(try current.rebuilt(), number: number)
  }

  private func nextNumber() -> Int {
    state.withLock { state in
      state.begun += 1
      return state.begun
    }
  }

  private func show(_ table: FileTable, number: Int) {
    let isShown = state.withLock { state in
      guard number > state.shown else { return false }
      state.shown = number
      state.toldFaults = []
      self.table.replace(with: table)
      return true
    }
    if isShown { tellObservers() }
  }

  /// Calls each observer with the table that is current at the time of the call.
  private func tellObservers() {
    telling.withLock { _ in
      for (number, observer) in state.withLock({ $0.observers }) where !observer(current) {
        state.withLock { _ = $0.observers.removeValue(forKey: number) }
      }
    }
  }
}

/// Templates.
extension LiveTable {
  /// `FileTable.url(for:)` of the current table.
  ///
  /// For a tag with an `integrity` attribute, read `current` once and ask that table for both: the
  /// values of two releases do not match, and browsers then refuse the file.
  public func url(for name: String) -> String? { current.url(for: name) }

  /// Whether `fault` has not been logged yet for this table; records it.
  package func isNewFault(_ fault: String) -> Bool {
    state.withLock { $0.toldFaults.insert(fault).inserted }
  }
}

/// Observers of new tables.
extension LiveTable {
  /// Calls `body` with the current table, and with each one that replaces it.
  ///
  /// - Parameter body: called on any thread, for one table at a time. It must neither block nor
  ///   replace the table. It returns whether it is to be called again.
  package func observe(_ body: @escaping @Sendable (FileTable) -> Bool) {
    telling.withLock { _ in
      guard body(current) else { return }
      state.withLock { state in
        state.observerCount += 1
        state.observers[state.observerCount] = body
      }
    }
  }
}

extension FileTable {
  /// Builds a table from the same directories with the same options.
  ///
  /// - Throws: as `init(mounts:options:)`.
  package func rebuilt() throws(AssetError) -> FileTable {
    // `mounts` is sorted by priority, with the last of equal mounts first.
    try FileTable(mounts: mounts.reversed(), options: options)
  }
}

extension FileTable.Options {
  /// Serves sources, which change and have no hashed names.
  package mutating func serveSources() {
    answersHashedNames = true
    immutableNames = []
    // Sources change too often to be worth compressing.
    listsUncodedFiles = false
  }

  /// The paths of error pages and fallbacks: files that are not found below a mount.
  fileprivate var pages: [String] { errorPages.values.sorted() + fallbacks.map(\.file) }
}
