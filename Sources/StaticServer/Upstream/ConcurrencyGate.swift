internal import Synchronization

/// The limit of concurrent requests to the app, shared by all loops: one share per request.
///
/// Waiting requests are in the queues of their loops. This object has the order of the loops'
/// turns, so that requests of all loops are granted in the order of arrival. Safe to use from every
/// loop's thread; requests for files do not use it.
final class ConcurrencyGate: Sendable {
  private struct State {
    var limit: Int
    /// The limit of waiting requests.
    var waitingMax: Int
    var activeCount = 0
    /// The loops that wait, one entry per request; entries before `first` are used.
    var waiting: [Int] = []
    var first = 0
    /// The number of waiting requests.
    var waitingCount = 0
    /// For each loop, requests that wait and have not been granted a share.
    var placeCounts: [Int]
    /// For each loop, entries in `waiting` whose requests have left.
    var leftCounts: [Int]
  }

  private let app: Int
  private let mailboxes: [LoopMailbox]
  private let state: Mutex<State>

  /// A gate for the loops of `mailboxes`.
  ///
  /// - Parameters:
  ///   - app: the number of the app.
  ///   - limit: the number of shares, at least 1.
  ///   - waitingMax: the limit of waiting requests.
  init(app: Int = 0, limit: Int, waitingMax: Int, mailboxes: [LoopMailbox]) {
    precondition(limit > 0)
    self.app = app
    self.mailboxes = mailboxes
    let none = Array(repeating: 0, count: mailboxes.count)
    state = Mutex(
      State(limit: limit, waitingMax: waitingMax, placeCounts: none, leftCounts: none)
    )
  }

  /// The current numbers; a limit of 0 means none.
  var numbers: ServerMetrics.Queue {
    state.withLock { state in
      ServerMetrics.Queue(
        active: state.activeCount,
        activeMax: state.limit == .max ? 0 : state.limit,
        waiting: state.waitingCount,
        waitingMax: state.waitingMax
      )
    }
  }

  /// The result of `enter`.
  enum Entry {
    /// The request has a share.
    case entered
    /// The request waits; `LoopMailbox.grant` notifies its loop when it has a share.
    case waits
    /// The limit of waiting requests is reached.
    case refused
  }

  /// Takes a share for a request of loop `loop`, or a place in the order.
  func enter(_ loop: Int) -> Entry {
    state.withLock { state in
      if state.activeCount < state.limit, state.waitingCount == 0 {
        state.activeCount += 1
        return .entered
      }
      guard state.waitingCount < state.waitingMax else { return .refused }
      state.waiting.append(loop)
      state.waitingCount += 1
      state.placeCounts[loop] += 1
      return .waits
    }
  }

  /// Releases a share; the request that waits longest gets it.
  func leave() {
    let granted = state.withLock { state -> Int? in
      state.activeCount -= 1
      return Self.grant(&state)
    }
    if let granted { mailboxes[granted].grant(app) }
  }

  /// Releases the place of a request of loop `loop` that no longer waits.
  func giveUpPlace(_ loop: Int) {
    state.withLock { state in
      guard state.placeCounts[loop] > 0 else { return }
      state.placeCounts[loop] -= 1
      state.waitingCount -= 1
      state.leftCounts[loop] += 1
      guard state.waitingCount == 0 else { return }
      state.waiting = []
      state.first = 0
      for loop in state.leftCounts.indices { state.leftCounts[loop] = 0 }
    }
  }

  /// Changes the number of shares; new shares go to the requests that wait longest.
  func setLimit(_ limit: Int) {
    let granted = state.withLock { state in
      state.limit = max(1, limit)
      var loops: [Int] = []
      while let loop = Self.grant(&state) { loops.append(loop) }
      return loops
    }
    for loop in granted { mailboxes[loop].grant(app) }
  }

  /// Changes the limit of waiting requests; those that wait beyond it stay.
  func setWaitingMax(_ count: Int) {
    state.withLock { $0.waitingMax = count }
  }

  /// Grants a free share to the request that waits longest; returns its loop, or nil.
  private static func grant(_ state: inout State) -> Int? {
    guard state.activeCount < state.limit, state.waitingCount > 0 else { return nil }
    while true {
      let loop = state.waiting[state.first]
      state.first += 1
      if state.first > 1024, state.first * 2 > state.waiting.count {
        state.waiting.removeFirst(state.first)
        state.first = 0
      }
      guard state.leftCounts[loop] == 0 else {
        state.leftCounts[loop] -= 1
        continue
      }
      state.waitingCount -= 1
      state.placeCounts[loop] -= 1
      state.activeCount += 1
      return loop
    }
  }
}
