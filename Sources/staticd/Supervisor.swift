internal import CLinux
internal import Glibc
internal import StaticServer

/// Runs the app behind a server from its start to its end, and is process 1 for it if need be.
///
/// Stopping goes from the outside in: no new connections, requests in flight finished, then the app
/// is told, then what is left of it is killed.
final class Supervisor {
  /// The signals that go on to the app as they come.
  private static let relayed = [SIGHUP, SIGUSR1, SIGUSR2, SIGTTIN, SIGTTOU, SIGWINCH]
  /// The signals that ask for the end of everything.
  private static let stopping = [SIGTERM, SIGINT, SIGQUIT]

  /// What is going on; times are milliseconds of the monotonic clock.
  private enum Phase {
    /// The app runs.
    case serving
    /// The app has failed and is started again then.
    case waiting(until: Int64)
    /// A stop was asked for; requests in flight are finished.
    case draining(Stop)
    /// The app was told to end, and is killed then.
    case ending(killTime: Int64)
    /// The app has ended; the rest of its group is ended, and killed then.
    case clearing(killTime: Int64, restartsAfter: Int64?)
  }

  private struct Stop {
    let signal: Int32
    /// Whether the app has got it from the terminal.
    let isTold: Bool
    let deadline: Int64
  }

  private let site: ServingSite
  private let command: AppCommand
  private let signals: ProcessSignals
  private let descriptorLimit: Int
  private let graceMilliseconds: Int64
  private var restarts: RestartDelay?

  private var app: AppProcess
  private var phase = Phase.serving
  private var isReady = false
  private var hasComplained = false
  private var mayHaveSuccessor = false
  private var exitStatus: Int32 = 0
  private var now = clinux_monotonic_milliseconds()

  /// Blocks the signals that `run` takes, before any thread is started.
  static func blockSignals() throws -> ProcessSignals {
    // Whoever has started us may ignore it, and then nobody would be told how a child has ended.
    signal(SIGCHLD, SIG_DFL)
    return try ProcessSignals.block(relayed + stopping + [SIGCHLD])
  }

  /// Starts the app.
  ///
  /// - Parameters:
  ///   - signals: of `blockSignals`.
  ///   - descriptorLimit: how many descriptors the app may have.
  ///   - graceMilliseconds: what requests in flight and the app have for their end, together.
  init(
    _ site: ServingSite,
    _ command: AppCommand,
    signals: consuming ProcessSignals,
    descriptorLimit: Int,
    graceMilliseconds: Int64,
    restartsOnFailure: Bool
  ) throws {
    self.site = site
    self.command = command
    self.signals = signals
    self.descriptorLimit = descriptorLimit
    self.graceMilliseconds = graceMilliseconds
    restarts = restartsOnFailure ? RestartDelay() : nil
    _ = clinux_adopt_orphans()
    app = try Self.start(command, descriptorLimit)
  }

  /// Supervises until the end; returns the app's exit status.
  func run() -> Int32 {
    while true {
      if signals.pause(milliseconds: waitMilliseconds, or: site.watchDescriptor) { site.reload() }
      now = clinux_monotonic_milliseconds()
      while let signal = signals.take() { handle(signal) }
      reap()
      if step() {
        site.stop()
        return exitStatus
      }
      if case .serving = phase {
        site.followReleases()
        if !isReady { probe() }
      }
    }
  }

  private static func start(_ command: AppCommand, _ descriptorLimit: Int) throws -> AppProcess {
    try AppProcess(
      command.arguments,
      command.environment(Environment.all),
      descriptorLimit: descriptorLimit
    )
  }

  /// Nothing but signals is waited for when all is well; else what changes is looked at again soon.
  private var waitMilliseconds: Int {
    if case .serving = phase { return isReady || hasComplained ? 1000 : 25 }
    return 25
  }

  private func handle(_ signal: ProcessSignals.Signal) {
    // A key of the terminal has signalled the app already, if it is in our group.
    let isTold = signal.isFromTerminal && app.group == nil
    if Self.stopping.contains(signal.number) {
      beginStopping(signal.number, isTold: isTold)
    } else if Self.relayed.contains(signal.number) {
      if signal.number == SIGHUP { site.reloadAll() }
      if signal.number == SIGUSR2 { mayHaveSuccessor = true }
      if hasApp, !isTold { app.send(signal.number) }
    }
  }

  /// Whether there is a process to signal.
  private var hasApp: Bool {
    switch phase {
    case .serving, .draining, .ending: true
    case .waiting, .clearing: false
    }
  }

  private func beginStopping(_ signal: Int32, isTold: Bool) {
    site.server.beginStopping()
    let deadline = now + graceMilliseconds
    switch phase {
    case .serving:
      phase = .draining(Stop(signal: signal, isTold: isTold, deadline: deadline))
    case .draining(let stop):
      // Asked twice: the app need not wait for the requests.
      if !isTold { app.send(signal) }
      phase = .ending(killTime: stop.deadline)
    case .ending: if !isTold { app.send(signal) }
    case .waiting: phase = .clearing(killTime: deadline, restartsAfter: nil)
    case .clearing(let killTime, _): phase = .clearing(killTime: killTime, restartsAfter: nil)
    }
  }

  /// Takes every child that has ended: the app, and what it left behind to process 1.
  private func reap() {
    while true {
      var status: Int32 = 0
      let number = unsafe clinux_reap(&status)
      guard number > 0 else { return }
      if hasApp, number == Int(app.number) { appEnded(status) }
    }
  }

  private func appEnded(_ status: Int32) {
    if mayHaveSuccessor, app.takeSuccessor() {
      mayHaveSuccessor = false
      return
    }
    exitStatus = clinux_exit_status(status)
    let killTime: Int64
    var restartsAfter: Int64?
    switch phase {
    case .draining(let stop): killTime = stop.deadline
    case .ending(let time): killTime = time
    case .serving, .waiting, .clearing:
      killTime = now + graceMilliseconds
      if exitStatus != 0 { restartsAfter = restarts?.delay(after: now - app.startTime) }
      tellEnd(restartsAfter)
      if restartsAfter == nil { site.server.beginStopping() }
    }
    _ = app.sendToGroup(SIGTERM)
    phase = .clearing(killTime: killTime, restartsAfter: restartsAfter)
  }

  private func tellEnd(_ restartsAfter: Int64?) {
    let cause = exitStatus > 128 ? "by signal \(exitStatus - 128)" : "with status \(exitStatus)"
    let next = restartsAfter.map { "; it is started again in \($0 / 1000) s" } ?? ""
    Console.diagnose("the app has ended \(cause)\(next)")
  }

  /// Does what is due; returns whether all is over.
  private func step() -> Bool {
    switch phase {
    case .serving: return false
    case .waiting(let time):
      if now >= time { startAgain() }
    case .draining(let stop):
      guard site.server.hasStopped || now >= stop.deadline else { return false }
      if !stop.isTold { app.send(stop.signal) }
      // However long the requests took, the app has a second for its own affairs.
      phase = .ending(killTime: max(stop.deadline, now + 1000))
    case .ending(let killTime):
      guard now >= killTime else { return false }
      app.send(SIGKILL)
      _ = app.sendToGroup(SIGKILL)
    case .clearing(let killTime, let restartsAfter):
      if app.hasGroup {
        if now >= killTime { _ = app.sendToGroup(SIGKILL) }
        return false
      }
      guard let restartsAfter else { return site.server.hasStopped || now >= killTime }
      phase = .waiting(until: now + restartsAfter)
    }
    return false
  }

  /// Starts an app that has failed; where that fails too, as it may in the middle of a deploy, later.
  private func startAgain() {
    do {
      app = try Self.start(command, descriptorLimit)
      isReady = false
      hasComplained = false
      mayHaveSuccessor = false
      phase = .serving
    } catch {
      (error as? CommandFailure)?.report()
      phase = .waiting(until: now + (restarts?.delay(after: 0) ?? 0))
    }
  }

  /// Looks whether the app accepts connections, and says so; or that it does not, after a while.
  private func probe() {
    let seconds = (now - app.startTime) / 1000
    if command.address.isAccepting {
      isReady = true
      Console.print("The app listens at \(command.address)")
    } else if seconds >= 10, !hasComplained {
      hasComplained = true
      Console.diagnose(
        "the app does not listen at \(command.address) after \(seconds) s; if it listens elsewhere, "
          + "say where with --upstream"
      )
    }
  }
}
