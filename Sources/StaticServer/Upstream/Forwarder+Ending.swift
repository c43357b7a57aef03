internal import CLinux
internal import StaticAssets

/// The ends of forwarded requests: delivered, failed, abandoned.
extension Forwarder {
  /// The status in the log if the client left before the response.
  static let abandonedStatus: UInt16 = 499
  /// The margin before the announced idle time-out in which a connection is no longer reused, in
  /// milliseconds.
  private static let keepAliveMargin: Int64 = 500

  /// Sends an error in place of the app's response; a response that has begun is truncated.
  ///
  /// `reason` decides the status.
  mutating func fail(
    _ exchange: inout Exchange,
    _ reason: FailureReason,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    if exchange.peers.isAsking, exchange.response.status == 0 {
      return peerHasFailed(&exchange, &clients, &wake)
    }
    leaveQueue(&exchange)
    apps[exchange.app].queue.endAttempt(exchange.id, at: wake.now)
    guard let status = reason.response else { preconditionFailure("a reason without a response") }
    if status == .gatewayTimeout { abandonUpstream(&exchange, at: wake.now) }
    releaseApp(&exchange, isReusable: false, &wake)
    // Content that was not read would be parsed as the next request.
    if exchange.phase == .receivingContent || wake.isDraining { exchange.keepsAlive = false }
    exchange.contentDeadline = .max
    if exchange.sink.unsentCount == 0 { clients.deadlines.cancel(exchange.client) }
    beginDelivering(&exchange)
    if exchange.response.status == 0 {
      exchange.response.status = status.rawValue
      note(reason, &exchange)
      count(status.rawValue)
      writeError(status, for: &exchange, &clients, &wake)
      push(&exchange, &clients, &wake)
    } else {
      exchange.response.isBroken = true
      note(reason.insideContent, &exchange)
    }
    finishIfDelivered(&exchange, &clients, &wake)
  }

  /// Records why a request has failed; the first reason is kept.
  func note(_ reason: FailureReason, _ exchange: inout Exchange) {
    guard reason != .none, exchange.response.reason == .none else { return }
    exchange.response.reason = reason
    unsafe adder.add(reason)
  }

  /// Counts a response to a request that was for the app.
  func count(_ status: UInt16) {
    unsafe adder.add(Counter(status: status))
    unsafe adder.add(Counter(appStatus: status))
  }

  /// Ends an exchange whose client has received the whole response.
  mutating func finishIfDelivered(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    guard !exchange.isOver, exchange.phase == .delivering, exchange.sink.unsentCount == 0 else {
      return
    }
    let fd = exchange.client
    exchange.isOver = true
    clients.slab[fd].exchange = .none
    clients.watch(fd, .readable, was: exchange.clientInterest)
    guard !exchange.response.isBroken else {
      clients.breakOff(fd, &wake)
      return
    }
    clients.slab[fd].state = .reading
    guard exchange.keepsAlive else {
      clients.linger(fd, &wake)
      return
    }
    clients.setDeadline(fd, .keepAlive, at: wake.now)
    clients.slab[fd].awaitsHead = false
    if clients.slab[fd].hasInput || wake.isDraining { finished.append(fd) }
  }

  /// Ends an exchange whose client has disconnected, or is dropped, with its connection.
  ///
  /// - Parameter reason: the reason; nil if the client has left.
  mutating func drop(
    _ exchange: inout Exchange,
    for reason: FailureReason? = nil,
    _ clients: inout ClientConnections,
    at now: Int64
  ) {
    guard !exchange.isOver else { return }
    exchange.isOver = true
    if exchange.phase != .tunnel {
      let left = FailureReason(
        leavingIn: exchange.phase,
        isAsked: exchange.upstream.mayBeRead || exchange.call != nil,
        hasResponse: exchange.response.status != 0
      )
      note(reason ?? left, &exchange)
    }
    exchange.noteUnsent(exchange.sink.unsentCount)
    leaveQueue(&exchange)
    // If the response is delimited by the end of the connection, a reset marks it as truncated.
    if exchange.response.endsWithConnection { clients.transport(exchange.client).resetAtClose() }
    releaseHandler(&exchange, cancelling: true)
    abandonUpstream(&exchange, at: now)
    leaveShare(&exchange)
    if exchange.response.status == 0 {
      unsafe adder.add(.abandoned)
      exchange.response.status = Self.abandonedStatus
    }
    clients.slab[exchange.client].exchange = .none
    clients.close(exchange.client)
  }

  /// Releases the app: its connection becomes idle or is closed; a handler's task is cancelled.
  mutating func releaseApp(_ exchange: inout Exchange, isReusable: Bool, _ wake: inout Wake) {
    if exchange.appEndTime == 0 { exchange.appEndTime = wake.nanoseconds }
    releaseHandler(&exchange, cancelling: true)
    if exchange.upstream.fd >= 0 {
      let keepAliveTime = exchange.response.keepAliveTime
      let idleTime = min(
        UpstreamPool.idleTime,
        keepAliveTime == .max ? .max : keepAliveTime - Self.keepAliveMargin
      )
      // The address of the peer may have changed meanwhile.
      let isCurrent = !exchange.peers.isOfFile || exchange.peers.version == peersVersion
      if isReusable, isCurrent, !wake.isDraining, idleTime > 0 {
        exchange.upstream.isPaused = false
        updateAppInterest(&exchange)
        pool.keep(
          exchange.upstream.fd,
          until: wake.now + idleTime,
          in: wake.number
        )
        poolDeadline = min(poolDeadline, wake.now + idleTime)
        exchange.upstream.fd = -1
        exchange.upstream.interest = []
      } else {
        closeUpstream(&exchange)
      }
    }
    leaveShare(&exchange)
  }

  /// Releases the share of `exchange`; the request that waits longest gets it.
  mutating func leaveShare(_ exchange: inout Exchange) {
    guard exchange.holdsShare else { return }
    exchange.holdsShare = false
    gate(exchange.app)?.leave()
  }

  /// Releases the place of `exchange` in the queue for a share.
  private mutating func leaveQueue(_ exchange: inout Exchange) {
    guard exchange.phase == .queued else { return }
    exchange.phase = .exchanging
    gate(exchange.app)?.giveUpPlace(share.loop)
  }
}
