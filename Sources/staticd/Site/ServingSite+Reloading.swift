internal import StaticAssets
internal import StaticCollector
internal import StaticServer

/// Reloading: files alone, or files and configuration.
extension ServingSite {
  /// Does what SIGUSR1 asks for: the access log goes to the file that has its name now.
  func reopenLogs() {
    do {
      try started.logging.reopen(log)
    } catch {
      (error as? CommandFailure)?.report()
    }
  }

  /// Does what SIGHUP asks for: the log is opened again, and files and configuration are read again.
  ///
  /// When either is wrong, both stay as they are.
  /// Returns at once; `tend` finishes it.
  func reloadAll() {
    reopenLogs()
    guard reading == nil else {
      isAskedAgain = true
      return
    }
    manager.tellReloading()
    let inherited = started.inherited
    do {
      reading = try Reading(
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
    guard isAskedAgain else { return }
    isAskedAgain = false
    reloadAll()
  }

  /// Serves what was read; when changes cannot be followed, all stays as it was.
  private func apply(_ read: Reading.Prepared) throws {
    // A watch that is there already is one of other directories, maybe.
    let watch = try read.plan.watch()
    // A root that was emptied has a table, too.
    if loss.watches(read.plan) {
      let finding = loss.look(isReloading: true)
      if case .began(let reason) = finding { Console.diagnose(reason) }
      guard finding == .none || finding == .ended else {
        if let readyStatus { manager.tellReloaded(readyStatus) }
        return
      }
    }
    let before = options
    options = read.options
    plan = read.plan
    releases = read.releases
    loss = RootLoss(plan)
    self.watch = watch
    loader.show(read.table, read.plan, read.configuration)
    noteRelease(read.table)
    compression.compress(read.table.uncodedFiles)
    // The table was read without the codings that are there already.
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
    // What has changed since the table was built is not noticed by the new watch.
    if watch != nil { reload() }
    if let readyStatus { manager.tellReloaded(readyStatus) }
  }

  private func reportFailure(_ error: any Error) {
    let reason = Self.reason(error)
    Console.diagnose(
      "reload failed, files and configuration from before are kept: \(reason)"
    )
    if readyStatus != nil { manager.tellReloaded("Reload failed: \(reason)") }
  }

  private static func reason(_ error: any Error) -> String {
    let failure = (error as? FileError).map(TablePlan.watchFailure) ?? error as? CommandFailure
    return failure?.lines.joined(separator: "; ") ?? "\(error)"
  }

  /// Serves what is in the directories now; when that cannot be read, what was served before.
  func reload() {
    do {
      // Before the table: what changes while it is built is then noticed.
      try watch?.take()
      switch loss.look(isReloading: true) {
      case .none, .ended: break
      case .began(let reason):
        Console.diagnose(reason)
        return
      case .goesOn: return
      }
      let table = try plan.buildQuickly()
      loader.show(table, plan)
      noteRelease(table)
      loss.noteTable()
      compression.compress(table.uncodedFiles)
      TableWarnings.tell(table.warnings)
      // In development every change is one.
      guard !plan.isRefreshed else { return }
      Console.notice("Reloaded: \(plan.summary(of: table))")
    } catch {
      Console.diagnose("reload failed, the files from before are served on: \(Self.reason(error))")
    }
  }

  /// Serves the codings that were made since the last table.
  func addCodings() {
    compression.goOn()
    guard let codings = compression.take() else { return }
    plan.options.addedCodings = codings
    // What cannot be read now is said at the next reload.
    guard let table = try? plan.buildQuickly() else { return }
    loader.show(table, plan)
    compression.compress(table.uncodedFiles)
    Console.notice("Compressed: \(Count.of(codings.fileCount, "file")) without stored codings")
  }
}
