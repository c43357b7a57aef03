internal import CLinux
internal import Glibc
internal import StaticAssets
internal import StaticServer

/// What the command line says about the files to serve, checked: a table can be built from it as
/// often as need be.
struct TablePlan: Sendable {
  /// The directories, in the order in which they were given.
  let mounts: [FileTable.Mount]

  /// The directories of uploads, whose files are looked up when they are requested.
  let uploads: [LiveDirectory]

  /// Whether every change is to be followed at once.
  let isRefreshed: Bool

  /// How the files are served; codings are added while they are.
  var options: FileTable.Options
  /// The option that each directory comes from, and each page.
  private var directoryOrigins: [String: String] = [:]
  private let pageOrigins: [String: String]
  private let policy: PolicyOptions

  /// Reads the options, or throws everything that is wrong with them.
  ///
  /// - Parameter upstreamPaths: the URL paths of the apps that get what is nothing of these
  ///   directories'; empty without an app.
  init(_ mounts: MountOptions, _ policy: PolicyOptions, upstreamPaths: [String]) throws {
    var mistakes = Mistakes()
    isRefreshed = mounts.isRefreshed
    self.policy = policy
    let given = try mistakes.reading { try mounts.mounts(isProxy: !upstreamPaths.isEmpty) }
    let read = try mistakes.reading {
      try policy.tableOptions(
        maxAge: .seconds(mounts.isRefreshed ? 0 : 60),
        upstreamPaths: upstreamPaths
      )
    }
    uploads = try mistakes.reading { try mounts.liveDirectories() } ?? []
    try mistakes.refuse()
    self.mounts = given?.map(\.mount) ?? []
    options = read ?? FileTable.Options()
    pageOrigins = policy.pageOrigins
    if isRefreshed { options.serveSources() }
    options.live = uploads
    if !isRefreshed {
      // What an app writes into STATIC_ROOT while it runs, such as django-compressor's CACHE.
      options.live += self.mounts.filter { $0.kind == .collected }.map {
        LiveDirectory($0.directory, at: $0.prefix, kind: .root)
      }
    }
    // Templates ask Django.
    options.answersURLs = false
    options.refusesAmbiguousPaths = !upstreamPaths.isEmpty
    // Connections need descriptors more than large files do.
    options.openFilesMax = min(512, DescriptorLimit.current / 4)
    for named in given ?? [] { directoryOrigins[named.mount.directory] = named.option }
    if let fallback = options.fallback, !self.mounts.contains(where: { $0.kind == .public }) {
      throw CommandFailure(
        .usage,
        "\(policy.place(of: .fallback)) '\(fallback)': it is sent below a --public path; give one"
      )
    }
  }

  /// The files that are sent for names that have none, and that of the redirects.
  var pages: [String] {
    let fallbacks = options.fallbacks.map(\.file)
    return options.errorPages.values.sorted() + fallbacks
      + [policy.routes.redirectsFile].compactMap(\.self)
  }

  /// The directories for people: `'staticfiles', 'public'`.
  var directories: String {
    let names = mounts.map(\.directory) + uploads.map(\.directory)
    return names.map { "'\($0)'" }.joined(separator: ", ")
  }

  /// The URL path of the first directory.
  var firstPrefix: String { mounts.first?.prefix ?? uploads.first?.prefix ?? "/" }

  /// Directories of uploads that are not there yet; one line each.
  var missingUploads: [String] {
    uploads.filter { Self.kind($0.directory) == nil }.map {
      "--live '\($0.directory)' does not exist yet; its files are served once it does"
    }
  }

  /// A table of what is there now.
  ///
  /// - Parameter bodyReadsMax: if more bodies would have to be read than this, none is.
  func build(bodyReadsMax: Int = .max) throws -> FileTable {
    var options = options
    options.redirects = try policy.routes.redirects()
    do throws(AssetError) {
      return try FileTable(mounts: mounts, options: options, bodyReadsMax: bodyReadsMax)
    } catch {
      throw failure(for: error)
    }
  }

  /// A table of what is there now, at once: its bodies may be missing in memory.
  ///
  /// In development sources change while they are read, so that no other table is made of them.
  func buildQuickly() throws -> FileTable {
    try build(bodyReadsMax: isRefreshed ? .max : TableLoader.bodyReadsMax)
  }

  /// Throws everything that would keep a server from starting, apart from what is in a collected
  /// root.
  ///
  /// - Parameter upstreamPaths: the URL paths of the apps; empty without an app.
  static func checkFiles(
    _ mounts: MountOptions,
    _ policy: PolicyOptions,
    upstreamPaths: [String]
  ) throws {
    var mistakes = Mistakes()
    for named in try mounts.mounts(&mistakes)
    where named.mount.kind != .collected && kind(named.mount.directory) != S_IFDIR {
      mistakes.add(missingDirectory(named.mount.directory, named.option))
    }
    for (page, option) in policy.pageOrigins.sorted(by: { $0.key < $1.key })
    where kind(page) != S_IFREG {
      mistakes.add(missingPage(page, option))
    }
    try mistakes.reading {
      _ = try policy.tableOptions(maxAge: .seconds(60), upstreamPaths: upstreamPaths)
    }
    try mistakes.reading { _ = try mounts.liveDirectories() }
    try mistakes.refuse()
    guard mounts.areNamed else { return }
    let plan = try TablePlan(mounts, policy, upstreamPaths: upstreamPaths)
    do throws(AssetError) {
      let directories = plan.mounts.filter { $0.kind != .collected }
      var options = plan.options
      // A redirect to a file of the root leads no further.
      if directories.count < plan.mounts.count { options.redirects = RedirectRules() }
      _ = try FileTable(mounts: directories, options: options)
    } catch {
      throw plan.failure(for: error)
    }
  }

  private static func missingDirectory(_ path: String, _ option: String) -> String {
    let advice =
      option.hasSuffix("--root") ? "run 'staticd collect' first" : "make it or leave it out"
    return "\(option) '\(path)' is no directory; \(advice)"
  }

  private static func missingPage(_ path: String, _ option: String) -> String {
    "\(option) '\(path)' is no file; give its path from here"
  }

  private func failure(for error: AssetError) -> CommandFailure {
    switch error.code {
    case _ where error.isOfFields:
      return CommandFailure(.usage, "\(policy.place(of: .header)): \(error)")
    case .redirectLoop:
      let file = policy.routes.redirectsFile ?? ""
      return CommandFailure(.usage, lines: error.mistakes.map { "\(file):\($0)" })
    case .largePage: return CommandFailure(.usage, "\(policy.place(of: .errorPage)): \(error)")
    case .unreadable:
      guard let cause = error.cause, [ENOENT, ENOTDIR, EISDIR].contains(cause.code) else { break }
      // Only a page can be a directory by mistake.
      if cause.code != EISDIR, let option = directoryOrigins[cause.path] {
        return CommandFailure(.usage, Self.missingDirectory(cause.path, option))
      }
      guard let option = pageOrigins[cause.path] else { break }
      return CommandFailure(.usage, Self.missingPage(cause.path, option))
    default: break
    }
    return CommandFailure(.system, error.description)
  }

  /// The type of what is at `path`, links followed; nil for nothing. stat(2)
  static func kind(_ path: String) -> mode_t? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }
}
