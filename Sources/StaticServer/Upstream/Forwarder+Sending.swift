internal import CLinux
internal import Glibc
internal import StaticAssets

/// A request on the connection to the app: its bytes, its repetition, and the end of the
/// connection.
extension Forwarder {
  /// The limit of content bytes sent to the app per turn, so that the loop serves others.
  private static let contentBytesPerTurn: Int64 = 2 << 20

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
      if exchange.upstream.sentCount == 0 {
        apps[exchange.app].queue.endAttempt(exchange.id, at: wake.now)
      }
      exchange.upstream.sentCount += Int64(result)
      // If reading from the app is paused because of its client, the time-out does not apply.
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
  /// Bytes received before the first byte of a request was sent do not respond to it (RFC 9110
  /// §15.5.9), so the request gets a new connection. If the app closed an established connection,
  /// it may have sent a response before, so reading continues.
  private mutating func sendingFailed(
    _ exchange: inout Exchange,
    _ code: Int32,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    if exchange.upstream.sentCount == 0, exchange.upstream.isReused {
      // No byte was sent, so this is not a repetition.
      closeUpstream(&exchange)
      connect(&exchange, &clients, &wake)
    } else if exchange.upstream.sentCount > 0 || ConnectFailure.isClose(code) {
      exchange.upstream.stopsSending = true
      updateAppInterest(&exchange)
      receiveResponse(&exchange, &clients, &wake)
    } else {
      closeUpstream(&exchange)
      connectingFailed(&exchange, code, &clients, &wake)
    }
  }

  /// Repeats a request that got no response, or sends an error.
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
    let app = apps[exchange.app].retry
    guard RetryPolicy.mayRepeat(attempt, app) else {
      fail(&exchange, isReset ? .resetBeforeHead : .closedBeforeHead, &clients, &wake)
      return
    }
    if RetryPolicy.isCertainlyUnread(attempt, app) {
      exchange.upstream.unreadCount += 1
    } else {
      exchange.upstream.repeatCount += 1
    }
    if attempt.sentByteCount > 0 { unsafe adder.add(.repeated) }
    closeUpstream(&exchange)
    connect(&exchange, &clients, &wake)
  }

  /// Abandons an app that may still work on a request whose client has left: the sending side is
  /// shut down, and the share is released when the app has finished.
  ///
  /// An app that has begun its response notices the close at its next write.
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
    // The connection holds the share now.
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
    guard exchange.peers.isAsking else {
      deadlines.set(exchange.id.slot, deadline.rawValue, at: now)
      return
    }
    // Until a peer's head is complete, partial heads do not extend the deadline.
    let isSet = deadlines.queue(of: exchange.id.slot) == ExchangeDeadline.peer.rawValue
    guard !isSet || exchange.response.framing != nil else { return }
    deadlines.set(exchange.id.slot, ExchangeDeadline.peer.rawValue, at: now)
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
