internal import CLinux
internal import StaticAssets

/// The ends of forwarded requests: answered, refused, given up.
extension Forwarder {
  /// The status of a request in the log whose client left before it was answered.
  private static let abandonedStatus: UInt16 = 499
  /// How long before the app closes an idle connection it is not used any more, in milliseconds.
  private static let keepAliveMargin: Int64 = 500

  /// Answers for the app, which cannot; what was begun is delivered as far as it came, and broken off.
  mutating func fail(
    _ exchange: inout Exchange,
    _ status: ResponseStatus,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    leaveQueue(&exchange)
    queue.endAttempt(exchange.id, at: wake.now)
    if status == .gatewayTimeout { abandonUpstream(&exchange, at: wake.now) }
    releaseApp(&exchange, isReusable: false, &wake)
    // Content that was not read would be taken for the next request.
    if exchange.phase == .receivingContent || wake.isDraining { exchange.keepsAlive = false }
    exchange.contentDeadline = .max
    if exchange.sink.unsentCount == 0 { clients.deadlines.cancel(exchange.client) }
    beginDelivering(&exchange)
    if exchange.response.status == 0 {
      exchange.response.status = status.rawValue
      unsafe adder.add(Counter(status: status.rawValue))
      writeError(status, for: &exchange, &clients, &wake)
      push(&exchange, &clients, &wake)
    } else {
      exchange.response.isBroken = true
    }
    finishIfDelivered(&exchange, &clients, &wake)
  }

  /// Ends an exchange whose client has taken everything there is for it.
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

  /// Ends an exchange whose client is gone, or is given up, with its connection.
  mutating func drop(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    at now: Int64
  ) {
    guard !exchange.isOver else { return }
    exchange.isOver = true
    leaveQueue(&exchange)
    // Where the end of the connection would end the response, it must not look like one.
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

  /// Lets go of the app: its connection is kept for another request or closed, a handler's task
  /// cancelled.
  mutating func releaseApp(_ exchange: inout Exchange, isReusable: Bool, _ wake: inout Wake) {
    releaseHandler(&exchange, cancelling: true)
    if exchange.upstream.fd >= 0 {
      let keepAliveTime = exchange.response.keepAliveTime
      let idleTime = min(
        UpstreamPool.idleTime,
        keepAliveTime == .max ? .max : keepAliveTime - Self.keepAliveMargin
      )
      if isReusable, !wake.isDraining, idleTime > 0 {
        exchange.upstream.isPaused = false
        updateAppInterest(&exchange)
        pool.keep(exchange.upstream.fd, until: wake.now + idleTime)
        poolDeadline = min(poolDeadline, wake.now + idleTime)
        exchange.upstream.fd = -1
        exchange.upstream.interest = []
      } else {
        closeUpstream(&exchange)
      }
    }
    leaveShare(&exchange)
  }

  /// Gives the share of `exchange` to the request that waits longest for one.
  mutating func leaveShare(_ exchange: inout Exchange) {
    guard exchange.holdsShare else { return }
    exchange.holdsShare = false
    share.gate?.leave()
  }

  /// Gives up the place of `exchange` among those that wait for a share.
  private mutating func leaveQueue(_ exchange: inout Exchange) {
    guard exchange.phase == .queued else { return }
    exchange.phase = .exchanging
    share.gate?.giveUpPlace(share.loop)
  }
}
