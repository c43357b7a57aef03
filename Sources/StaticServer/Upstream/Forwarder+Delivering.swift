internal import CLinux
internal import StaticAssets

/// What the client of an exchange is sent: at once as far as it takes it, and the rest from its sink.
extension Forwarder {
  /// Bytes of a response that may wait to be written to a file before the app is not read any more.
  private static let unwrittenBytesMax = 256 << 10

  /// Moves what `wake.output` holds to the client of `exchange`; `wake.output` is empty then.
  ///
  /// A client that is gone ends the exchange.
  mutating func push(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    guard wake.output.count > 0, !exchange.isOver else {
      wake.output.clear()
      return
    }
    let client = clients.transport(exchange.client)
    let sentTotal = exchange.sink.sentTotal
    let mayUseFile = mayUseFile(exchange)
    guard exchange.sink.write(&wake.output, to: client, mayUseFile: mayUseFile) else {
      drop(&exchange, &clients, at: wake.now)
      return
    }
    unsafe adder.add(.bytesSent, Int(exchange.sink.sentTotal - sentTotal))
    guard exchange.sink.unsentCount > 0 else { return }
    if exchange.sink.rateDeadline == .max { beginRate(&exchange, &clients, at: wake.now) }
    write(.response, &exchange)
  }

  /// Gives the client time to take what there is for it.
  func beginRate(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    at now: Int64
  ) {
    let client = clients.transport(exchange.client)
    exchange.sink.beginRate(clients.limits.sending, client, at: now)
    clients.setDeadline(exchange.client, .rate, at: now)
  }

  private func mayUseFile(_ exchange: borrowing Exchange) -> Bool {
    // A handler that waits for its client holds up nobody else.
    exchange.call == nil && !exchange.response.isUnbuffered && !exchange.sink.spool.hasFailed
      && exchange.phase != .tunnel && share.spools != nil
  }

  /// Stops reading from the app while the client has enough to take.
  mutating func pauseIfFull(_ exchange: inout Exchange) {
    guard exchange.sink.unsentCount > 0 else { return }
    let room =
      mayUseFile(exchange) ? configuration.responseBytesMax : Int64(configuration.memoryBytesMax)
    let unwrittenCount = exchange.sink.spool.unwrittenCount
    let isFull =
      exchange.sink.spool.count >= room
      || (mayUseFile(exchange) && unwrittenCount > Self.unwrittenBytesMax)
    guard isFull else { return }
    exchange.upstream.isPaused = true
    if exchange.phase != .tunnel { deadlines.cancel(exchange.id.slot) }
    updateAppInterest(&exchange)
  }

  /// Sends what waits for the client as far as it takes it.
  mutating func sendToClient(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    let client = clients.transport(exchange.client)
    let sentTotal = exchange.sink.sentTotal
    let outcome = exchange.sink.flush(to: client, exchange.client)
    unsafe adder.add(.bytesSent, Int(exchange.sink.sentTotal - sentTotal))
    switch outcome {
    case .failed: drop(&exchange, &clients, at: wake.now)
    case .blocked:
      if exchange.sink.rateDeadline == .max { beginRate(&exchange, &clients, at: wake.now) }
      exchange.sink.noteTaken(clients.limits.sending, client, at: wake.now)
    case .finished:
      clients.deadlines.cancel(exchange.client)
      resumeApp(&exchange, at: wake.now)
      finishIfDelivered(&exchange, &clients, &wake)
    }
  }

  /// Reads from the app again, if that was paused and there is room.
  mutating func resumeApp(_ exchange: inout Exchange, at now: Int64) {
    guard exchange.upstream.isPaused else { return }
    if exchange.sink.unsentCount > 0 {
      // Only the writing was behind.
      guard mayUseFile(exchange), exchange.sink.spool.count < configuration.responseBytesMax,
        exchange.sink.spool.unwrittenCount <= Self.unwrittenBytesMax
      else { return }
    }
    exchange.upstream.isPaused = false
    exchange.call?.takeLater()
    setDeadline(exchange, exchange.phase == .tunnel ? .tunnel : .response, at: now)
    updateAppInterest(&exchange)
  }

  /// Waits for the client alone.
  mutating func beginDelivering(_ exchange: inout Exchange) {
    exchange.phase = .delivering
    exchange.upstream.isPaused = false
    deadlines.cancel(exchange.id.slot)
  }
}
