internal import CLinux
internal import Glibc
internal import StaticAssets

/// The client connections of one loop: their states, their deadlines, what epoll reports of them,
/// and the bytes that go in and out. Knows neither files nor apps.
///
/// Confined to the thread of its loop. The unsafe part is the way to the loop's counters, which the loop
/// keeps.
@safe struct ClientConnections: ~Copyable {
  var slab: ClientSlab
  var deadlines: DeadlineQueues
  let limits: ConnectionLimits
  /// Adds to the loop's counters, which outlive it.
  let adder: CounterAdder

  private let registry: PollRegistry
  private let connectionLimit: ConnectionLimit

  /// No connection yet; room for every descriptor of this process.
  init(
    _ limits: ConnectionLimits,
    _ registry: PollRegistry,
    _ connectionLimit: ConnectionLimit,
    _ adder: CounterAdder
  ) {
    let capacity = DescriptorLimit.current
    slab = ClientSlab(capacity: capacity)
    deadlines = DeadlineQueues(capacity: capacity, durations: ClientDeadline.durations(limits))
    self.limits = limits
    self.registry = registry
    self.connectionLimit = connectionLimit
    unsafe self.adder = adder
  }

  /// How bytes reach the client of `fd`.
  @inline(always)
  func transport(_ fd: Int32) -> Transport { .plain(fd) }

  /// Begins a connection at descriptor `fd`, which is owned from now on, as is the room that was
  /// taken for it; it is closed at once when it cannot be served.
  mutating func begin(_ fd: Int32, from peer: PeerAddress, at now: Int64) {
    guard Int(fd) < slab.capacity else {
      _ = clinux_close(fd)
      connectionLimit.leave()
      return
    }
    unsafe adder.add(.accepted)
    let generation = slab.begin(fd, from: peer)
    if limits.expectsPrelude { slab[fd].state = .prelude }
    setDeadline(fd, .head, at: now)
    if registry.add(.client(fd, generation: generation), .readable) < 0 { close(fd) }
  }

  /// Ends a connection. Its exchange, if it has one, must have been ended before.
  @inline(never)
  mutating func close(_ fd: Int32) {
    let transport = transport(fd)
    deadlines.cancel(fd)
    slab.release(fd)
    transport.close()
    unsafe adder.add(.closed)
    connectionLimit.leave()
  }

  /// Ends a connection that has failed under a response.
  @inline(never)
  mutating func closeBroken(_ fd: Int32) {
    unsafe adder.add(.broken)
    close(fd)
  }

  /// Tells epoll what to report of `fd`.
  func setInterest(_ fd: Int32, _ events: PollEvents) {
    registry.modify(.client(fd, generation: slab[fd].generation), events)
  }

  /// The same, where nil stands for not being watched at all and `before` is what was told last.
  func watch(_ fd: Int32, _ events: PollEvents?, was before: PollEvents?) {
    guard events != before else { return }
    let token = PollToken.client(fd, generation: slab[fd].generation)
    switch (before, events) {
    case (_, nil): registry.remove(fd)
    case (nil, let events?): _ = registry.add(token, events)
    case (_, let events?): registry.modify(token, events)
    }
  }

  /// Sets the deadline of `fd`, in the place of another.
  @inline(always)
  mutating func setDeadline(_ fd: Int32, _ deadline: ClientDeadline, at now: Int64) {
    deadlines.set(fd, deadline.rawValue, at: now)
  }
}
