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
      guard budget.enter() else {
        // After a first connection it is not known that another waits; the next event will tell.
        if turn == 0, isAwaited(descriptor) { makeRoom() }
        return
      }
      var peer = PeerAddress()
      let result = peer.accept(from: descriptor)
      guard result >= 0 else {
        budget.leave()
        // accept4(2) wants a descriptor before it looks whether anybody waits: after a first
        // connection its failure says nothing, and the next event will tell.
        if turn == 0 { acceptFailed(Int32(-result)) }
        return
      }
      begin(Int32(result), from: peer)
    }
  }

  /// Begins a connection at the descriptor `number`, which the loop owns from now on, as it does
  /// the room that was taken for it.
  mutating func begin(_ number: Int32, from peer: PeerAddress = PeerAddress()) {
    guard Int(number) < connections.capacity else {
      _ = clinux_close(number)
      budget.leave()
      return
    }
    unsafe adder.add(.accepted)
    if connections.count == 0 { nextSweep = now + limits.shortest }
    let generation = connections.begin(number, deadline: now + limits.head)
    connections[number].peer = peer
    if limits.expectsPrelude { connections[number].state = .greeting }
    let result = clinux_epoll_control(
      epoll.number,
      Int32(CLINUX_ADD),
      number,
      UInt32(CLINUX_READABLE),
      ReadyEvents.data(number, generation)
    )
    if result < 0 { close(number) }
  }

  /// Out of descriptors or memory, idle connections go first.
  private mutating func acceptFailed(_ code: Int32) {
    guard code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM else { return }
    if !closeIdle(atMost: 32) { rest() }
  }

  /// With as many connections as may be, idle ones go first; else clients wait in the listener's
  /// queue until one ends.
  private mutating func makeRoom() {
    // Looking for the longest idle ones costs the same for one and for several.
    let count = max(1, min(32, budget.connectionsMax / 64))
    guard !closeIdle(atMost: count) else { return }
    rest()
    budget.waitForRoom(control)
  }

  /// Stops accepting for a moment, for a listener that stays ready would keep the loop spinning.
  ///
  /// Other loops may have idle connections; they are asked to close one.
  private mutating func rest() {
    unsafe adder.add(.acceptPauses)
    acceptsAgain = now + 100
    for listener in listeners { ignore(listener) }
    budget.requestRoom(for: control)
  }

  /// Closes the connections that have waited longest for another request; returns whether there
  /// were any.
  @discardableResult
  mutating func closeIdle(atMost count: Int) -> Bool {
    let idle = longestIdle(atMost: count)
    for number in idle {
      // What has come since the last wake is answered, and the connection is not idle then.
      answerIdle(number)
      guard connections[number].isBetweenRequests else { continue }
      unsafe adder.add(.displaced)
      close(number)
    }
    return !idle.isEmpty
  }

  @inline(never)
  private mutating func answerIdle(_ number: Int32) { receive(number) }

  /// Whether a client waits at the listener `descriptor`, which another loop may have accepted.
  private func isAwaited(_ descriptor: Int32) -> Bool {
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&state, 1, 0) > 0
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
