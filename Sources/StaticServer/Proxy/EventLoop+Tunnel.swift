internal import CLinux
internal import Glibc
internal import StaticAssets

/// Connections that speak another protocol, such as WebSocket: bytes go both ways, no more of them
/// waiting than fit in memory, until one side ends or both are silent.
///
/// Source: RFC 9110 §7.8. The unsafe parts are parts of `input` and of what a connection keeps,
/// which go to one call each.
extension EventLoop {
  /// Changes the protocol as the app agrees in `head`, which was parsed from `bytes`; what follows
  /// it in `input` begins at `position`.
  mutating func beginTunnel(
    _ exchange: ProxyExchange,
    _ head: AppResponseHead,
    _ bytes: Span<UInt8>,
    _ position: Int
  ) {
    guard let forwarder, exchange.agrees(to: head.upgrade, in: bytes) else {
      fail(exchange, .badGateway)
      return
    }
    writeUpgradeHead(head, bytes, for: exchange)
    exchange.status = 101
    exchange.keepsAlive = false
    exchange.phase = .tunnel
    exchange.content.clear()
    exchange.sentCount = 0
    exchange.stopsSending = false
    push(exchange)
    guard !exchange.isOver else { return }
    passToClient(exchange, from: position)
    guard !exchange.isOver else { return }
    // What the client has sent without waiting for the answer.
    let kept = connections[exchange.client].input
    if let start = unsafe kept.start {
      let early = unsafe UnsafeRawBufferPointer(start: start, count: kept.count)
      _ = unsafe exchange.content.append(early, fileIn: nil)
      connections[exchange.client].input.free()
    }
    exchange.watchInterest = UInt32(CLINUX_READABLE)
    setDeadline(exchange, now + forwarder.tunnelTime)
    sendToApp(exchange)
  }

  /// The client has sent, or takes more.
  mutating func tunnelClientIsReady(_ exchange: ProxyExchange) {
    if exchange.unsentToClient > 0 {
      drain(exchange)
    } else if exchange.clientHasFinished {
      // Nothing was asked for, so this is the end of both directions.
      close(exchange.client)
    }
    guard !exchange.isOver, !exchange.clientHasFinished, exchange.unsentToApp == 0 else { return }
    input.clear()
    let result = unsafe clinux_receive(exchange.client, input.start, input.room)
    if result == -Int(EAGAIN) || result == -Int(EINTR) { return }
    guard result >= 0 else {
      close(exchange.client)
      return
    }
    guard result > 0 else {
      exchange.clientHasFinished = true
      _ = clinux_finish_sending(exchange.app)
      updateClientInterest(exchange)
      return
    }
    let part = unsafe UnsafeRawBufferPointer(start: input.start, count: result)
    _ = unsafe exchange.content.append(part, fileIn: nil)
    prolong(exchange)
    sendToApp(exchange)
  }

  /// The app has sent, or takes more.
  mutating func tunnelAppIsReady(_ exchange: ProxyExchange) {
    if exchange.unsentToApp > 0 { sendToApp(exchange) }
    guard !exchange.isOver, !exchange.isPaused else { return }
    input.clear()
    let result = unsafe clinux_receive(exchange.app, input.start, input.room)
    if result == -Int(EAGAIN) || result == -Int(EINTR) { return }
    guard result > 0 else {
      // What the app has sent before its end is delivered.
      releaseApp(exchange, isReusable: false)
      exchange.phase = .delivering
      exchange.deadline = .max
      updateClientInterest(exchange)
      finishIfDelivered(exchange)
      return
    }
    input.take(result)
    prolong(exchange)
    passToClient(exchange, from: 0)
  }

  /// Sends what has come from the client as far as the app takes it.
  private mutating func sendToApp(_ exchange: ProxyExchange) {
    while exchange.unsentToApp > 0 {
      let result = exchange.content.send(to: exchange.app, from: exchange.sentCount)
      if result == -Int(EAGAIN) || result == -Int(EINTR) { break }
      guard result > 0 else {
        close(exchange.client)
        return
      }
      exchange.sentCount += Int64(result)
    }
    if exchange.unsentToApp == 0 {
      exchange.content.clear()
      exchange.sentCount = 0
    }
    updateAppInterest(exchange)
    updateClientInterest(exchange)
  }

  private mutating func passToClient(_ exchange: ProxyExchange, from position: Int) {
    let count = input.count - position
    guard count > 0 else { return }
    exchange.bodyByteCount += Int64(count)
    unsafe output.append(input.start + position, count)
    push(exchange)
    guard !exchange.isOver else { return }
    pauseIfFull(exchange)
  }

  private mutating func prolong(_ exchange: ProxyExchange) {
    guard let forwarder else { return }
    setDeadline(exchange, now + forwarder.tunnelTime)
  }
}

extension ProxyExchange {
  /// Whether the client asked for the one protocol in `slice` of `bytes`.
  fileprivate func agrees(to slice: ByteSlice, in bytes: Span<UInt8>) -> Bool {
    let answered = slice.range.map { bytes[$0] | 0x20 }
    let asked = request.upgrade
    var items = ListItems(0..<asked.count)
    while let item = items.next(asked.span) {
      if item.map({ asked[$0] | 0x20 }) == answered { return true }
    }
    return false
  }
}
