internal import CLinux
internal import StaticAssets

/// The ends of forwarded requests: answered, refused, given up; and the times that lead to them.
extension EventLoop {
  /// The status of a request in the log whose client left before it was answered.
  private static let abandonedStatus: UInt16 = 499

  /// Answers for the app, which cannot; what was begun is broken off.
  mutating func fail(_ exchange: ProxyExchange, _ status: ResponseStatus) {
    releaseApp(exchange, isReusable: false)
    // Content that was not read would be taken for the next request.
    if exchange.phase == .receivingContent || drainDeadline != nil { exchange.keepsAlive = false }
    exchange.phase = .delivering
    exchange.deadline = .max
    if exchange.unsentToClient == 0 { connections[exchange.client].deadline = .max }
    if exchange.status == 0 {
      exchange.status = status.rawValue
      unsafe adder.add(Counter(status: status.rawValue))
      writePage(status, for: exchange)
      push(exchange)
    } else {
      exchange.isBroken = true
    }
    finishIfDelivered(exchange)
  }

  /// Ends an exchange whose client has taken everything there is for it.
  mutating func finishIfDelivered(_ exchange: ProxyExchange) {
    guard !exchange.isOver, exchange.phase == .delivering, exchange.unsentToClient == 0 else {
      return
    }
    let number = exchange.client
    guard !exchange.isBroken else {
      unsafe adder.add(.broken)
      close(number)
      return
    }
    logExchange(exchange)
    exchange.isOver = true
    forwarder?.remove(exchange)
    connections[number].state = .reading
    if exchange.clientInterest != UInt32(CLINUX_READABLE) {
      setInterest(number, UInt32(CLINUX_READABLE))
    }
    guard exchange.keepsAlive else {
      linger(number)
      return
    }
    connections[number].deadline = now + limits.keepAlive
    connections[number].timesHead = false
    nextSweep = min(nextSweep, connections[number].deadline)
    guard connections[number].input.count > 0 || drainDeadline != nil else { return }
    forwarder?.ready.append(number)
    // At once, in this turn or the next.
    forwardsAgain = 0
  }

  /// Lets go of the exchange of connection `number`, which ends.
  @inline(never)
  mutating func dropExchange(of number: Int32) {
    guard let exchange = forwarder?.exchange(of: number) else { return }
    exchange.isOver = true
    // Where the end of the connection would end the response, it must not look like one.
    if exchange.endsWithConnection { _ = clinux_reset_at_close(number) }
    releaseApp(exchange, isReusable: false)
    forwarder?.remove(exchange)
    if exchange.status == 0 {
      unsafe adder.add(.abandoned)
      exchange.status = Self.abandonedStatus
    }
    logExchange(exchange)
  }

  private mutating func logExchange(_ exchange: ProxyExchange) {
    guard log.isOn else { return }
    let line = RequestLog.Line(
      peer: exchange.origin.address,
      status: exchange.status,
      bodyByteCount: exchange.bodyByteCount,
      seconds: clinux_realtime_seconds()
    )
    let bytes = exchange.headBytes
    let appHead = exchange.appHead
    log.add(
      line,
      exchange.head,
      in: bytes.span,
      identifier: exchange.origin.identifier,
      in: appHead.span,
      now: now
    )
  }

  /// The time of the client of an exchange may have passed: to send content, or to take what there
  /// is for it.
  @inline(never)
  mutating func expireForwarded(_ number: Int32) {
    guard let exchange = forwarder?.exchange(of: number) else { return }
    if exchange.phase == .receivingContent {
      unsafe adder.add(.slowContent)
      fail(exchange, .requestTimeout)
      return
    }
    noteTaken(of: exchange)
    guard connections[number].deadline <= now else { return }
    unsafe adder.add(.slowReader)
    close(number)
  }

  /// Does what is due: requests that follow a finished one, tries to connect, time-outs of the app
  /// and of kept connections.
  @inline(never)
  mutating func sweepForwarding() {
    guard let forwarder else { return }
    forwardsAgain = .max
    answerReady(forwarder)
    var next = Int64.max
    for exchange in forwarder.all {
      if exchange.phase == .waitingToConnect, exchange.retryTime <= now { connectToApp(exchange) }
      if !exchange.isOver, exchange.deadline <= now { expireApp(exchange) }
      guard !exchange.isOver else { continue }
      next = min(next, exchange.deadline)
      if exchange.phase == .waitingToConnect { next = min(next, exchange.retryTime) }
    }
    next = min(next, forwarder.apps.expire(at: now))
    forwardsAgain = min(forwardsAgain, max(next, now + 5))
  }

  /// Answers what clients have sent behind a request that is finished now.
  private mutating func answerReady(_ forwarder: Forwarder) {
    let numbers = forwarder.ready
    forwarder.ready = []
    for number in numbers where connections[number].state == .reading {
      if connections[number].input.count > 0 {
        input.clear()
        takeInput(of: number)
        answerAgain(number)
      } else if drainDeadline != nil {
        endIdle(number)
      }
    }
  }

  /// The app has not done for its time what it was asked.
  private mutating func expireApp(_ exchange: ProxyExchange) {
    guard exchange.phase != .tunnel else {
      close(exchange.client)
      return
    }
    fail(exchange, .gatewayTimeout)
  }
}
