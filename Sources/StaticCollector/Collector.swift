internal import CLinux
internal import Glibc
internal import StaticAssets
internal import Synchronization

/// Collects static files as Django's `collectstatic` with `ManifestStaticFilesStorage` does, and
/// compresses them as WhiteNoise does.
///
/// A value without state: any number of runs may go on at the same time, in any process; those into
/// the same root wait for each other. Nothing is printed, and nothing of the process is changed.
public struct Collector: Sendable {
  let options: CollectOptions

  /// A collector for these options.
  public init(_ options: CollectOptions) {
    self.options = options
  }

  /// Collects, and publishes the release unless there is a problem.
  ///
  /// Files are read, written and compressed by blocking calls, by as many tasks as
  /// ``CollectOptions/jobs`` says: leave an executor that answers requests to these.
  ///
  /// - Parameters:
  ///   - progress: where to tell how far it is; made for one run.
  ///   - onWait: called, at most once, when another run into the same root has to be waited for, with
  ///     what is known of it: process and machine.
  /// - Returns: what was published; its problems are warnings.
  /// - Throws: why nothing was published: `usage` for options that make no sense, `problems` of the
  ///   input, all of them, `system` when the system failed, `cancelled` when the calling task was;
  ///   `interrupted` and `unflushed` when it failed later than that.
  public func run(
    progress: CollectProgress = CollectProgress(),
    onWait: @Sendable (String) -> Void = { _ in }
  ) async throws(CollectError) -> CollectReport {
    try await Collector(options.checked()).runChecked(progress, onWait)
  }

  private func runChecked(
    _ progress: CollectProgress,
    _ onWait: @Sendable (String) -> Void
  ) async throws(CollectError) -> CollectReport {
    try checkRoot()
    let cache = try CollectCache(options)
    // What earlier releases have, only they can tell.
    let looksAtAll = options.namesEveryFile || !options.earlierReleases.isEmpty
    let last = looksAtAll ? cache.memoryAlone() : cache.lastRun()
    // The root as it is, looked at while the sources are listed.
    async let tree = last?.sources.isEmpty == false ? rootFingerprint() : nil
    let listed = clinux_realtime_nanoseconds()
    let listing = try list()
    try checkLinks(listing)
    let sources = cache.keepsRuns ? Fingerprint.of(listing, listed: listed) : nil
    var report: CollectReport
    if let last, let sources, sources == last.sources, await tree?.digest == last.root {
      report = CollectReport(options, nothingChanged: last.counts)
    } else {
      let memory = last?.memory ?? DigestCache()
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

  /// What a run that had to look at every file did.
  private struct Collected {
    var files: [LoadedFile]
    var report: CollectReport
    /// What was published, and the root then; nil when nobody wants to know.
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
    await TreeFingerprint.of(options.root, jobs: options.jobCount)
  }

  /// Writes down what was read and published, for the next run.
  private func keep(
    _ collected: Collected,
    _ sources: [UInt8]?,
    listed: Int64,
    _ cache: CollectCache
  ) {
    guard let (files, tree) = collected.published else { return }
    var record = BuildStamp()
    // Warnings are told by every run, so the next one has to look for them again.
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
      // Nobody but the collector writes to the root: no need to wait whether somebody does.
      if let digests = published[name] { record.memory.note(status, digests, noticed: .max) }
    }
    cache.keep(record)
  }

  /// Takes the root, as soon as no other run has it.
  private func waitForRoot(
    _ memory: DigestCache,
    _ onWait: @Sendable (String) -> Void
  ) async throws -> Publisher {
    let directoryMode = options.directoryMode.map { Directory.Mode.exact($0) } ?? .usual
    try Directory.make(options.root, mode: directoryMode)
    var isWaiting = false
    var pause = Duration.milliseconds(50)
    while true {
      switch try RootLock.attempt(options.root) {
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
      }
      // Not flock(2), which would keep a thread from the run that is waited for, if that is in
      // this process.
      let microseconds = UInt32(pause / .microseconds(1))
      await BlockingThread.run { _ = usleep(microseconds) }
      try Task.checkCancellation()
      pause = min(pause * 1.5, .seconds(1))
    }
  }
}

/// How many bytes of small files are kept from reading to writing.
private final class KeptBytes: Sendable {
  private static let byteCountMax = 64 << 20
  private let taken = Atomic<Int>(0)

  /// Whether there is room for so many more.
  func take(_ count: Int) -> Bool {
    taken.add(count, ordering: .relaxed).newValue <= Self.byteCountMax
  }
}
