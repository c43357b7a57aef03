internal import CLinux
internal import Glibc
internal import StaticAssets
internal import Synchronization

/// Collects static files as Django's `collectstatic` with `ManifestStaticFilesStorage` does, and
/// compresses them as WhiteNoise does.
///
/// It is a value without state: any number of runs may be active at the same time, in any process;
/// runs into the same root wait for each other. It prints nothing and does not change the state of
/// the process.
public struct Collector: Sendable {
  let options: CollectOptions

  /// A collector for these options.
  public init(_ options: CollectOptions) {
    self.options = options
  }

  /// Collects the files, and publishes the release if there are no errors.
  ///
  /// Files are read, written and compressed with blocking calls, by ``CollectOptions/jobs`` tasks,
  /// so do not run it on an executor that handles requests.
  ///
  /// - Parameters:
  ///   - progress: receives the progress; made for one run.
  ///   - onWait: called at most once, when the run must wait for another one into the same root,
  ///     with the process and machine of that run.
  /// - Returns: what was published; its problems are warnings.
  /// - Throws: if nothing was published: `usage` for invalid options, `problems` for all errors in
  ///   the input, `unreachable` for an earlier release that cannot be read, `system` if a system
  ///   call failed, `cancelled` if the calling task was cancelled. If a system call failed later,
  ///   `interrupted` or `unflushed`.
  public func run(
    progress: CollectProgress = CollectProgress(),
    onWait: @Sendable (String) -> Void = { _ in }
  ) async throws(CollectError) -> CollectReport {
    try checkReport()
    return try await Collector(options.checked()).runChecked(progress, onWait)
  }

  private func runChecked(
    _ progress: CollectProgress,
    _ onWait: @Sendable (String) -> Void
  ) async throws(CollectError) -> CollectReport {
    try checkRoot()
    let cache = try CollectCache(options)
    // The content of earlier releases is known only after reading them.
    let looksAtAll = options.namesEveryFile || !options.earlierReleases.isEmpty
    let last = looksAtAll ? cache.memoryAlone() : cache.lastRun()
    // The fingerprint of the root is computed while the sources are listed.
    async let tree = last?.sources.isEmpty == false ? rootFingerprint() : nil
    let listed = clinux_realtime_nanoseconds()
    let listing = try list()
    try checkLinks(listing)
    try reportPlace?.check(listing)
    let sources = cache.keepsRuns ? Fingerprint.of(listing, listed: listed) : nil
    var report: CollectReport
    // A lock file is of another run, or of one that could not remove it.
    if let last, let sources, sources == last.sources, let tree = await tree, !tree.isLocked,
      tree.digest == last.root
    {
      report = CollectReport(options, nothingChanged: last.counts)
    } else {
      let memory = last?.memory ?? cache.memoryOfOthers()
      let collected = try await collect(listing, memory, cache, progress, onWait)
      report = collected.report
      keep(collected, sources, listed: listed, cache)
      report.cacheFailure = cache.finish()
    }
    report.note(listing)
    return report
  }

  private func list() throws(CollectError) -> SourceListing {
    do throws(FileError) {
      return try SourceListing(options.sources, ignored: options.ignored)
    } catch {
      throw .system(error)
    }
  }

  /// The result of a run that had to read the files.
  private struct Collected {
    var files: [LoadedFile]
    var report: CollectReport
    /// The published files and the root's fingerprint; nil if the run is not recorded.
    var published: (files: [CollectedManifestText.File], tree: TreeFingerprint)?
  }

  private func collect(
    _ listing: SourceListing,
    _ memory: DigestCache,
    _ cache: CollectCache,
    _ progress: CollectProgress,
    _ onWait: @Sendable (String) -> Void
  ) async throws(CollectError) -> Collected {
    var problems = listing.problems
    progress.begin(.reading, count: listing.files.count)
    let files = await load(listing.files, memory, progress, &problems)
    var analysis = ReferenceAnalysis(
      files,
      staticURL: options.staticURL,
      options.rules,
      severities,
      unread: Set(problems.filter { $0.kind == .unreadable }.map { BytePath($0.file) })
    )
    if options.postProcesses { await analysis.run(jobs: options.jobCount) }
    problems += analysis.problems
    var plan = ReleasePlan(files, analysis, keepsOnlyHashed: options.keepsOnlyHashed)
    problems += plan.conflicts
    guard !problems.contains(where: { $0.severity == .error }) else { throw .problems(problems) }
    let carried = try await carried(by: plan)
    problems += carried.problems
    guard !problems.contains(where: { $0.severity == .error }) else { throw .problems(problems) }
    plan.carry(carried)
    var collected = Collected(files: files, report: CollectReport(options))
    do throws(CollectError) {
      if options.isDryRun {
        collected.report = try examine(plan)
      } else {
        let (outcome, tree) = try await publish(plan, carried, memory, cache, progress, onWait)
        collected.report = outcome.report
        collected.published = tree.map { (outcome.files, $0) }
      }
    } catch {
      guard case .problems(let others) = error else { throw error }
      throw .problems(problems + others)
    }
    collected.report.problems = problems + collected.report.problems
    return collected
  }

  private var severities: ReferenceSeverities {
    ReferenceSeverities(
      missing: options.missingReferences,
      missingSourceMaps: options.missingSourceMaps
    )
  }

  private func examine(_ plan: ReleasePlan) throws(CollectError) -> CollectReport {
    do {
      return try DryRun(plan, options).run()
    } catch let error as FileError {
      throw .system(error)
    } catch let error as CollectError {
      throw error
    } catch {
      preconditionFailure("nothing else is thrown: \(error)")
    }
  }

  private func load(
    _ sources: [SourceFile],
    _ memory: DigestCache,
    _ progress: CollectProgress,
    _ problems: inout [Problem]
  ) async -> [LoadedFile] {
    let options = options
    let matchers = options.hashedNames.map { $0.matcher() }
    let room = KeptBytes()
    let loaded = await concurrentMap(count: sources.count, jobs: options.jobCount) { index in
      let source = sources[index]
      let name = source.destination
      let isHashed = options.postProcesses && matchers.contains { $0(name) }
      let patterns =
        isHashed || !options.postProcesses
        ? []
        : ReferencePattern.patterns(
          forFileNamed: source.name.bytes,
          jsModules: options.rewritesModules
        )
      defer { progress.advance() }
      return Result { () throws(FileError) in
        try LoadedFile(source, patterns, isHashed: isHashed, memory) { room.take($0) }
      }
    }
    var files: [LoadedFile] = []
    files.reserveCapacity(loaded.count)
    for (source, result) in zip(sources, loaded) {
      switch result {
      case .success(let file): files.append(file)
      case .failure(let error):
        let text = "cannot \(error.operation) this: \(FileError.text(of: error.code))"
        problems.append(Problem(kind: .unreadable, of: source, text: text))
      }
    }
    return files
  }

  private func publish(
    _ plan: ReleasePlan,
    _ carried: CarriedFiles,
    _ memory: DigestCache,
    _ cache: CollectCache,
    _ progress: CollectProgress,
    _ onWait: @Sendable (String) -> Void
  ) async throws(CollectError) -> (ReleaseOutcome, TreeFingerprint?) {
    do {
      let publisher = try await waitForRoot(memory, onWait)
      let release = try ReleaseBuilder(
        publisher,
        plan,
        carried,
        options,
        cache.results,
        progress
      )
      defer { release.cleanUp() }
      do {
        let outcome = try await release.run()
        release.cleanUp()
        // Computed while the root is still locked. With a leftover staging directory or journal,
        // the run is not recorded, because the next one must clean up.
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
      // The only other error is the cancellation of the calling task.
      throw .cancelled
    }
  }

  private func rootFingerprint() async -> TreeFingerprint? {
    await TreeFingerprint.of(options.root, jobs: options.jobCount)
  }

  /// Records what was read and published, for the next run.
  private func keep(
    _ collected: Collected,
    _ sources: [UInt8]?,
    listed: Int64,
    _ cache: CollectCache
  ) {
    guard let (files, tree) = collected.published else { return }
    var record = BuildStamp()
    // Every run reports warnings, so the next one must find them again.
    record.sources = collected.report.problems.isEmpty ? sources ?? [] : []
    record.root = tree.digest
    record.counts = BuildStamp.Counts(after: collected.report)
    for file in collected.files {
      guard let status = file.source.status else { continue }
      record.memory.note(status, file.digests, noticed: listed)
    }
    let published = Dictionary(
      files.map { ($0.name, $0.digests) },
      uniquingKeysWith: { first, _ in first }
    )
    for (name, status) in tree.largeFiles {
      // Only the collector writes to the root, so a recent time does not make the digest uncertain.
      if let digests = published[name] { record.memory.note(status, digests, noticed: .max) }
    }
    cache.keep(record)
  }

  /// Locks the root, and waits while another run holds the lock.
  private func waitForRoot(
    _ memory: DigestCache,
    _ onWait: @Sendable (String) -> Void
  ) async throws -> Publisher {
    let directoryMode = options.directoryMode.map { Directory.Mode.exact($0) } ?? .usual
    try Directory.make(options.root, mode: directoryMode)
    var isWaiting = false
    var pause = Duration.milliseconds(50)
    var watch = LockWatch()
    while true {
      switch try RootLock.attempt(options.root, &watch) {
      case .taken(let lock):
        return try Publisher(
          root: options.root,
          lock,
          modes: (options.exactFileMode, directoryMode),
          memory: memory,
          isFlushed: options.isFlushed
        )
      case .held(let holder):
        if !isWaiting { onWait(holder) }
        isWaiting = true
      case .obstructed:
        throw CollectError.problems(.obstacles([RootLock.fileName], in: options.root))
      }
      // A blocking flock(2) would occupy a thread, which the other run may need if it is in this
      // process.
      let microseconds = UInt32(pause / .microseconds(1))
      await BlockingThread.run { _ = usleep(microseconds) }
      try Task.checkCancellation()
      pause = min(pause * 1.5, .seconds(1))
    }
  }
}

/// Limits the bytes of small files that are kept from reading to writing.
private final class KeptBytes: Sendable {
  private static let byteCountMax = 64 << 20
  private let taken = Atomic<Int>(0)

  /// Whether there is room for `count` more bytes.
  func take(_ count: Int) -> Bool {
    taken.add(count, ordering: .relaxed).newValue <= Self.byteCountMax
  }
}
