public import StaticAssets

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
  /// The calling task was cancelled.
  case cancelled
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
  /// - Parameters:
  ///   - progress: where to tell how far it is; made for one run.
  ///   - onWait: called when another run into the same root has to be waited for.
  public func run(
    progress: CollectProgress = CollectProgress(),
    onWait: @Sendable () -> Void = {}
  ) async throws(CollectError) -> CollectReport {
    try checkRoot()
    let listing = try list()
    var problems = listing.problems
    progress.begin(.reading, count: listing.files.count)
    let files = load(listing.files, progress, &problems)
    var analysis = ReferenceAnalysis(files, staticURL: options.staticURL, severities)
    if options.postProcesses { analysis.run() }
    problems += analysis.problems
    let plan = ReleasePlan(files, analysis, keepsOnlyHashed: options.keepsOnlyHashed)
    problems += plan.conflicts
    guard !problems.contains(where: { $0.severity == .error }) else { throw .problems(problems) }
    do throws(CollectError) {
      var report =
        options.isDryRun ? try examine(plan) : try await publish(plan, progress, onWait)
      report.note(listing)
      report.problems = problems
      return report
    } catch {
      guard case .problems(let others) = error else { throw error }
      throw .problems(problems + others)
    }
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

  /// A root inside a source would be collected into itself.
  private func checkRoot() throws(CollectError) {
    let root = options.root.resolvedAsFarAsItExists
    for source in options.sources {
      switch source {
      case .directory(let directory): try check(root, directory.path)
      case .files(let files):
        if let file = files.first(where: { $0.path.isInside(root) }) {
          throw .usage("--root '\(options.root)' has a source in it, '\(file.path)'")
        }
      }
    }
  }

  private func check(_ root: FilePath, _ source: FilePath) throws(CollectError) {
    guard let resolved = source.resolved, let status = try? FileStatus.of(source),
      status.isDirectory
    else { throw .usage("source '\(source)' is no directory") }
    if root.isInside(resolved) {
      throw .usage("--root '\(options.root)' lies inside the source '\(source)'")
    }
  }

  private func list() throws(CollectError) -> SourceListing {
    do throws(FileError) {
      return try SourceListing(options.sources, ignored: options.ignored)
    } catch {
      throw .system(error)
    }
  }

  private func load(
    _ sources: [SourceFile],
    _ progress: CollectProgress,
    _ problems: inout [Problem]
  ) -> [LoadedFile] {
    let isHashed = options.hashedNames.map { $0.matcher() }
    var files: [LoadedFile] = []
    for source in sources {
      progress.advance()
      let name = source.destination
      let keepsName = options.postProcesses && isHashed.contains { $0(name) }
      let patterns =
        keepsName || !options.postProcesses
        ? []
        : ReferencePattern.patterns(
          forFileNamed: source.name.bytes,
          jsModules: options.rewritesModules
        )
      do throws(FileError) {
        files.append(try LoadedFile(source, patterns, isHashed: keepsName))
      } catch {
        problems.append(
          Problem(
            kind: .unreadable,
            file: source.path.description,
            line: nil,
            text: "cannot \(error.operation) this: \(FileError.text(of: error.code))"
          )
        )
      }
    }
    return files
  }

  private func publish(
    _ plan: ReleasePlan,
    _ progress: CollectProgress,
    _ onWait: @Sendable () -> Void
  ) async throws(CollectError) -> CollectReport {
    do {
      let release = try await waitForRoot(plan, progress, onWait)
      defer { release.cleanUp() }
      do {
        return try await release.run()
      } catch let error as FileError where release.hasBegun {
        throw CollectError.interrupted(error)
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

  /// Takes the root, as soon as no other run has it.
  private func waitForRoot(
    _ plan: ReleasePlan,
    _ progress: CollectProgress,
    _ onWait: @Sendable () -> Void
  ) async throws -> ReleaseBuilder {
    var isWaiting = false
    while true {
      let modes = (options.fileMode, options.directoryMode)
      if let publisher = try Publisher(root: options.root, modes: modes) {
        return ReleaseBuilder(publisher, plan, options, progress)
      }
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
