internal import Synchronization

/// Tells whoever waits that every loop of a server has ended.
final class ServerEnd: Sendable {
  private struct State {
    var loopCount: Int
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>

  /// The end of a server with `loopCount` loops.
  init(loopCount: Int) {
    state = Mutex(State(loopCount: loopCount))
  }

  /// Notes that one of the loops has ended.
  func noteLoopEnd() {
    let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      state.loopCount -= 1
      guard state.loopCount == 0 else { return [] }
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns when all have.
  func wait() async {
    await withCheckedContinuation { waiter in
      let hasEnded = state.withLock { state in
        if state.loopCount > 0 { state.waiters.append(waiter) }
        return state.loopCount == 0
      }
      if hasEnded { waiter.resume() }
    }
  }
}
