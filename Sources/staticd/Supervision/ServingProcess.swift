internal import Glibc
internal import StaticCollector
internal import StaticServer

/// Serves a site until a signal ends it: `staticd serve`, which supervises no app.
///
/// HUP reads files and configuration again, USR1 opens the log again, USR2 hands the sockets to a
/// new process, TERM, INT and QUIT finish the requests in flight.
final class ServingProcess {
  /// The phases of the process.
  private enum Phase {
    case starting, serving
    /// Another process serves, and this one finishes its requests.
    case leaving
  }

  private static let signals = [SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2]

  private let signals: ProcessSignals
  private let manager: ServiceManager
  private var inherited: InheritedSockets
  private let site: ServingSite
  private let watchdog: Watchdog?
  private var upgrade: Upgrade?
  private var phase = Phase.starting

  /// Starts to serve.
  init(_ options: ServingOptions) throws {
    let signals = try ProcessSignals.block(Self.signals)
    // Before the first thread, since the environment is changed.
    let manager = ServiceManager.take()
    let inherited = try InheritedSockets.take()
    var options = options
    options.inherited = inherited
    let site = try ServingSite(options, manager) { try $0.refusingOverlap().serverConfiguration() }
    watchdog = try Watchdog.start(manager, site.server)
    self.signals = signals
    self.manager = manager
    self.inherited = inherited
    self.site = site
    site.server.askPulse()
  }

  /// Serves until a signal ends the process.
  func run() {
    while true {
      let readable = signals.pause(milliseconds: waitMilliseconds, or: descriptors)
      site.tend(readable)
      if let number = upgrade?.descriptor, readable.contains(number) { lookAtUpgrade() }
      while let signal = signals.take() {
        if handle(signal.number) { return stop() }
      }
      switch phase {
      case .starting: lookWhetherServing()
      case .serving: site.followReleases()
      case .leaving: if site.server.hasStopped { return site.stop() }
      }
    }
  }

  private var descriptors: [Int32] {
    site.descriptors + [upgrade?.descriptor].compactMap { $0 }
  }

  private var waitMilliseconds: Int {
    switch phase {
    case .starting: 1
    case .serving: 1000
    case .leaving: 50
    }
  }

  /// Notifies that requests are answered, once every loop has run.
  private func lookWhetherServing() {
    guard site.server.hasPulse else { return }
    phase = .serving
    site.tellReady()
    inherited.tellReady()
  }

  /// Handles a signal; returns whether to stop.
  private func handle(_ signal: Int32) -> Bool {
    switch signal {
    case SIGHUP: if phase != .leaving { site.reloadAll() }
    case SIGUSR1: site.reopenLogs()
    case SIGUSR2: beginUpgrade()
    default: return true
    }
    return false
  }

  private func stop() {
    if phase != .leaving { manager.tellStopping("Finishing requests") }
    upgrade?.cancel()
    // A second signal ends the process at once.
    signals.unblockStop()
    site.stop()
  }

  private func beginUpgrade() {
    guard phase != .leaving else { return }
    if let reason = Upgrade.obstacle(getpid(), manager, variable: Environment.value) {
      return Console.diagnose("USR2: \(reason)")
    }
    if let number = upgrade?.number {
      return Console.diagnose("USR2: process \(number) is starting already")
    }
    do {
      let started = try Upgrade(
        site.handedSockets,
        inherited,
        manager,
        given: site.givenSockets
      )
      Console.notice(
        "Upgrade: process \(started.number) was started; \(getpid()) serves until it does"
      )
      upgrade = consume started
    } catch {
      let reason = (error as? CommandFailure)?.lines.joined(separator: "; ") ?? "\(error)"
      Console.diagnose("upgrade failed, process \(getpid()) serves on: \(reason)")
    }
  }

  private func lookAtUpgrade() {
    guard let upgrade = upgrade.take() else { return }
    switch upgrade.outcome() {
    case .starting: self.upgrade = consume upgrade
    case .failed(let reason):
      Console.diagnose(
        "upgrade failed, process \(getpid()) serves on: process \(upgrade.number): \(reason)"
      )
    case .serves:
      manager.tellSuccessor(upgrade.number)
      watchdog?.stop()
      phase = .leaving
      site.handOver()
      Console.notice(
        "Upgrade: process \(upgrade.number) serves; \(getpid()) finishes its requests and ends"
      )
    }
  }
}
