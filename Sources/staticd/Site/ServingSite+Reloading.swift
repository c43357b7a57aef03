internal import StaticAssets
internal import StaticCollector
internal import StaticServer

/// Reloading: files alone, or files and configuration.
extension ServingSite {
  /// Handles SIGUSR1: opens the access log again by its path.
  func reopenLogs() {
    do {
      try started.logging.reopen(log)
    } catch {
      (error as? CommandFailure)?.report()
    }
  }

  /// Handles SIGHUP: opens the log again, and reads files and configuration again.
  ///
  /// If either has mistakes, both stay as they are. Returns at once; `tend` finishes the reload.
  func reloadAll() {
    reopenLogs()
    guard reading == nil, listing == nil else {
      isAskedAgain = true
      return
    }
    manager.tellReloading()
    let inherited = started.inherited
    do {
      reading = try Reading.start(
        {
          var options = ServingOptions(try Invocation.readAgain())
          options.inherited = inherited
          return options
        },
        configure,
        upstreamPaths: upstreamPaths,
        asksPeers: asksPeers
      )
    } catch {
      reportFailure(error)
    }
  }

  func finishReading() {
    guard let result = reading?.take() else { return }
    reading = nil
    do {
      try apply(try result.get())
    } catch {
      reportFailure(error)
    }
    reloadIfAsked()
  }

  /// Reloads if that was requested while files were read.
  func reloadIfAsked() {
    guard isAskedAgain else { return }
    isAskedAgain = false
    reloadAll()
  }

  /// Serves what was read; nothing changes if the directories cannot be watched.
  private func apply(_ read: Reading) throws {
    // The existing watch may be of other directories.
    let watch = try read.plan.watch()
    // An emptied root yields a valid table, too.
    if loss.watches(read.plan) {
      let finding = loss.look(isReloading: true)
      if case .began(let reason) = finding { Console.diagnose(reason) }
      guard finding == .none || finding == .ended else {
        if let readyStatus { manager.tellReloaded(readyStatus) }
        return
      }
    }
    lastFailure = nil
    let before = options
    options = read.options
    plan = read.plan
    releases = read.releases
    loss = RootLoss(plan)
    follow(watch)
    loader.show(read.table, read.plan, read.configuration)
    noteRelease(read.table)
    compression.compress(read.table.uncodedFiles)
    // The table was built without the existing codings.
    compression.offerAgain()
    if let count = ReloadRules.concurrency(options.arguments),
      ReloadRules.concurrency(started.arguments) != nil,
      count != ReloadRules.concurrency(before.arguments)
    {
      server.setUpstreamConcurrency(count)
    }
    TableWarnings.tell(read.table.warnings)
    for line in ReloadRules.notices(started.arguments, options.arguments) { Console.diagnose(line) }
    Console.notice("Reloaded: \(plan.summary(of: read.table))")
    // The new watch misses what changed after the table was built.
    if watch != nil { reload() }
    if let readyStatus { manager.tellReloaded(readyStatus) }
  }

  private func reportFailure(_ error: any Error) {
    let reason = Self.reason(error)
    lastFailure = reason
    Console.diagnose(
      "reload failed, files and configuration from before are kept: \(reason)"
    )
    if readyStatus != nil { manager.tellReloaded("Reload failed: \(reason)") }
  }

  private static func reason(_ error: any Error) -> String {
    let failure = (error as? FileError).map(TablePlan.watchFailure) ?? error as? CommandFailure
    return failure?.lines.joined(separator: "; ") ?? "\(error)"
  }

  /// Serves the current files; keeps the previous table if they cannot be read.
  func reload() {
    do {
      // Before the table, so that changes during the build are noticed.
      try watch?.take()
      switch loss.look(isReloading: true) {
      case .none, .ended: break
      case .began(let reason):
        Console.diagnose(reason)
        return
      case .goesOn: return
      }
      let read = try plan.readingRedirects()
      let table = try read.buildQuickly()
      plan = read
      lastFailure = nil
      loader.show(table, plan)
      noteRelease(table)
      loss.noteTable()
      compression.compress(table.uncodedFiles)
      TableWarnings.tell(table.warnings)
      // In development, print no notice for every change.
      guard !plan.isRefreshed else { return }
      Console.notice("Reloaded: \(plan.summary(of: table))")
    } catch {
      // A changed file that made SIGHUP fail is noticed here again.
      let reason = Self.reason(error)
      guard reason != lastFailure else { return }
      lastFailure = reason
      Console.diagnose("reload failed, the files from before are served on: \(reason)")
    }
  }

  /// Serves the codings made since the last table.
  func addCodings() {
    compression.goOn()
    guard let codings = compression.take() else { return }
    plan.options.addedCodings = codings
    // The next reload reports the error.
    guard let table = try? plan.buildQuickly() else { return }
    loader.show(table, plan)
    compression.compress(table.uncodedFiles)
    Console.notice("Compressed: \(Count.of(codings.fileCount, "file")) without stored codings")
  }
}
