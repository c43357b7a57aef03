internal import CLinux
internal import Glibc
internal import StaticCollector
internal import StaticServer

/// Runs the app behind a server from its start to its end, as process 1 if need be.
///
/// `SupervisionState` decides; this class watches the signals, the processes and the clock for it,
/// and performs its actions.
final class Supervisor {
  /// The signals that are relayed to the app.
  private static let relayed = [SIGHUP, SIGUSR1, SIGUSR2, SIGTTIN, SIGTTOU, SIGWINCH]
  /// The signals that stop server and app.
  private static let stopping = [SIGTERM, SIGINT, SIGQUIT]

  private let site: ServingSite
  private let command: AppCommand
  private let signals: ProcessSignals
  private let descriptorLimit: Int
  private let privateSocket: PrivateDirectory?
  private let manager: ServiceManager
  /// How many requests the app handles at a time; nil for a fixed limit.
  private var concurrency: UpstreamConcurrency?

  private var app: AppProcess
  private var state: SupervisionState
  private var probe = AppProbe()
  private var wasUpgraded = false
  private var isAskedToStop = false
  /// The processes that were sent the stop signal.
  private var told: Set<Int32> = []
  /// The exit status, once everything has ended.
  private var finalStatus: Int32?
  /// The exit status of a start that has failed.
  private var failedStatus: Int32?
  private var now = clinux_monotonic_milliseconds()

  /// Blocks the signals that `run` takes; before any thread is started.
  static func blockSignals() throws -> ProcessSignals {
    try ProcessSignals.block(relayed + stopping + [SIGCHLD])
  }

  /// Supervises an app that `start` has started.
  ///
  /// - Parameters:
  ///   - app: the app's process.
  ///   - signals: the result of `blockSignals`.
  ///   - manager: is notified of the start, of reloads and of the end.
  ///   - descriptorLimit: the app's maximum number of file descriptors.
  ///   - privateSocket: the directory of the app's socket, if the app listens there.
  ///   - concurrency: how many requests the app handles at a time, adjusted when signals change it;
  ///     nil for a fixed limit.
  ///   - graceMilliseconds: the time that requests in flight and the app have to finish, together.
  init(
    _ site: ServingSite,
    _ app: AppProcess,
    _ command: AppCommand,
    signals: consuming ProcessSignals,
    manager: ServiceManager,
    descriptorLimit: Int,
    privateSocket: PrivateDirectory?,
    concurrency: UpstreamConcurrency?,
    graceMilliseconds: Int64,
    restartsOnFailure: Bool
  ) {
    self.site = site
    self.command = command
    self.signals = signals
    self.manager = manager
    self.descriptorLimit = descriptorLimit
    self.privateSocket = privateSocket
    self.concurrency = concurrency
    site.server.askPulse()
    self.app = app
    state = SupervisionState(
      startTime: app.startTime,
      graceMilliseconds: graceMilliseconds,
      restartsOnFailure: restartsOnFailure
    )
  }

  /// Supervises until the end; returns the app's exit status.
  func run() -> Int32 {
    while true {
      site.tend(signals.pause(milliseconds: waitMilliseconds, or: site.descriptors))
      state.graceMilliseconds = Int64(site.options.grace) * 1000
      now = clinux_monotonic_milliseconds()
      while let signal = signals.take() { handle(signal) }
      reap()
      if let failure = site.startFailure { end(for: failure) }
      take(.tick(surroundings))
      if let finalStatus {
        site.stop()
        return failedStatus ?? finalStatus
      }
      if state.phase == .serving {
        site.followReleases()
        if !probe.isReady, site.isListed { look() }
      }
    }
  }

  /// Reports that the files cannot be served, and stops server and app.
  private func end(for failure: CommandFailure) {
    guard failedStatus == nil else { return }
    failedStatus = failure.status.rawValue
    failure.report()
    isAskedToStop = true
    if state.phase == .serving { take(.stop(signal: SIGTERM, isTold: false)) }
  }

  /// Starts the app.
  static func start(_ command: AppCommand, _ descriptorLimit: Int) throws -> AppProcess {
    _ = clinux_adopt_orphans()
    return try AppProcess(
      command.words(Array(RawArguments.words.suffix(command.givenCount))),
      command.environment(Environment.bytes),
      descriptorLimit: descriptorLimit
    )
  }

  /// While the app serves, only signals matter; otherwise changes are looked for often.
  private var waitMilliseconds: Int {
    state.phase == .serving && probe.isDone ? 1000 : 25
  }

  private var surroundings: SupervisionState.Surroundings {
    SupervisionState.Surroundings(
      hasFinishedRequests: site.server.hasFinishedRequests,
      hasServerStopped: site.server.hasStopped,
      hasGroup: app.hasGroup || endLeftBehind()
    )
  }

  /// Once the app has ended, ends the processes that it has left behind; returns whether there are
  /// any.
  ///
  /// The parent of a daemon exits at once, which looks like the end of the app.
  private func endLeftBehind() -> Bool {
    guard case .clearing = state.phase else { return false }
    let left = ProcessTable.now().leftBehind(own: getpid(), session: getsid(0))
    let new = left.filter { told.insert($0).inserted }
    // Else the app has ended because it was told to.
    if !new.isEmpty, !isAskedToStop {
      let what = new.count == 1 ? "a process" : "\(new.count) processes"
      Console.diagnose(
        "the app left \(what) running in the background, ended now; have the app stay in the foreground"
      )
    }
    for number in new { Glibc.kill(number, SIGTERM) }
    return !left.isEmpty
  }

  private func handle(_ signal: ProcessSignals.Signal) {
    // A key of the terminal has already signalled the app, if it is in our process group.
    let isTold = signal.isFromTerminal && app.group == nil
    if Self.stopping.contains(signal.number) {
      isAskedToStop = true
      take(.stop(signal: signal.number, isTold: isTold))
    } else if Self.relayed.contains(signal.number) {
      if signal.number == SIGHUP { site.reloadAll() }
      if signal.number == SIGUSR1 { site.reopenLogs() }
      guard state.relaysSignals, isTold || relay(signal.number) else { return }
      if signal.number == SIGUSR2 { wasUpgraded = true }
      followConcurrency(signal.number)
    }
  }

  /// Sends a signal to the app if that has a handler for it; returns whether it was sent.
  ///
  /// An app that is starting has none yet, and uvicorn has none for HUP: the signal would end it.
  private func relay(_ signal: Int32) -> Bool {
    // WINCH is ignored by default.
    if signal != SIGWINCH, SignalDisposition.now(of: app.number)?.survives(signal) == false {
      let name = ProcessSignals.name(signal)
      Console.notice("\(name) was not sent to the app, which has no handler for it")
      return false
    }
    app.send(signal)
    return true
  }

  private func followConcurrency(_ signal: Int32) {
    guard var concurrency else { return }
    switch signal {
    case SIGTTIN: concurrency.follow(.oneMore)
    case SIGTTOU: concurrency.follow(.oneLess)
    case SIGHUP: concurrency.follow(.reload)
    default: return
    }
    guard concurrency != self.concurrency else { return }
    self.concurrency = concurrency
    site.server.setUpstreamConcurrency(concurrency.limit)
  }

  private func take(_ event: SupervisionState.Event) {
    for action in state.take(event, now: now) { perform(action) }
  }

  private func perform(_ action: SupervisionState.Action) {
    switch action {
    case .stopServer:
      manager.tellStopping("Finishing requests")
      site.server.beginStopping()
    case .tell(let signal): tell(signal)
    case .tellSuccessor(let signal):
      if told.insert(app.number).inserted { app.send(signal) }
    case .terminateGroup: _ = app.sendToGroup(SIGTERM)
    case .kill:
      for number in masters where state.hasApp { Glibc.kill(number, SIGKILL) }
      _ = app.sendToGroup(SIGKILL)
      if !state.hasApp {
        for number in ProcessTable.now().leftBehind(own: getpid(), session: getsid(0)) {
          Glibc.kill(number, SIGKILL)
        }
      }
    case .reportEnd(let status, let restartsAfter): reportEnd(status, restartsAfter)
    case .start: startAgain()
    case .finish(let status): finalStatus = status
    }
  }

  /// Sends a stop signal to both masters of a gunicorn that is being upgraded.
  private func tell(_ signal: Int32) {
    let masters = masters
    told.formUnion(masters)
    for number in masters { Glibc.kill(number, signal) }
  }

  /// The app, and its successor if there is one.
  private var masters: [Int32] { [app.number] + (successor.map { [$0] } ?? []) }

  private var successor: Int32? {
    let old = app.number
    return ProcessTable.now().successor(of: old, own: getpid(), wasUpgraded: wasUpgraded) {
      ProcessTable.claims($0, placeOf: old)
    }
  }

  /// Reaps every child that has ended: the app, and adopted orphans.
  private func reap() {
    while true {
      var status: Int32 = 0
      let number = unsafe clinux_reap(&status)
      guard number > 0 else { return }
      if state.hasApp, number == Int(app.number) { appEnded(clinux_exit_status(status)) }
    }
  }

  private func appEnded(_ status: Int32) {
    let successor = successor
    if let successor {
      app.become(successor)
      wasUpgraded = false
    }
    take(.appEnded(status: status, hasSuccessor: successor != nil))
  }

  private func reportEnd(_ status: Int32, _ restartsAfter: Int64?) {
    let cause = status > 128 ? "by signal \(status - 128)" : "with status \(status)"
    let next = restartsAfter.map { "; it is started again in \($0 / 1000) s" } ?? ""
    // Workers may outlive their master. Requests must wait for the new app instead of reaching
    // them.
    privateSocket?.removeSocket()
    Console.diagnose("the app has ended \(cause)\(next)")
    manager.tell(status: "The app has ended \(cause)\(next)")
  }

  /// Restarts an app that has failed; later if that fails too, as it may during a deploy.
  private func startAgain() {
    do {
      app = try Self.start(command, descriptorLimit)
      probe = AppProbe()
      wasUpgraded = false
      followConcurrency(SIGHUP)
      take(.started)
    } catch {
      (error as? CommandFailure)?.report()
      take(.startFailed)
    }
  }

  /// Looks whether the app accepts connections, and reports it, or after a while what is wrong.
  private func look() {
    switch probe.look(at: app, command, hasPulse: site.server.hasPulse, now: now) {
    case .nothing: break
    case .ready:
      site.server.noteAppListens()
      Console.notice("The app listens at \(command.address)")
      site.tellReady()
    case .hint(let line): Console.diagnose(line)
    }
  }
}
