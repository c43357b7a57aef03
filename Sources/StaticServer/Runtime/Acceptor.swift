internal import CLinux
internal import Glibc
internal import StaticAssets

/// The listeners of one loop, and when it accepts from them.
///
/// Confined to the thread of its loop. The unsafe part is the way to the loop's counters, which the loop
/// keeps.
@safe struct Acceptor: ~Copyable {
  /// The most connections accepted in one turn, so that the ones there are get theirs.
  static let acceptsPerTurn = 16
  /// How long a rest is, in milliseconds.
  private static let restTime: Int64 = 100

  /// When the loop accepts again; `Int64.max` while it does.
  private(set) var resumeTime = Int64.max
  let connectionLimit: ConnectionLimit

  private var listeners: [LoopListener]
  private let mailbox: LoopMailbox
  private let registry: PollRegistry
  private let adder: CounterAdder

  /// Accepts from `listeners`, of which epoll reports from now on.
  init(
    _ listeners: [LoopListener],
    _ mailbox: LoopMailbox,
    _ registry: PollRegistry,
    _ connectionLimit: ConnectionLimit,
    _ adder: CounterAdder
  ) throws(ServerError) {
    self.listeners = listeners
    self.mailbox = mailbox
    self.registry = registry
    self.connectionLimit = connectionLimit
    unsafe self.adder = adder
    for listener in listeners {
      let result = registry.add(.service(listener.descriptor), listener.interest)
      _ = try ServerError.check(result, "epoll_ctl")
    }
  }

  /// What asking for a connection came to.
  enum Outcome {
    /// A connection; it has its room.
    case accepted(fd: Int32, from: PeerAddress)
    /// Nobody waits, or it is not known whether anybody does.
    case none
    /// There is no room for it: connections without a request give way, at most so many of them.
    case needsRoom(count: Int)
  }

  /// The descriptors of the listeners.
  var descriptors: [Int32] { listeners.map(\.descriptor) }

  /// Accepts one connection at the listener `fd`.
  ///
  /// - Parameter isFirst: whether epoll has reported the listener, and nothing was accepted since:
  ///   only then it is known that somebody waits.
  func accept(from fd: Int32, isFirst: Bool) -> Outcome {
    guard connectionLimit.enter() else {
      guard isFirst, isAwaited(fd) else { return .none }
      return .needsRoom(count: max(1, min(32, connectionLimit.connectionsMax / 64)))
    }
    var peer = PeerAddress()
    let result = peer.accept(from: fd)
    guard result < 0 else { return .accepted(fd: Int32(result), from: peer) }
    connectionLimit.leave()
    // accept4(2) wants a descriptor before it looks whether anybody waits: after a first connection
    // its failure says nothing.
    guard isFirst else { return .none }
    switch Int32(-result) {
    case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .needsRoom(count: 32)
    default: return .none
    }
  }

  /// Whether a client waits at the listener `fd`, which another loop may have accepted.
  private func isAwaited(_ fd: Int32) -> Bool {
    var state = pollfd(fd: fd, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&state, 1, 0) > 0
  }

  /// Stops accepting for a moment, for a listener that stays ready would keep the loop spinning.
  ///
  /// Other loops may have idle connections; they are asked to close one.
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
      // An error is one that shows again at the next event.
      _ = registry.add(.service(listener.descriptor), listener.interest)
    }
  }

  /// Accepts no more.
  mutating func close() {
    for listener in listeners {
      registry.remove(listener.descriptor)
      listener.listener.stopAccepting(listener.loop)
    }
    listeners = []
    resumeTime = .max
  }
}

/// A listening socket as one loop sees it.
struct LoopListener {
  let listener: Listener
  /// The loop's number among the listener's users.
  let loop: Int
  let descriptor: Int32

  /// What epoll is asked to report: of a shared socket to one loop only.
  var interest: PollEvents {
    listener.isShared ? [.readable, .exclusive] : .readable
  }
}
