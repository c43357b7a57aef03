internal import CLinux
internal import Glibc
internal import StaticAssets

extension EventLoop {
  /// The most connections accepted in one turn, so that the ones there are get theirs.
  private static let acceptsPerTurn = 16

  /// Accepts what waits at the listener `descriptor`; nothing for any other descriptor.
  mutating func accept(from descriptor: Int32) {
    guard listeners.contains(where: { $0.descriptor == descriptor }) else { return }
    for turn in 0..<Self.acceptsPerTurn {
      var peer = PeerAddress()
      let result = peer.accept(from: descriptor)
      guard result >= 0 else {
        // accept4(2) wants a descriptor before it looks whether anybody waits: after a first
        // connection its failure says nothing, and the next event will tell.
        if turn == 0 { acceptFailed(Int32(-result)) }
        return
      }
      begin(Int32(result), from: peer)
    }
  }

  /// Begins a connection at the descriptor `number`, which the loop owns from now on.
  mutating func begin(_ number: Int32, from peer: PeerAddress = PeerAddress()) {
    guard Int(number) < connections.capacity else {
      _ = clinux_close(number)
      return
    }
    if connections.count == 0 { nextSweep = now + times.shortest }
    let generation = connections.begin(number, deadline: now + times.head)
    connections[number].peer = peer
    let result = clinux_epoll_control(
      epoll.number,
      Int32(CLINUX_ADD),
      number,
      UInt32(CLINUX_READABLE),
      ReadyEvents.data(number, generation)
    )
    if result < 0 { close(number) }
  }

  /// Out of descriptors or memory, idle connections go first; without any the listeners rest,
  /// for a listener that stays ready would keep the loop spinning.
  private mutating func acceptFailed(_ code: Int32) {
    guard code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM else { return }
    let idle = longestIdle(atMost: 32)
    for number in idle {
      // What has come since the last wake is answered, and the connection is not idle then.
      receive(number)
      if connections[number].isBetweenRequests { close(number) }
    }
    guard idle.isEmpty else { return }
    acceptsAgain = now + 100
    for listener in listeners { ignore(listener) }
  }

  /// Listens again after a rest.
  @inline(never)
  mutating func resumeAccepting() {
    acceptsAgain = Int64.max
    for listener in listeners {
      // An error is one that shows again at the next event.
      try? Self.watch(listener.descriptor, listener.interest, in: epoll)
    }
  }

  /// Tells epoll to report nothing of a listener.
  func ignore(_ listener: LoopListener) {
    _ = clinux_epoll_control(epoll.number, Int32(CLINUX_DELETE), listener.descriptor, 0, 0)
  }

  /// The connections that have waited longest for another request, at most `count`.
  func longestIdle(atMost count: Int) -> [Int32] {
    let idle = (0..<Int32(connections.usedCapacity)).filter { connections[$0].isBetweenRequests }
    return Array(idle.sorted { connections[$0].deadline < connections[$1].deadline }.prefix(count))
  }
}
