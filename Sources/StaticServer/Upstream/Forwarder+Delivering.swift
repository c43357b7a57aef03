internal import CLinux
internal import StaticAssets

/// Sends response bytes to the client of an exchange: at once if the socket allows, else by its
/// sink.
extension Forwarder {
  /// The limit of response bytes that wait to be written to a file; at the limit, reading from the
  /// app pauses.
  private static let unwrittenBytesMax = 256 << 10

  /// Moves `wake.output` to the client of `exchange` or its sink; `wake.output` is empty
  /// afterwards.
  ///
  /// If the client has disconnected, the exchange ends.
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
    let byteCount = wake.output.count
    guard exchange.sink.write(&wake.output, to: client, mayUseFile: mayUseFile) else {
      exchange.noteUnsent(Int64(byteCount))
      drop(&exchange, &clients, at: wake.now)
      return
    }
    unsafe adder.add(.bytesSent, Int(exchange.sink.sentTotal - sentTotal))
    guard exchange.sink.unsentCount > 0 else { return }
    if exchange.sink.rateDeadline == .max { beginRate(&exchange, &clients, at: wake.now) }
    write(.response, &exchange)
  }

  /// Starts the deadline for the client to receive the waiting bytes.
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
    // A handler that suspends for its client delays no other request.
    exchange.call == nil && !exchange.response.isUnbuffered && !exchange.sink.spool.hasFailed
      && exchange.phase != .tunnel && share.spools != nil
  }

  /// Pauses reading from the app if enough bytes wait for the client.
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

  /// Sends waiting bytes to the client until the socket is full.
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
    case .fileFailed: drop(&exchange, for: .brokenFile, &clients, at: wake.now)
    case .blocked:
      if exchange.sink.rateDeadline == .max { beginRate(&exchange, &clients, at: wake.now) }
      exchange.sink.noteTaken(clients.limits.sending, client, at: wake.now)
    case .finished:
      clients.deadlines.cancel(exchange.client)
      if exchange.phase == .receivingContent {
        clients.setDeadline(exchange.client, .rate, at: wake.now)
      }
      resumeApp(&exchange, at: wake.now)
      finishIfDelivered(&exchange, &clients, &wake)
    }
  }

  /// Resumes reading from the app if it was paused and there is room.
  mutating func resumeApp(_ exchange: inout Exchange, at now: Int64) {
    guard exchange.upstream.isPaused else { return }
    if exchange.sink.unsentCount > 0 {
      // Bytes wait: resume only if the spool's file may grow and the writes have caught up.
      guard mayUseFile(exchange), exchange.sink.spool.count < configuration.responseBytesMax,
        exchange.sink.spool.unwrittenCount <= Self.unwrittenBytesMax
      else { return }
    }
    exchange.upstream.isPaused = false
    exchange.call?.takeLater()
    setDeadline(exchange, exchange.phase == .tunnel ? .tunnel : .response, at: now)
    updateAppInterest(&exchange)
  }

  /// Waits only for the client from now on.
  mutating func beginDelivering(_ exchange: inout Exchange) {
    // Content that was not read would be parsed as the next request.
    if exchange.phase == .receivingContent { exchange.keepsAlive = false }
    exchange.contentDeadline = .max
    exchange.phase = .delivering
    exchange.upstream.isPaused = false
    deadlines.cancel(exchange.id.slot)
  }
}
