internal import CLinux
internal import Glibc
internal import StaticAssets

/// What the client of an exchange is sent: at once as far as it takes it, and the rest from memory
/// and then from a file, so that the app is never held by a slow client.
///
/// The unsafe parts are parts of `output`, which go to one call each.
extension EventLoop {
  /// Bytes that one client is sent in one turn, so that others get theirs.
  private static let bytesPerTurn: Int64 = 2 << 20

  /// Moves what `output` holds to the client of `exchange`; `output` is empty then.
  ///
  /// A client that is gone ends the exchange.
  mutating func push(_ exchange: ProxyExchange) {
    defer { output.clear() }
    guard output.count > 0, !exchange.isOver else { return }
    var sentCount = 0
    if exchange.unsentToClient == 0 {
      let result = unsafe clinux_send(exchange.client, output.start, output.count, 0)
      guard result >= 0 || result == -Int(EAGAIN) else {
        close(exchange.client)
        return
      }
      sentCount = max(0, result)
      unsafe adder.add(.bytesSent, sentCount)
      exchange.sentTotal += Int64(sentCount)
      guard sentCount < output.count else { return }
      beginWaiting(exchange)
    }
    store(exchange, from: sentCount)
    if !exchange.isOver { updateClientInterest(exchange) }
  }

  /// Gives the client time to take what there is for it.
  private mutating func beginWaiting(_ exchange: ProxyExchange) {
    exchange.takenTotal =
      exchange.sentTotal - Int64(max(0, clinux_unsent_count(exchange.client)))
    connections[exchange.client].deadline = limits.sending.deadline(from: now)
    nextSweep = min(nextSweep, connections[exchange.client].deadline)
  }

  /// Keeps what `output` holds from `start` on until the client takes it.
  private mutating func store(_ exchange: ProxyExchange, from start: Int) {
    let rest = unsafe UnsafeRawBufferPointer(
      start: output.start + start,
      count: output.count - start
    )
    let directory = mayUseFile(exchange) ? forwarder?.configuration.temporaryDirectory : nil
    let result = unsafe exchange.output.append(rest, fileIn: directory)
    guard result < 0 else { return }
    guard !exchange.output.usesFile else {
      // What is in the file comes first, and there is no place behind it.
      close(exchange.client)
      return
    }
    exchange.hasNoFile = true
    _ = unsafe exchange.output.append(rest, fileIn: nil)
  }

  private func mayUseFile(_ exchange: ProxyExchange) -> Bool {
    // A handler that waits for its client holds up nobody else.
    exchange.call == nil && !exchange.isUnbuffered && !exchange.hasNoFile
      && exchange.phase != .tunnel
  }

  /// Stops reading from the app while the client has enough to take.
  mutating func pauseIfFull(_ exchange: ProxyExchange) {
    guard let configuration = forwarder?.configuration, exchange.unsentToClient > 0 else { return }
    let room =
      mayUseFile(exchange) ? configuration.responseBytesMax : Int64(configuration.memoryBytesMax)
    guard exchange.output.count >= room else { return }
    exchange.isPaused = true
    exchange.deadline = .max
    updateAppInterest(exchange)
  }

  /// Sends what waits for the client as far as it takes it.
  mutating func drain(_ exchange: ProxyExchange) {
    let turnEnd = exchange.sentTotal + Self.bytesPerTurn
    while exchange.unsentToClient > 0, exchange.sentTotal < turnEnd {
      let result = exchange.sendToClient()
      if result == -Int(EAGAIN) || result == -Int(EINTR) { break }
      guard result > 0 else {
        close(exchange.client)
        return
      }
      exchange.sentTotal += Int64(result)
      unsafe adder.add(.bytesSent, result)
    }
    noteTaken(of: exchange)
    guard exchange.unsentToClient == 0 else {
      if connections[exchange.client].deadline == .max { beginWaiting(exchange) }
      updateClientInterest(exchange)
      return
    }
    exchange.file = nil
    exchange.output.clear()
    exchange.outputSent = 0
    connections[exchange.client].deadline = .max
    resumeApp(exchange)
    updateClientInterest(exchange)
    finishIfDelivered(exchange)
  }

  /// Reads from the app again.
  private mutating func resumeApp(_ exchange: ProxyExchange) {
    guard exchange.isPaused, let forwarder else { return }
    exchange.isPaused = false
    exchange.call?.takeLater()
    let time = exchange.phase == .tunnel ? forwarder.tunnelTime : forwarder.responseTime
    setDeadline(exchange, now + time)
    updateAppInterest(exchange)
  }

  /// Moves the deadline by what the client has taken since the last call, as for files.
  mutating func noteTaken(of exchange: ProxyExchange) {
    let unsentCount = Int64(max(0, clinux_unsent_count(exchange.client)))
    let gained = exchange.sentTotal - unsentCount - exchange.takenTotal
    guard gained > 0 else { return }
    exchange.takenTotal += gained
    let deadline = connections[exchange.client].deadline
    guard deadline < .max else { return }
    connections[exchange.client].deadline = limits.sending.deadline(
      deadline,
      after: gained,
      at: now
    )
  }

  /// Tells epoll what to report of the client.
  func updateClientInterest(_ exchange: ProxyExchange) {
    var interest: UInt32 = exchange.unsentToClient > 0 ? UInt32(CLINUX_WRITABLE) : 0
    switch exchange.phase {
    case .receivingContent:
      interest |= UInt32(CLINUX_READABLE)
    case .tunnel:
      if !exchange.clientHasFinished, exchange.unsentToApp == 0 {
        interest |= UInt32(CLINUX_READABLE)
      }
    case .waitingToConnect, .exchanging, .delivering:
      if interest == 0 { interest = exchange.watchInterest }
    }
    guard interest != exchange.clientInterest else { return }
    exchange.clientInterest = interest
    setInterest(exchange.client, interest)
  }
}
