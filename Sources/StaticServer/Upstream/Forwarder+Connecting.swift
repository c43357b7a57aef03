internal import CLinux
internal import Glibc
internal import StaticAssets

/// Sends a request to the app: takes a share and a connection, and sends the bytes.
extension Forwarder {
  /// The limit of content bytes sent to the app per turn, so that the loop serves others.
  private static let contentBytesPerTurn: Int64 = 2 << 20

  /// Sends a request whose content is received, or queues it for a share.
  mutating func askApp(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    switch configuration.app {
    case .handler(let handler):
      exchange.phase = .exchanging
      exchange.askTime = wake.now
      call(handler, &exchange, at: wake.now)
    case .upstream:
      switch share.gate?.enter(share.loop) {
      case nil: startRequest(&exchange, &clients, &wake)
      case .entered:
        exchange.holdsShare = true
        startRequest(&exchange, &clients, &wake)
      case .waits:
        exchange.phase = .queued
        exchange.queueTime = wake.now
        setDeadline(exchange, .queue, at: wake.now)
        queue.waiting.append(exchange.id)
      case .refused: fail(&exchange, .serviceUnavailable, &clients, &wake)
      }
    }
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
    exchange.appHead += Self.framingFields(of: exchange)
    let mayUseKept = RetryPolicy.mayUseKept(
      isIdempotent: exchange.request.isIdempotent,
      byteCount: Int64(exchange.appHead.count) + exchange.content.count,
      app
    )
    if mayUseKept, let fd = pool.take(for: exchange.id, at: wake.now) {
      exchange.phase = .exchanging
      exchange.upstream.fd = fd
      exchange.upstream.isReused = true
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
  private mutating func connect(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    if queue.isStalled {
      let deadline = configuration.startupHold > 0 ? ExchangeDeadline.hold : .connect
      stall(&exchange, deadline, isFirst: false, &clients, &wake)
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
    guard let upstream else { return }
    var result = upstream.connect()
    if result == -Int(EMFILE) || result == -Int(ENFILE) {
      clients.displaceIdle(atMost: 8, at: wake.now)
      result = upstream.connect()
    }
    guard result >= 0 else {
      connectingFailed(&exchange, Int32(-result), &clients, &wake)
      return
    }
    let fd = Int32(result)
    pool.begin(fd, for: exchange.id)
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
  private mutating func connectingFailed(
    _ exchange: inout Exchange,
    _ code: Int32,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    // While the server stops, requests do not wait for an app that has ended.
    let holds = configuration.startupHold > 0 && !wake.isDraining
    switch ConnectFailure(code, holds: holds) {
    case .fails(let status): fail(&exchange, status, &clients, &wake)
    case .isAway: stall(&exchange, .hold, isFirst: true, &clients, &wake)
    case .isFull, .isExhausted: stall(&exchange, .connect, isFirst: true, &clients, &wake)
    }
  }

  /// Queues a request for a connection; the first in the queue if its attempt has failed.
  ///
  /// Its time-out starts at the first call.
  private mutating func stall(
    _ exchange: inout Exchange,
    _ deadline: ExchangeDeadline,
    isFirst: Bool,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    exchange.phase = .stalled
    if exchange.stallTime == 0 { exchange.stallTime = wake.now }
    guard wake.now < exchange.stallTime + deadline.milliseconds(configuration) else {
      fail(&exchange, .serviceUnavailable, &clients, &wake)
      return
    }
    if deadlines.queue(of: exchange.id.slot) != deadline.rawValue {
      setDeadline(exchange, deadline, at: wake.now)
    }
    if isFirst {
      queue.stallFirst(exchange.id, at: wake.now)
    } else {
      queue.stall(exchange.id, at: wake.now)
    }
  }

  /// Sends request bytes until the socket is full.
  mutating func sendRequest(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    let turnEnd = exchange.upstream.sentCount + Self.contentBytesPerTurn
    while exchange.unsentToApp > 0, exchange.upstream.sentCount < turnEnd {
      let result = Self.sendPart(of: exchange)
      if result == -Int(EAGAIN) || result == -Int(EINTR) { break }
      guard result > 0 else {
        sendingFailed(&exchange, Int32(-result), &clients, &wake)
        return
      }
      if exchange.upstream.sentCount == 0 { queue.endAttempt(exchange.id, at: wake.now) }
      exchange.upstream.sentCount += Int64(result)
      // An app that is not read because of its client is not to blame.
      if !exchange.upstream.isPaused { setDeadline(exchange, .response, at: wake.now) }
    }
    updateAppInterest(&exchange)
  }

  private static func sendPart(of exchange: borrowing Exchange) -> Int {
    let headCount = exchange.appHead.count
    let sentCount = exchange.upstream.sentCount
    guard sentCount < Int64(headCount) else {
      return exchange.content.send(to: exchange.upstream.fd, from: sentCount - Int64(headCount))
    }
    return exchange.content.send(
      to: exchange.upstream.fd,
      behind: exchange.appHead,
      from: Int(sentCount)
    )
  }

  /// Handles an error of sending to the app.
  ///
  /// Before the first byte, the connection was never established or already closed. Later, the app
  /// may have sent a response already, so reading goes on.
  private mutating func sendingFailed(
    _ exchange: inout Exchange,
    _ code: Int32,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    if exchange.upstream.sentCount > 0 {
      exchange.upstream.stopsSending = true
      updateAppInterest(&exchange)
      receiveResponse(&exchange, &clients, &wake)
    } else if exchange.upstream.isReused {
      // No byte was sent, so this is not a repetition.
      closeUpstream(&exchange)
      connect(&exchange, &clients, &wake)
    } else {
      closeUpstream(&exchange)
      connectingFailed(&exchange, code, &clients, &wake)
    }
  }

  /// Repeats a request that got no response, or answers with an error.
  mutating func appHasNotAnswered(
    _ exchange: inout Exchange,
    isReset: Bool,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    let attempt = RetryPolicy.Attempt(
      isIdempotent: exchange.request.isIdempotent,
      byteCount: Int64(exchange.appHead.count) + exchange.content.count,
      sentByteCount: exchange.upstream.sentCount,
      wasReset: isReset,
      hasHeard: exchange.upstream.hasHeard,
      repeatCount: exchange.upstream.repeatCount,
      unreadCount: exchange.upstream.unreadCount
    )
    guard RetryPolicy.mayRepeat(attempt, app) else {
      fail(&exchange, .badGateway, &clients, &wake)
      return
    }
    if RetryPolicy.tellsUnread(attempt, app) {
      exchange.upstream.unreadCount += 1
    } else {
      exchange.upstream.repeatCount += 1
    }
    unsafe adder.add(.repeated)
    closeUpstream(&exchange)
    connect(&exchange, &clients, &wake)
  }

  /// Lets go of an app that may still work on a request which nobody waits for: the app is told by the
  /// end of our side, and its share is free when it is done.
  ///
  /// One that has begun to answer notices the close at its next write.
  mutating func abandonUpstream(_ exchange: inout Exchange, at now: Int64) {
    guard exchange.holdsShare, exchange.upstream.fd >= 0, exchange.upstream.sentCount > 0,
      !exchange.upstream.hasHeard
    else {
      closeUpstream(&exchange)
      return
    }
    let fd = exchange.upstream.fd
    registry.change(pool.token(of: fd), from: exchange.upstream.interest, to: .readable)
    let until = now + ExchangeDeadline.response.milliseconds(configuration)
    pool.abandon(fd, until: until)
    poolDeadline = min(poolDeadline, until)
    exchange.upstream.fd = -1
    exchange.upstream.interest = []
    // It is the connection's now.
    exchange.holdsShare = false
  }

  /// Closes the connection to the app; the request keeps its share.
  mutating func closeUpstream(_ exchange: inout Exchange) {
    guard exchange.upstream.fd >= 0 else { return }
    pool.close(exchange.upstream.fd)
    exchange.upstream.fd = -1
    exchange.upstream.interest = []
  }

  /// Sets `deadline` for the app's next progress.
  mutating func setDeadline(
    _ exchange: borrowing Exchange,
    _ deadline: ExchangeDeadline,
    at now: Int64
  ) {
    deadlines.set(exchange.id.slot, deadline.rawValue, at: now)
  }

  /// Updates the epoll events of the app's connection.
  func updateAppInterest(_ exchange: inout Exchange) {
    guard exchange.upstream.fd >= 0 else { return }
    var interest: PollEvents = exchange.upstream.isPaused ? [] : .readable
    if exchange.unsentToApp > 0 { interest.insert(.writable) }
    registry.change(
      pool.token(of: exchange.upstream.fd),
      from: exchange.upstream.interest,
      to: interest
    )
    exchange.upstream.interest = interest
  }
}
