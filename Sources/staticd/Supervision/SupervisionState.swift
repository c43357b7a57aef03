/// The state machine of a supervised app, without process and clock.
///
/// Stopping goes from the outside in: accept no new connections, finish the requests in flight,
/// signal the app, which closes its WebSockets itself, then kill what is left of it.
struct SupervisionState {
  /// Times are milliseconds of the monotonic clock.
  enum Phase: Equatable {
    /// The app runs.
    case serving
    /// The app has failed and is restarted at `until`.
    case waiting(until: Int64)
    /// `signal` has requested a stop; requests in flight are finished, at most until `deadline`.
    /// `isTold`: a key of the terminal has sent the signal to the app as well.
    case draining(signal: Int32, isTold: Bool, deadline: Int64)
    /// The app was sent `signal`, and is killed at `killTime`. Its tunnels stay open meanwhile.
    case ending(signal: Int32, killTime: Int64)
    /// The app has ended; the rest of its group is terminated, and killed at `killTime`.
    case clearing(killTime: Int64, restartsAfter: Int64?)
  }

  enum Event: Equatable, Sendable {
    /// A stop signal.
    case stop(signal: Int32, isTold: Bool)
    /// The app's main process has ended. With a successor, that process is the app now.
    case appEnded(status: Int32, hasSuccessor: Bool)
    /// The app was restarted.
    case started
    /// The app could not be restarted.
    case startFailed
    /// Time has passed.
    case tick(Surroundings)
  }

  /// What is checked when time has passed.
  struct Surroundings: Equatable, Sendable {
    /// Whether every request is finished; tunnels may be left.
    var hasFinishedRequests = false
    /// Whether the server has closed all connections.
    var hasServerStopped = false
    /// Whether any process of the app is left: of its group, or a daemon that it has left behind.
    var hasGroup = false
  }

  enum Action: Equatable, Sendable {
    /// Stop accepting, and finish the requests in flight.
    case stopServer
    /// Send the signal to the app, and to a successor that it has started.
    case tell(Int32)
    /// Send the signal to a successor that has not received it.
    case tellSuccessor(Int32)
    /// SIGTERM to what is left of the app's group.
    case terminateGroup
    /// SIGKILL to the app, its group, and daemons that it has left behind.
    case kill
    /// Report that the app has ended, and when it is restarted.
    case reportEnd(status: Int32, restartsAfter: Int64?)
    case start
    /// End with the status.
    case finish(status: Int32)
  }

  /// The app has at least this time to end, however long the requests took.
  private static let endingMillisecondsMin: Int64 = 1000

  private(set) var phase = Phase.serving
  /// The time that requests in flight and the app have to finish, together.
  var graceMilliseconds: Int64
  private var restarts: RestartDelay?
  private var startTime: Int64
  private var exitStatus: Int32 = 0

  /// An app that was started at `startTime`.
  init(startTime: Int64, graceMilliseconds: Int64, restartsOnFailure: Bool) {
    self.startTime = startTime
    self.graceMilliseconds = graceMilliseconds
    restarts = restartsOnFailure ? RestartDelay() : nil
  }

  /// Whether there is a process to signal.
  var hasApp: Bool {
    switch phase {
    case .serving, .draining, .ending: true
    case .waiting, .clearing: false
    }
  }

  /// Whether signals such as HUP are relayed to the app: not while it ends.
  ///
  /// An interpreter that is shutting down has no signal handlers any more, so the signal would kill
  /// it.
  var relaysSignals: Bool { phase == .serving }

  /// Handles an event; returns the actions in order.
  mutating func take(_ event: Event, now: Int64) -> [Action] {
    switch event {
    case .stop(let signal, let isTold): stop(signal, isTold, now)
    case .appEnded(_, hasSuccessor: true): succeed()
    case .appEnded(let status, hasSuccessor: false): appEnded(status, now)
    case .started: started(now)
    case .startFailed: startFailed(now)
    case .tick(let surroundings): tick(surroundings, now)
    }
  }

  private mutating func stop(_ signal: Int32, _ isTold: Bool, _ now: Int64) -> [Action] {
    let deadline = now + graceMilliseconds
    switch phase {
    case .serving:
      phase = .draining(signal: signal, isTold: isTold, deadline: deadline)
      return [.stopServer]
    case .draining(_, _, let deadline):
      // Second stop signal: forward it without draining.
      phase = .ending(signal: signal, killTime: deadline)
      return isTold ? [] : [.tell(signal)]
    case .ending(_, let killTime):
      phase = .ending(signal: signal, killTime: killTime)
      return isTold ? [] : [.tell(signal)]
    case .waiting:
      phase = .clearing(killTime: deadline, restartsAfter: nil)
      return [.stopServer]
    case .clearing(let killTime, _):
      phase = .clearing(killTime: killTime, restartsAfter: nil)
      return [.stopServer]
    }
  }

  private func succeed() -> [Action] {
    if case .ending(let signal, _) = phase { [.tellSuccessor(signal)] } else { [] }
  }

  private mutating func appEnded(_ status: Int32, _ now: Int64) -> [Action] {
    exitStatus = status
    switch phase {
    case .draining(_, _, let time), .ending(_, let time):
      phase = .clearing(killTime: time, restartsAfter: nil)
      return [.terminateGroup]
    case .serving, .waiting, .clearing:
      let delay = status == 0 ? nil : restarts?.delay(after: now - startTime)
      phase = .clearing(killTime: now + graceMilliseconds, restartsAfter: delay)
      let report = Action.reportEnd(status: status, restartsAfter: delay)
      return delay == nil ? [report, .stopServer, .terminateGroup] : [report, .terminateGroup]
    }
  }

  private mutating func started(_ now: Int64) -> [Action] {
    startTime = now
    phase = .serving
    return []
  }

  private mutating func startFailed(_ now: Int64) -> [Action] {
    phase = .waiting(until: now + (restarts?.delay(after: 0) ?? 0))
    return []
  }

  private mutating func tick(_ surroundings: Surroundings, _ now: Int64) -> [Action] {
    switch phase {
    case .serving: return []
    case .waiting(let time): return now >= time ? [.start] : []
    case .draining(let signal, let isTold, let deadline):
      guard surroundings.hasFinishedRequests || now >= deadline else { return [] }
      phase = .ending(signal: signal, killTime: max(deadline, now + Self.endingMillisecondsMin))
      return isTold ? [] : [.tell(signal)]
    case .ending(_, let killTime): return now >= killTime ? [.kill] : []
    case .clearing(let killTime, let restartsAfter):
      if surroundings.hasGroup { return now >= killTime ? [.kill] : [] }
      if let restartsAfter {
        phase = .waiting(until: now + restartsAfter)
        return []
      }
      return surroundings.hasServerStopped || now >= killTime ? [.finish(status: exitStatus)] : []
    }
  }
}
