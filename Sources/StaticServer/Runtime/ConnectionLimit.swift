internal import Synchronization

/// The limit of connections, shared by all loops of a server.
///
/// Safe to use from every loop's thread. Loops use it when a connection begins or ends, not for
/// each request.
final class ConnectionLimit: Sendable {
  let connectionsMax: Int

  private let count = Atomic<Int>(0)
  private let loops: [LoopMailbox]
  /// The loops that paused accepting because the limit was reached.
  private let waiting = Mutex<[LoopMailbox]>([])
  private let hasWaiting = Atomic<Bool>(false)

  /// A limit of `connectionsMax` connections for the loops of `mailboxes`.
  init(connectionsMax: Int, mailboxes: [LoopMailbox]) {
    precondition(connectionsMax > 0)
    self.connectionsMax = connectionsMax
    loops = mailboxes
  }

  /// Counts one more connection; returns false if the limit is reached.
  func enter() -> Bool {
    let (before, _) = count.add(1, ordering: .sequentiallyConsistent)
    guard before >= connectionsMax else { return true }
    leave()
    return false
  }

  /// Whether the limit is reached.
  var isFull: Bool { count.load(ordering: .sequentiallyConsistent) >= connectionsMax }

  /// Counts one connection less, and notifies the waiting loops.
  func leave() {
    let (_, after) = count.subtract(1, ordering: .sequentiallyConsistent)
    if after < connectionsMax, hasWaiting.load(ordering: .sequentiallyConsistent) { wakeWaiting() }
  }

  /// Requests every loop except that of `mailbox` to close an idle connection.
  func requestRoom(for mailbox: LoopMailbox) {
    for other in loops where other !== mailbox { other.requestRoom() }
  }

  /// Notifies `mailbox` when the count falls below the limit.
  func waitForRoom(_ mailbox: LoopMailbox) {
    waiting.withLock { loops in
      if !loops.contains(where: { $0 === mailbox }) { loops.append(mailbox) }
    }
    hasWaiting.store(true, ordering: .sequentiallyConsistent)
    // Check again: a `leave` that ran before `hasWaiting` was set has not notified the waiting
    // loops.
    if count.load(ordering: .sequentiallyConsistent) < connectionsMax { wakeWaiting() }
  }

  private func wakeWaiting() {
    hasWaiting.store(false, ordering: .sequentiallyConsistent)
    let woken = waiting.withLock { loops in
      defer { loops = [] }
      return loops
    }
    for mailbox in woken { mailbox.noticeRoom() }
  }
}
