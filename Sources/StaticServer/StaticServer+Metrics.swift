internal import Synchronization

/// The state of a server for metrics and probes.
extension StaticServer {
  /// The current state of the server; reading it does not delay requests.
  package var metrics: ServerMetrics {
    let parts = ServerMetrics.Parts(
      connectionsMax: connectionsMax,
      queue: forwardsToProcess ? queue : nil,
      spools: spools,
      lostLogLines: logWriter?.lostCount ?? 0
    )
    return ServerMetrics(counters, parts)
  }

  /// The sum of the queues of all apps; without a limit if one app has none.
  private var queue: ServerMetrics.Queue {
    var sum = ServerMetrics.Queue()
    let numbers = gates.compactMap { $0?.numbers }
    for one in numbers {
      sum.active += one.active
      sum.activeMax += one.activeMax
      sum.waiting += one.waiting
      sum.waitingMax += one.waitingMax
    }
    let isLimited = numbers.count == gates.count && numbers.allSatisfy { $0.activeMax > 0 }
    if !isLimited { sum.activeMax = 0 }
    return sum
  }

  /// Whether the server accepts requests.
  package var readiness: Readiness {
    guard !mailboxes.contains(where: \.stopIsRequested) else { return .draining }
    return presence.isKnown && !isPending.load(ordering: .relaxed) ? .ready : .starting
  }

  /// Whether every event loop responds; waits at most two seconds.
  package func isAlive() async -> Bool {
    askPulse()
    let end = ContinuousClock.now + .seconds(2)
    while !hasPulse {
      guard ContinuousClock.now < end else { return false }
      try? await Task.sleep(for: .milliseconds(2))
    }
    return true
  }

  /// Records that the app listens.
  package func noteAppListens() { presence.note() }
}
