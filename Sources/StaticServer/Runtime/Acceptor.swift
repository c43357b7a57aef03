internal import CLinux
internal import Glibc
internal import StaticAssets

/// The listeners of one loop, and the pauses in accepting from them.
///
/// Confined to the thread of its loop. The unsafe part: `adder` points into the loop's counters,
/// which live as long as the loop.
@safe struct Acceptor: ~Copyable {
  /// Connections accepted per turn at most, so that open connections are not delayed.
  static let acceptsPerTurn = 16
  /// The length of an accept pause, in milliseconds.
  private static let restTime: Int64 = 100

  /// The end of the accept pause in monotonic milliseconds; `Int64.max` while the loop accepts.
  private(set) var resumeTime = Int64.max
  let connectionLimit: ConnectionLimit

  private var listeners: [LoopListener]
  private let mailbox: LoopMailbox
  private let registry: PollRegistry
  private let adder: CounterAdder

  /// Registers `listeners` with epoll and accepts from them.
  init(
    _ listeners: [LoopListener],
    _ mailbox: LoopMailbox,
    _ registry: PollRegistry,
    _ connectionLimit: ConnectionLimit,
    _ adder: CounterAdder
  ) throws(StaticServerError) {
    self.listeners = listeners
    self.mailbox = mailbox
    self.registry = registry
    self.connectionLimit = connectionLimit
    unsafe self.adder = adder
    for listener in listeners {
      let result = registry.add(.service(listener.descriptor), listener.interest)
      _ = try StaticServerError.check(result, "epoll_ctl")
    }
  }

  /// The result of an attempt to accept a connection.
  enum Outcome {
    /// A connection, which the connection limit counts.
    case accepted(fd: Int32, from: PeerAddress)
    /// No client waits, or it is not known whether one does.
    case none
    /// The connection limit is reached or descriptors are used up: close up to `count` idle
    /// connections.
    case needsRoom(count: Int)
  }

  /// The descriptors of the listeners.
  var descriptors: [Int32] { listeners.map(\.descriptor) }

  /// Accepts one connection from the listener `fd`.
  ///
  /// - Parameter isFirst: whether this is the first call since epoll reported `fd`. Only then is it
  ///   certain that a client waits.
  func accept(from fd: Int32, isFirst: Bool) -> Outcome {
    guard connectionLimit.enter() else {
      guard isFirst, isAwaited(fd) else { return .none }
      return .needsRoom(count: max(1, min(32, connectionLimit.connectionsMax / 64)))
    }
    var peer = PeerAddress()
    let result = peer.accept(from: fd)
    guard result < 0 else { return .accepted(fd: Int32(result), from: peer) }
    connectionLimit.leave()
    // accept4(2) reserves a descriptor before it checks the backlog: after the first connection,
    // EMFILE does not mean that a client waits.
    guard isFirst else { return .none }
    switch Int32(-result) {
    case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .needsRoom(count: 32)
    default: return .none
    }
  }

  /// Whether a client waits at the listener `fd`; another loop may have accepted the reported one.
  private func isAwaited(_ fd: Int32) -> Bool {
    var state = pollfd(fd: fd, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&state, 1, 0) > 0
  }

  /// Pauses accepting: a level-triggered listener that stays ready would make the loop spin.
  ///
  /// Other loops are requested to close an idle connection each.
  mutating func rest(at now: Int64) {
    unsafe adder.add(.acceptPauses)
    resumeTime = now + Self.restTime
    for listener in listeners { registry.remove(listener.descriptor) }
    connectionLimit.requestRoom(for: mailbox)
    if connectionLimit.isFull { connectionLimit.waitForRoom(mailbox) }
  }

  /// Accepts again after a rest.
  @inline(never)
  mutating func resume() {
    guard resumeTime < .max else { return }
    resumeTime = .max
    for listener in listeners {
      // On failure the listener stays unregistered until the next pause ends.
      _ = registry.add(.service(listener.descriptor), listener.interest)
    }
  }

  /// Stops accepting and releases the listeners.
  mutating func close() {
    for listener in listeners {
      registry.remove(listener.descriptor)
      listener.listener.stopAccepting(listener.socket, loop: listener.loop)
    }
    listeners = []
    resumeTime = .max
  }
}

/// A listening socket as one loop uses it.
struct LoopListener {
  let listener: Listener
  /// The loop's index among the users of the listener.
  let loop: Int
  /// The index of the socket among those of the listener.
  let socket: Int
  let descriptor: Int32
  /// Whether other loops accept from the socket, too.
  let isShared: Bool

  /// The events to register: EPOLLEXCLUSIVE for a shared socket, so that not all loops are woken.
  var interest: PollEvents {
    isShared ? [.readable, .exclusive] : .readable
  }
}
