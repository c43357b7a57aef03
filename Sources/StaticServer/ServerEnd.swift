internal import Synchronization

/// Resumes waiting tasks when all loops of a server have ended.
final class ServerEnd: Sendable {
  private struct State {
    var loopCount: Int
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>

  /// Waits for the end of `loopCount` loops.
  init(loopCount: Int) {
    state = Mutex(State(loopCount: loopCount))
  }

  /// Records that one loop has ended; the last call resumes the waiting tasks.
  func noteLoopEnd() {
    let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      state.loopCount -= 1
      guard state.loopCount == 0 else { return [] }
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns when all loops have ended.
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
