internal import CLinux
internal import Glibc
internal import StaticAssets

/// The steps of a request to the app: a share of its concurrency limit, and a connection.
extension Forwarder {
  /// Sends a request whose content is received, or queues it for a share.
  mutating func askApp(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    guard !exchange.peers.isAsking else { return askPeer(&exchange, &clients, &wake) }
    if exchange.app == 0, case .handler(let handler) = configuration.app {
      exchange.phase = .exchanging
      exchange.askTime = wake.now
      exchange.appStartTime = wake.nanoseconds
      call(handler, &exchange, wake)
      return
    }
    switch gate(exchange.app)?.enter(share.loop) {
    case nil: startRequest(&exchange, &clients, &wake)
    case .entered:
      exchange.holdsShare = true
      startRequest(&exchange, &clients, &wake)
    case .waits:
      exchange.phase = .queued
      exchange.queueTime = wake.now
      setDeadline(exchange, .queue, at: wake.now)
      apps[exchange.app].queue.waiting.append(exchange.id)
    case .refused: fail(&exchange, .fullQueue, &clients, &wake)
    }
  }

  /// The limit of concurrent requests to app `number`; nil for no limit.
  func gate(_ number: Int) -> ConcurrencyGate? {
    number < share.gates.count ? share.gates[number] : nil
  }

  /// Sends a request that has a share.
  ///
  /// An idle connection is reused if the request may be repeated, because the app can close such a
  /// connection at that moment.
  mutating func startRequest(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    exchange.askTime = wake.now
    exchange.appStartTime = wake.nanoseconds
    if !exchange.isFramed { exchange.appHead += Self.framingFields(of: exchange) }
    exchange.isFramed = true
    let mayUseKept = RetryPolicy.mayUseKept(
      isIdempotent: exchange.request.isIdempotent,
      byteCount: Int64(exchange.appHead.count) + exchange.content.count,
      apps[exchange.app].retry
    )
    if mayUseKept, let fd = pool.take(for: exchange.id, of: exchange.app, in: wake) {
      exchange.phase = .exchanging
      exchange.upstream.fd = fd
      exchange.upstream.isReused = true
      unsafe adder.add(.reusedConnections)
      exchange.upstream.interest = .readable
      setDeadline(exchange, .response, at: wake.now)
      sendRequest(&exchange, &clients, &wake)
    } else {
      connect(&exchange, &clients, &wake)
    }
  }

  /// The framing fields, the connection options for the app, and the empty line.
  private static func framingFields(of exchange: borrowing Exchange) -> [UInt8] {
    var text = ""
    var options: [String] = []
    if exchange.request.hasContent { text += "Content-Length: \(exchange.content.count)\r\n" }
    if exchange.request.takesTrailers {
      options.append("TE")
      text += "TE: trailers\r\n"
    }
    if !exchange.request.upgrade.isEmpty { options.append("upgrade") }
    if !options.isEmpty { text += "Connection: \(options.joined(separator: ", "))\r\n" }
    var fields = Array(text.utf8)
    if !exchange.request.upgrade.isEmpty {
      fields += Array("Upgrade: ".utf8) + exchange.request.upgrade + [0x0D, 0x0A]
    }
    return fields + [0x0D, 0x0A]
  }

  /// Connects for `exchange`, or queues it behind the requests that wait for a connection.
  mutating func connect(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    if apps[exchange.app].queue.mustWait(exchange.id) {
      let deadline = apps[exchange.app].holdTime > 0 ? ExchangeDeadline.hold : .connect
      let cause = apps[exchange.app].queue.cause
      stall(&exchange, deadline, cause, isFirst: false, &clients, &wake)
    } else {
      connectToApp(&exchange, &clients, &wake)
    }
  }

  /// Starts a connection for `exchange`, and sends the request when it is established.
  mutating func connectToApp(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    guard let upstream = apps[exchange.app].address else { return }
    var result = upstream.connect()
    if result == -Int(EMFILE) || result == -Int(ENFILE) {
      clients.freeDescriptors(at: wake.now)
      result = upstream.connect()
    }
    guard result >= 0 else {
      connectingFailed(&exchange, Int32(-result), &clients, &wake)
      return
    }
    unsafe adder.add(.connects)
    let fd = Int32(result)
    pool.begin(fd, for: exchange.id, of: exchange.app)
    exchange.upstream.fd = fd
    exchange.upstream.interest = []
    exchange.upstream.isReused = false
    exchange.upstream.sentCount = 0
    exchange.upstream.stopsSending = false
    exchange.phase = .exchanging
    setDeadline(exchange, .connect, at: wake.now)
    sendRequest(&exchange, &clients, &wake)
  }

  /// Handles a failed connect: the request waits for another attempt, or fails.
  mutating func connectingFailed(
    _ exchange: inout Exchange,
    _ code: Int32,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    unsafe adder.add(.failedConnects)
    guard !exchange.peers.isAsking else { return peerHasFailed(&exchange, &clients, &wake) }
    switch ConnectFailure(code, holds: apps[exchange.app].holdTime > 0) {
    case .fails(let reason): fail(&exchange, reason, &clients, &wake)
    // While the server stops, requests do not wait for an app that has ended or is starting.
    case .isAway where wake.isDraining: fail(&exchange, .draining, &clients, &wake)
    case .isAway: stall(&exchange, .hold, .appAway, isFirst: true, &clients, &wake)
    case .isFull: stall(&exchange, .connect, .fullBacklog, isFirst: true, &clients, &wake)
    case .isExhausted: stall(&exchange, .connect, .exhausted, isFirst: true, &clients, &wake)
    }
  }

  /// Queues a request for a connection; the first in the queue if its attempt has failed.
  ///
  /// Its time-out starts at the first call. `cause` is why there is no connection.
  private mutating func stall(
    _ exchange: inout Exchange,
    _ deadline: ExchangeDeadline,
    _ cause: FailureReason,
    isFirst: Bool,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    exchange.phase = .stalled
    apps[exchange.app].queue.cause = cause
    if exchange.stallTime == 0 { exchange.stallTime = wake.now }
    guard wake.now < exchange.stallTime + deadline.milliseconds(configuration) else {
      fail(&exchange, cause, &clients, &wake)
      return
    }
    if deadlines.queue(of: exchange.id.slot) != deadline.rawValue {
      setDeadline(exchange, deadline, at: wake.now)
    }
    if isFirst {
      apps[exchange.app].queue.stallFirst(exchange.id, at: wake.now)
    } else {
      apps[exchange.app].queue.stall(exchange.id, at: wake.now)
    }
  }
}
