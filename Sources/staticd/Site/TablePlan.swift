internal import CLinux
internal import Glibc
internal import StaticAssets
internal import StaticServer

/// The checked options for the files to serve, from which tables are built.
struct TablePlan: Sendable {
  /// The directories, in the order given.
  let mounts: [FileTable.Mount]

  /// The directories of uploads, whose files are looked up on request.
  let uploads: [LiveDirectory]

  /// Whether changes are followed at once, for development.
  let isRefreshed: Bool

  /// How the files are served; codings are added while serving.
  var options: FileTable.Options
  /// The options that name the directories and the pages.
  private var directoryOrigins: [String: String] = [:]
  private let pageOrigins: [String: String]
  private let policy: PolicyOptions

  /// Reads the options; throws every mistake in them.
  ///
  /// - Parameter upstreamPaths: the URL paths of the apps that get the requests for no file; empty
  ///   without an app.
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
      // For files that an app writes into STATIC_ROOT at run time, such as django-compressor's
      // CACHE.
      options.live += self.mounts.filter { $0.kind == .collected }.map {
        LiveDirectory($0.directory, at: $0.prefix, kind: .root)
      }
    }
    // Templates get URLs from Django, not from this table.
    options.answersURLs = false
    options.refusesAmbiguousPaths = !upstreamPaths.isEmpty
    // Leave most file descriptors to connections.
    options.openFilesMax = min(512, DescriptorLimit.current / 4)
    for named in given ?? [] { directoryOrigins[named.mount.directory] = named.option }
    if let fallback = options.fallback, !self.mounts.contains(where: { $0.kind == .public }) {
      throw CommandFailure(
        .usage,
        "\(policy.place(of: .fallback)) '\(fallback)': it is sent below a --public path; give one"
      )
    }
  }

  /// The pages for missing files and errors, and the file of the redirects.
  var pages: [String] {
    let fallbacks = options.fallbacks.map(\.file)
    return options.errorPages.values.sorted() + fallbacks
      + [policy.routes.redirectsFile].compactMap(\.self)
  }

  /// The directories for messages: `'staticfiles', 'public'`.
  var directories: String {
    let names = mounts.map(\.directory) + uploads.map(\.directory)
    return names.map { "'\($0)'" }.joined(separator: ", ")
  }

  /// The URL path of the first directory.
  var firstPrefix: String { mounts.first?.prefix ?? uploads.first?.prefix ?? "/" }

  /// A line for each directory of uploads that does not exist yet.
  var missingUploads: [String] {
    uploads.filter { Self.kind($0.directory) == nil }.map {
      "--live '\($0.directory)' does not exist yet; its files are served once it does"
    }
  }

  /// Builds a table of the current files.
  ///
  /// - Parameter bodyReadsMax: if more bodies than this would have to be read, none is.
  func build(bodyReadsMax: Int = .max) throws -> FileTable {
    try table { (options) throws(AssetError) in
      try FileTable(mounts: mounts, options: options, bodyReadsMax: bodyReadsMax)
    }
  }

  /// Builds a table of the current files quickly; its bodies may be left out of memory.
  ///
  /// In development, sources change while they are read, so there is no second table with the
  /// bodies.
  func buildQuickly() throws -> FileTable {
    try build(bodyReadsMax: isRefreshed ? .max : TableLoader.bodyReadsMax)
  }

  /// Builds a table without files, for the time until they have been listed.
  func buildPending() throws -> FileTable {
    try table { (options) throws(AssetError) in try FileTable(pending: mounts, options: options) }
  }

  /// The plan with the redirects of the file as it is now.
  ///
  /// Only a reload reads them: a table that is built for another reason, such as new codings, must
  /// not serve what an editor has written half.
  func readingRedirects() throws -> TablePlan {
    var plan = self
    plan.options.redirects = try policy.routes.redirects()
    return plan
  }

  private func table(
    _ make: (FileTable.Options) throws(AssetError) -> FileTable
  ) throws -> FileTable {
    do throws(AssetError) {
      return try make(options)
    } catch {
      throw failure(for: error)
    }
  }

  /// Throws if one of the directories does not exist, before an app is started.
  func checkDirectories() throws {
    for mount in mounts where Self.kind(mount.directory) != S_IFDIR {
      guard let option = directoryOrigins[mount.directory] else { continue }
      throw CommandFailure(.usage, Self.missingDirectory(mount.directory, option))
    }
  }

  /// Throws everything that would prevent a start, except for the content of a collected root.
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
      // Without the root's files, a redirect to one of them might look like a loop.
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
    switch error.subject {
    case .fields: return CommandFailure(.usage, "\(policy.place(of: .header)): \(error)")
    case .errorPage: return CommandFailure(.usage, "\(policy.place(of: .errorPage)): \(error)")
    case .redirects(let mistakes):
      let file = policy.routes.redirectsFile ?? ""
      return CommandFailure(.usage, lines: mistakes.map { "\(file):\($0)" })
    case nil: break
    }
    if let cause = error.cause, [ENOENT, ENOTDIR, EISDIR].contains(cause.code) {
      // EISDIR is possible for pages only.
      if cause.code != EISDIR, let option = directoryOrigins[cause.path] {
        return CommandFailure(.usage, Self.missingDirectory(cause.path, option))
      }
      if let option = pageOrigins[cause.path] {
        return CommandFailure(.usage, Self.missingPage(cause.path, option))
      }
    }
    return CommandFailure(.system, error.description)
  }

  /// The file type of `path`, symbolic links followed; nil if nothing is there. stat(2)
  static func kind(_ path: String) -> mode_t? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }
}
