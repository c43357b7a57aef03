internal import CLinux
internal import StaticAssets

/// The entry points: events and expired deadlines of exchanges.
extension Forwarder {
  /// The next deadline in monotonic milliseconds; `Int64.max` if there is none.
  var nextDeadline: Int64 {
    var next = min(deadlines.next, poolDeadline)
    for number in apps.indices { next = min(next, apps[number].queue.retryTime) }
    return next
  }

  /// Handles an event of the client of exchange `id`.
  mutating func clientIsReady(
    _ id: ExchangeID,
    _ events: PollEvents,
    _ clients: inout ClientConnections,
    _ log: inout RequestLog,
    _ wake: inout Wake
  ) {
    guard var exchange = exchanges.take(id) else { return }
    let canSend = exchange.sink.canSend
    switch ExchangeReaction(exchange.phase, events, canSend: canSend, exchange.watch) {
    case .ignore: break
    case .receiveContent: receiveContent(&exchange, &clients, &wake)
    case .send: sendToClient(&exchange, &clients, &wake)
    case .look: lookAtClient(&exchange, &clients, &wake)
    case .departed: clientDeparted(&exchange, &clients, &wake)
    case .abandon: drop(&exchange, &clients, at: wake.now)
    case .tunnel: tunnelClientIsReady(&exchange, events, &clients, &wake)
    }
    settle(exchange, &clients, &log, &wake)
  }

  /// Checks the rate deadline of the client of exchange `id`.
  mutating func clientDeadlinePassed(
    _ id: ExchangeID,
    _ clients: inout ClientConnections,
    _ log: inout RequestLog,
    _ wake: inout Wake
  ) {
    guard var exchange = exchanges.take(id) else { return }
    if exchange.phase == .receivingContent {
      if Self.storesMuch(exchange) {
        // Receiving was paused by this server, because the disk is slow.
        beginContent(&exchange, &clients, at: wake.now)
      } else if exchange.contentDeadline <= wake.now {
        unsafe adder.add(Counter.slowContent)
        fail(&exchange, .slowContent, &clients, &wake)
      } else {
        clients.setDeadline(exchange.client, .rate, at: wake.now)
      }
    } else {
      let client = clients.transport(exchange.client)
      exchange.sink.noteTaken(clients.limits.sending, client, at: wake.now)
      if exchange.sink.unsentCount > 0, !exchange.sink.canSend {
        // The client has received all bytes that can be sent; the rest is being written.
        beginRate(&exchange, &clients, at: wake.now)
      } else if exchange.sink.rateDeadline <= wake.now {
        unsafe adder.add(Counter.slowReader)
        drop(&exchange, for: .slowReader, &clients, at: wake.now)
      } else if exchange.sink.rateDeadline < .max {
        clients.setDeadline(exchange.client, .rate, at: wake.now)
      }
    }
    settle(exchange, &clients, &log, &wake)
  }

  /// Handles an event of the app connection `token`.
  mutating func upstreamIsReady(
    _ token: PollToken,
    _ events: PollEvents,
    _ clients: inout ClientConnections,
    _ log: inout RequestLog,
    _ wake: inout Wake
  ) {
    guard let id = pool.exchange(of: token) else { return }
    guard id != .none, var exchange = exchanges.take(id) else {
      // Bytes on an idle connection signal its end, or belong to no request. On a connection with
      // an abandoned request they show that the app has finished it.
      let app = pool.appOfShare(token.fd)
      pool.close(token.fd)
      if let app { gate(app)?.leave() }
      publishConnections()
      return
    }
    if exchange.phase == .tunnel {
      tunnelAppIsReady(&exchange, events, &clients, &wake)
    } else {
      if exchange.unsentToApp > 0 { sendRequest(&exchange, &clients, &wake) }
      let isAnswering = exchange.upstream.fd == token.fd && exchange.upstream.mayAnswer
      if !exchange.isOver, isAnswering, !exchange.upstream.isPaused {
        receiveResponse(&exchange, &clients, &wake)
      }
    }
    settle(exchange, &clients, &log, &wake)
  }

  /// Handles handler output, finished spool writes, and granted shares.
  mutating func mailHasCome(
    _ clients: inout ClientConnections,
    _ log: inout RequestLog,
    _ wake: inout Wake
  ) {
    for call in mailbox.takeCalls() {
      guard var exchange = exchanges.take(call.exchange) else { continue }
      receive(from: call, &exchange, &clients, &wake)
      settle(exchange, &clients, &log, &wake)
    }
    for result in mailbox.takeWritten() {
      guard var exchange = exchanges.take(result.exchange) else { continue }
      noteWritten(result, &exchange, &clients, &wake)
      settle(exchange, &clients, &log, &wake)
    }
    for app in mailbox.takeGrants() { startQueued(app, &clients, &log, &wake) }
  }

  /// Starts the request that waits longest for a share of app `app`, with a share just granted.
  private mutating func startQueued(
    _ app: Int,
    _ clients: inout ClientConnections,
    _ log: inout RequestLog,
    _ wake: inout Wake
  ) {
    while let id = apps[app].queue.waiting.popFirst() {
      guard var exchange = exchanges.take(id) else { continue }
      // A request that has failed meanwhile may still have to deliver its error response.
      guard exchange.phase == .queued else {
        settle(exchange, &clients, &log, &wake)
        continue
      }
      // The event for the end of its client may not have been handled yet.
      lookAtClient(&exchange, &clients, &wake)
      guard !exchange.isOver else {
        settle(exchange, &clients, &log, &wake)
        continue
      }
      exchange.holdsShare = true
      startRequest(&exchange, &clients, &wake)
      settle(exchange, &clients, &log, &wake)
      return
    }
    // All waiting requests have left: release the share.
    gate(app)?.leave()
  }

  /// Handles expired deadlines: of the app, of connection attempts, of idle connections.
  @inline(never)
  mutating func expire(
    _ clients: inout ClientConnections,
    _ log: inout RequestLog,
    _ wake: inout Wake
  ) {
    while let (slot, deadline) = deadlines.popExpired(at: wake.now) {
      guard var exchange = exchanges.take(exchanges.id(at: slot)) else { continue }
      appDeadlinePassed(ExchangeDeadline(rawValue: deadline), &exchange, &clients, &wake)
      settle(exchange, &clients, &log, &wake)
    }
    for app in apps.indices where apps[app].queue.retryTime <= wake.now {
      retryStalled(app, &clients, &log, &wake)
    }
    if poolDeadline <= wake.now {
      for app in pool.expireAbandoned(at: wake.now) { gate(app)?.leave() }
      poolDeadline = min(pool.expire(at: wake.now), pool.abandonedDeadline)
    }
    publishConnections()
  }

  /// Connects for the stalled requests of app `app` in turn, until an attempt fails or is in
  /// progress.
  private mutating func retryStalled(
    _ app: Int,
    _ clients: inout ClientConnections,
    _ log: inout RequestLog,
    _ wake: inout Wake
  ) {
    while let id = apps[app].queue.takeForRetry(at: wake.now) {
      guard var exchange = exchanges.take(id) else {
        apps[app].queue.tryNext(at: wake.now)
        continue
      }
      guard exchange.phase == .stalled else {
        settle(exchange, &clients, &log, &wake)
        apps[app].queue.tryNext(at: wake.now)
        continue
      }
      apps[app].queue.noteAttempt(id)
      connectToApp(&exchange, &clients, &wake)
      settle(exchange, &clients, &log, &wake)
    }
  }

  private mutating func appDeadlinePassed(
    _ deadline: ExchangeDeadline?,
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    switch deadline {
    // While the app is starting, the hold time applies instead.
    case .queue
    where apps[exchange.app].queue.isStalled
      && wake.now < exchange.queueTime + apps[exchange.app].holdTime:
      setDeadline(exchange, .queue, at: wake.now)
    case .queue: fail(&exchange, .queueTimeout, &clients, &wake)
    case .hold: fail(&exchange, apps[exchange.app].queue.cause, &clients, &wake)
    case .connect where exchange.phase == .stalled:
      fail(&exchange, apps[exchange.app].queue.cause, &clients, &wake)
    case .connect: fail(&exchange, .connectTimeout, &clients, &wake)
    case .response: fail(&exchange, .responseTimeout, &clients, &wake)
    case .tunnel: drop(&exchange, &clients, at: wake.now)
    case .peer: fail(&exchange, .responseTimeout, &clients, &wake)
    case nil: break
    }
  }

  /// Ends exchange `id`, because its client's connection ends with the server.
  mutating func abandon(
    _ id: ExchangeID,
    _ clients: inout ClientConnections,
    _ log: inout RequestLog,
    _ wake: inout Wake
  ) {
    guard var exchange = exchanges.take(id) else { return }
    drop(&exchange, for: .stopped, &clients, at: wake.now)
    settle(exchange, &clients, &log, &wake)
  }

  /// Puts an exchange back into the slab, or releases its slot and logs it if it is over.
  mutating func settle(
    _ exchange: consuming Exchange,
    _ clients: inout ClientConnections,
    _ log: inout RequestLog,
    _ wake: inout Wake
  ) {
    wake.output.clear()
    guard exchange.isOver else {
      updateClientInterest(&exchange, &clients)
      exchanges.put(exchange)
      publishConnections()
      return
    }
    deadlines.cancel(exchange.id.slot)
    if exchange.phase == .tunnel { tunnelCount -= 1 }
    if exchange.peers.isCounted { peersAskedCount -= 1 }
    apps[exchange.app].queue.endAttempt(exchange.id, at: wake.now)
    observe(exchange, wake)
    if log.isOn { add(exchange, to: &log, wake) }
    exchanges.release(exchange.id)
  }

  /// Records the duration of an exchange, and the current numbers of connections to the app.
  private func observe(_ exchange: borrowing Exchange, _ wake: borrowing Wake) {
    unsafe adder.set(.tunnelsOpen, tunnelCount)
    publishConnections()
    guard measures, exchange.response.status != 101 else { return }
    let duration = max(0, wake.nanoseconds - exchange.startTime)
    unsafe adder.add(Latency.Responder.app, nanoseconds: duration)
    unsafe adder.add(exchange.response.coding.counter)
  }

  /// Publishes the current number of connections to the app.
  private func publishConnections() {
    unsafe adder.set(.upstreamOpen, pool.openCount)
    unsafe adder.set(.upstreamIdle, pool.idleCount)
  }

  private func add(
    _ exchange: borrowing Exchange,
    to log: inout RequestLog,
    _ wake: borrowing Wake
  ) {
    var line = RequestLog.Line(
      peer: exchange.origin.address,
      status: exchange.response.status,
      bodyByteCount: exchange.response.bodyByteCount,
      coding: exchange.response.coding,
      isSecure: exchange.origin.isSecure,
      connection: exchange.origin.connection,
      duration: wake.nanoseconds - exchange.startTime,
      reason: exchange.response.reason
    )
    line.upstreamDuration = exchange.appDuration(until: wake.nanoseconds)
    line.identifier = exchange.origin.identifier
    line.host = exchange.origin.host
    let bytes = exchange.headBytes
    let appHead = exchange.appHead
    log.add(line, exchange.head, in: bytes.span, identifierIn: appHead.span, wake.moment)
  }
}
