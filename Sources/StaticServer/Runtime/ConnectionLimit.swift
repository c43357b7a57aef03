internal import Synchronization

/// The number of connections that all loops of a server may have together.
///
/// Safe to use from every loop's thread; asked when a connection begins or ends, not for requests.
final class ConnectionLimit: Sendable {
  let connectionsMax: Int

  private let count = Atomic<Int>(0)
  private let loops: [LoopMailbox]
  /// The loops that stopped accepting because there was no room.
  private let waiting = Mutex<[LoopMailbox]>([])
  private let hasWaiting = Atomic<Bool>(false)

  /// Room for `connectionsMax` connections of the loops behind `mailboxes`.
  init(connectionsMax: Int, mailboxes: [LoopMailbox]) {
    precondition(connectionsMax > 0)
    self.connectionsMax = connectionsMax
    loops = mailboxes
  }

  /// Takes room for one connection; false when there is none.
  func enter() -> Bool {
    let (before, _) = count.add(1, ordering: .sequentiallyConsistent)
    guard before >= connectionsMax else { return true }
    leave()
    return false
  }

  /// Whether there is no room for another connection now.
  var isFull: Bool { count.load(ordering: .sequentiallyConsistent) >= connectionsMax }

  /// Gives back the room of one connection.
  func leave() {
    let (_, after) = count.subtract(1, ordering: .sequentiallyConsistent)
    if after < connectionsMax, hasWaiting.load(ordering: .sequentiallyConsistent) { wakeWaiting() }
  }

  /// Asks the loops other than that of `mailbox` to close an idle connection each.
  func requestRoom(for mailbox: LoopMailbox) {
    for other in loops where other !== mailbox { other.requestRoom() }
  }

  /// Lets `mailbox` know when there may be room.
  func waitForRoom(_ mailbox: LoopMailbox) {
    waiting.withLock { loops in
      if !loops.contains(where: { $0 === mailbox }) { loops.append(mailbox) }
    }
    hasWaiting.store(true, ordering: .sequentiallyConsistent)
    // What was given back just before this is not noticed by `leave`.
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
