internal import Synchronization

/// How many requests the app gets at once, over all loops of a server: a share for each, and the
/// order in which loops wait for one.
///
/// A request that waits is in the queue of its loop; here stands only whose turn it is, so that the
/// order over all loops is that of arrival. Safe to use from every loop's thread; a request for a
/// file never asks it.
final class ConcurrencyGate: Sendable {
  private struct State {
    var limit: Int
    var activeCount = 0
    /// The loops that wait, one entry for each request; entries before `first` are used up.
    var waiting: [Int] = []
    var first = 0
    /// Requests that wait.
    var waitingCount = 0
    /// Of each loop, requests that wait and have not been granted a share.
    var placeCounts: [Int]
    /// Of each loop, entries in `waiting` whose requests have left.
    var leftCounts: [Int]
  }

  private let waitingMax: Int
  private let mailboxes: [LoopMailbox]
  private let state: Mutex<State>

  /// A gate for the loops behind `mailboxes`.
  ///
  /// - Parameters:
  ///   - limit: shares, at least 1.
  ///   - waitingMax: requests that may wait.
  init(limit: Int, waitingMax: Int, mailboxes: [LoopMailbox]) {
    precondition(limit > 0)
    self.waitingMax = waitingMax
    self.mailboxes = mailboxes
    let none = Array(repeating: 0, count: mailboxes.count)
    state = Mutex(State(limit: limit, placeCounts: none, leftCounts: none))
  }

  /// What became of a request.
  enum Entry {
    /// It has a share.
    case entered
    /// It waits; its loop is told by `LoopMailbox.grant`.
    case waits
    /// As many wait as may.
    case refused
  }

  /// Takes a share for a request of the loop number `loop`, or a place in the order.
  func enter(_ loop: Int) -> Entry {
    state.withLock { state in
      if state.activeCount < state.limit, state.waitingCount == 0 {
        state.activeCount += 1
        return .entered
      }
      guard state.waitingCount < waitingMax else { return .refused }
      state.waiting.append(loop)
      state.waitingCount += 1
      state.placeCounts[loop] += 1
      return .waits
    }
  }

  /// Gives up a share; it goes to the request that waits longest.
  func leave() {
    let granted = state.withLock { state -> Int? in
      state.activeCount -= 1
      return Self.grant(&state)
    }
    if let granted { mailboxes[granted].grant() }
  }

  /// Gives up the place of a request of the loop number `loop` that waits no longer.
  ///
  /// If every place of the loop has been granted a share meanwhile, the grant is on its way: the loop
  /// passes it on to another request or gives it back.
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

  /// Changes the number of shares; more of them go to those that wait.
  func setLimit(_ limit: Int) {
    let granted = state.withLock { state in
      state.limit = max(1, limit)
      var loops: [Int] = []
      while let loop = Self.grant(&state) { loops.append(loop) }
      return loops
    }
    for loop in granted { mailboxes[loop].grant() }
  }

  /// Gives a free share to the request that waits longest; its loop.
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
