internal import CLinux
public import StaticAssets

/// What to collect, and how.
public struct CollectOptions: Sendable {
  /// STATICFILES_DIRS in their order: of two files with one destination the first is collected.
  public var sources: [SourceDirectory]
  /// STATIC_ROOT; made if it does not exist.
  public var root: FilePath
  /// STATIC_URL, with a slash at its end: references that begin with it are rewritten.
  public var staticURL: String
  /// Names that are not collected.
  public var ignored = IgnorePatterns(IgnorePatterns.defaults)
  /// Whether `import` and `export` in scripts are rewritten:
  /// `support_js_module_import_aggregation`.
  public var rewritesModules = false
  /// The codings to compress to.
  public var codings: [ContentCoding] = [.brotli, .gzip]
  /// How many files are compressed at a time, at least 1.
  public var jobs: Int
  /// Where results of earlier runs are kept; nil for nowhere.
  public var cache: CacheOptions?
  /// How many releases are kept in the root, the current one among them; at least 1.
  ///
  /// The hashed files of a release go when this many releases have followed it.
  public var keptReleaseCount = 3
  /// The mode of every file, whatever the umask: FILE_UPLOAD_PERMISSIONS.
  public var fileMode: UInt32 = 0o644

  /// What Django does by default, and WhiteNoise's compression.
  public init(
    sources: [SourceDirectory],
    root: FilePath,
    staticURL: String = "/static/",
    jobs: Int
  ) {
    precondition(jobs > 0 && staticURL.hasSuffix("/"))
    self.sources = sources
    self.root = root
    self.staticURL = staticURL
    self.jobs = jobs
  }
}

/// Why nothing was published.
public enum CollectError: Error, Sendable {
  /// What was asked for makes no sense; one line.
  case usage(String)
  /// The input has these problems.
  case problems([Problem])
  /// The system failed.
  case system(FileError)
  /// The system failed while files of the release before were being replaced. Its manifest is still
  /// the current one; collecting again mends the rest.
  case interrupted(FileError)
  /// The new release is the current one, but the system could not tell that it is on the disk;
  /// collecting again tries once more.
  case unflushed(FileError)
  /// The calling task was cancelled.
  case cancelled
}

/// What was published.
public struct CollectReport: Sendable {
  /// The number of files written to their own names.
  public internal(set) var copiedCount = 0
  /// The number of files whose copy in the root was up to date.
  public internal(set) var unmodifiedCount = 0
  /// The number of files published under a hashed name.
  public internal(set) var postProcessedCount = 0
  /// The destinations of files hidden by one in an earlier source.
  public internal(set) var skipped: [String] = []
  /// The names in the root of files of older releases that were removed.
  public internal(set) var pruned: [String] = []
  /// Why results could not be kept in the cache; the release does not need them.
  public internal(set) var cacheFailure: FileError?
  /// The number of stored codings, and their bytes, by coding.
  public internal(set) var codings: [ContentCoding: (fileCount: Int, byteCount: Int)] = [:]
}

/// Collects static files as Django's `collectstatic` with `ManifestStaticFilesStorage` does, and
/// compresses them as WhiteNoise does.
public struct Collector: Sendable {
  private let options: CollectOptions

  /// A collector for these options.
  public init(_ options: CollectOptions) {
    self.options = options
  }

  /// Collects, and publishes the release unless there is a problem.
  ///
  /// - Parameter onWait: called when another run into the same root has to be waited for.
  public func run(onWait: @Sendable () -> Void = {}) async throws(CollectError) -> CollectReport {
    try checkRoot()
    let cache = try CollectCache(options)
    let last = cache.lastRun()
    // The root as it is, looked at while the sources are listed.
    async let tree = last?.sources.isEmpty == false ? rootFingerprint() : nil
    let listed = clinux_realtime_nanoseconds()
    let listing = try list()
    let sources = cache.keepsRuns ? Fingerprint.of(listing, listed: listed) : nil
    var report: CollectReport
    if let last, let sources, sources == last.sources, await tree?.digest == last.root {
      report = last.report
    } else {
      let memory = last?.memory ?? DigestMemory()
      let collected = try await collect(listing, memory, cache, onWait)
      report = collected.outcome.report
      keep(collected, sources, listed: listed, cache)
      report.cacheFailure = cache.finish()
    }
    report.skipped = listing.skipped.map(\.destination.description)
    return report
  }

  /// A root inside a source would be collected into itself.
  private func checkRoot() throws(CollectError) {
    let root = options.root.resolvedAsFarAsItExists
    for source in options.sources {
      guard let resolved = source.path.resolved,
        let status = try? FileStatus.of(source.path), status.isDirectory
      else { throw .usage("source '\(source.path)' is no directory") }
      if root.isInside(resolved) {
        throw .usage("--root '\(options.root)' lies inside the source '\(source.path)'")
      }
    }
  }

  private func list() throws(CollectError) -> SourceListing {
    do throws(FileError) {
      return try SourceListing(options.sources, ignored: options.ignored)
    } catch {
      throw .system(error)
    }
  }

  /// What a run that had to look at every file did.
  private struct Collected {
    var files: [LoadedFile]
    var outcome: ReleaseOutcome
    /// The root as it was published; nil when nobody wants to know.
    var tree: TreeFingerprint?
  }

  private func collect(
    _ listing: SourceListing,
    _ memory: DigestMemory,
    _ cache: CollectCache,
    _ onWait: @Sendable () -> Void
  ) async throws(CollectError) -> Collected {
    var problems = listing.problems
    let files = await load(listing.files, memory, &problems)
    var analysis = ReferenceAnalysis(files, staticURL: options.staticURL)
    await analysis.run(jobs: options.jobs)
    problems += analysis.problems
    let plan = ReleasePlan(files, analysis)
    problems += plan.conflicts
    guard problems.isEmpty else { throw .problems(problems) }
    let (outcome, tree) = try await publish(plan, memory, cache, onWait)
    return Collected(files: files, outcome: outcome, tree: tree)
  }

  private func load(
    _ sources: [SourceFile],
    _ memory: DigestMemory,
    _ problems: inout [Problem]
  ) async -> [LoadedFile] {
    let jsModules = options.rewritesModules
    let loaded = await parallelMap(count: sources.count, jobs: options.jobs) { index in
      Result { () throws(FileError) in
        try LoadedFile(sources[index], jsModules: jsModules, memory)
      }
    }
    var files: [LoadedFile] = []
    files.reserveCapacity(loaded.count)
    for (source, result) in zip(sources, loaded) {
      switch result {
      case .success(let file): files.append(file)
      case .failure(let error):
        let text = "cannot \(error.operation) this: \(FileError.text(of: error.code))"
        let path = source.path.description
        problems.append(Problem(kind: .unreadable, file: path, line: nil, text: text))
      }
    }
    return files
  }

  private func publish(
    _ plan: ReleasePlan,
    _ memory: DigestMemory,
    _ cache: CollectCache,
    _ onWait: @Sendable () -> Void
  ) async throws(CollectError) -> (ReleaseOutcome, TreeFingerprint?) {
    do {
      let publisher = try await waitForRoot(memory, onWait)
      let release = try ReleaseBuilder(publisher, plan, options, cache.results)
      defer { release.cleanUp() }
      do {
        let outcome = try await release.run()
        release.cleanUp()
        // While the root is still ours. What is left to do is no state to stay in.
        let isFinal = cache.keepsRuns && release.isTidy
        return (outcome, isFinal ? await rootFingerprint() : nil)
      } catch let error as FileError {
        switch release.phase {
        case .staging: throw error
        case .replacing: throw CollectError.interrupted(error)
        case .published: throw CollectError.unflushed(error)
        }
      }
    } catch let error as FileError {
      throw .system(error)
    } catch let error as CollectError {
      throw error
    } catch {
      // What is left is that the calling task was cancelled.
      throw .cancelled
    }
  }

  private func rootFingerprint() async -> TreeFingerprint? {
    await TreeFingerprint.of(options.root, jobs: options.jobs)
  }

  /// Writes down what was read and published, for the next run.
  private func keep(
    _ collected: Collected,
    _ sources: [UInt8]?,
    listed: Int64,
    _ cache: CollectCache
  ) {
    guard let tree = collected.tree else { return }
    var record = RunRecord()
    record.sources = sources ?? []
    record.root = tree.digest
    record.report = collected.outcome.report
    for file in collected.files {
      guard let status = file.source.status else { continue }
      record.memory.note(status, file.digests, noticed: listed)
    }
    let published = Dictionary(
      collected.outcome.files.map { ($0.name, $0.digests) },
      uniquingKeysWith: { first, _ in first }
    )
    for (name, status) in tree.largeFiles {
      // Nobody but the collector writes to the root: no need to wait whether somebody does.
      if let digests = published[name] { record.memory.note(status, digests, noticed: .max) }
    }
    cache.keep(record)
  }

  /// Takes the root, as soon as no other run has it.
  private func waitForRoot(
    _ memory: DigestMemory,
    _ onWait: @Sendable () -> Void
  ) async throws -> Publisher {
    var isWaiting = false
    while true {
      let publisher = try Publisher(
        root: options.root,
        fileMode: options.fileMode,
        memory: memory
      )
      if let publisher { return publisher }
      if !isWaiting { onWait() }
      isWaiting = true
      // Not flock(2), which would keep a thread from the run that is waited for, if that is in
      // this process.
      try await Task.sleep(for: .milliseconds(50))
    }
  }
}

extension FilePath {
  /// The path with the links of its existing part resolved.
  var resolvedAsFarAsItExists: FilePath {
    if let resolved { return resolved }
    guard !isEmpty else { return FilePath(".").resolved ?? self }
    let parent = parent
    if parent.isEmpty {
      let start = FilePath(bytes.first == UInt8(ascii: "/") ? "/" : ".")
      return (start.resolved ?? start).appending(lastComponent)
    }
    // The depth is that of a path on the command line.
    return parent.resolvedAsFarAsItExists.appending(lastComponent)
  }
}
