internal import CLinux
internal import Glibc
internal import StaticAssets

extension EventLoop {
  /// The most connections accepted in one turn, so that the ones there are get theirs.
  private static let acceptsPerTurn = 16

  /// Accepts what waits at the listener `descriptor`; nothing for any other descriptor.
  mutating func accept(from descriptor: Int32) {
    guard listeners.contains(where: { $0.descriptor == descriptor }) else { return }
    for _ in 0..<Self.acceptsPerTurn {
      let result = clinux_accept(descriptor)
      guard result >= 0 else {
        acceptFailed(Int32(-result))
        return
      }
      begin(Int32(result))
    }
  }

  private mutating func begin(_ number: Int32) {
    guard Int(number) < connections.capacity else {
      _ = clinux_close(number)
      return
    }
    if connections.count == 0 { nextSweep = now + times.shortest }
    let generation = connections.begin(number, deadline: now + times.head)
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
    guard !closeIdleConnections(atMost: 32) else { return }
    acceptsAgain = now + 100
    setListenerInterest(0)
  }

  /// Listens again after a rest.
  mutating func resumeAccepting() {
    acceptsAgain = Int64.max
    setListenerInterest(UInt32(CLINUX_READABLE))
  }

  private func setListenerInterest(_ events: UInt32) {
    // A shared listener was added EPOLLEXCLUSIVE, which cannot be modified; its other loops
    // accept meanwhile.
    for listener in listeners where !listener.isShared {
      _ = clinux_epoll_control(
        epoll.number,
        Int32(CLINUX_MODIFY),
        listener.descriptor,
        events,
        ReadyEvents.mark(listener.descriptor)
      )
    }
  }

  /// Closes up to `count` connections that wait for a request; whether there was any.
  private mutating func closeIdleConnections(atMost count: Int) -> Bool {
    var closed = 0
    for number in 0..<Int32(connections.usedCapacity) where closed < count {
      guard connections[number].isIdle else { continue }
      close(number)
      closed += 1
    }
    return closed > 0
  }
}
