internal import CLinux
internal import StaticAssets

/// Upgraded connections, such as WebSockets; `Tunnel` decides, this file acts.
///
/// Bytes pass in both directions; as many wait as the memory limit allows. A tunnel ends with one
/// side, or when both are idle.
///
/// The unsafe parts are ranges of `wake.input` and of stored input; each is passed to one call.
extension Forwarder {
  /// Switches the protocol according to the app's 101 response `head`, which was parsed from
  /// `bytes`.
  ///
  /// The app's bytes behind the head begin at `position` of `wake.input`.
  mutating func beginTunnel(
    _ exchange: inout Exchange,
    _ head: UpstreamResponseHead,
    _ bytes: Span<UInt8>,
    _ position: Int,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    guard exchange.request.agrees(to: head.upgrade, in: bytes) else {
      fail(&exchange, .unrequestedUpgrade, &clients, &wake)
      return
    }
    writeUpgradeHead(head, bytes, for: exchange, &wake)
    exchange.response.status = 101
    unsafe adder.add(.upgraded)
    exchange.keepsAlive = false
    exchange.phase = .tunnel
    tunnelCount += 1
    // A tunnel can last for hours and would block a share all that time.
    leaveShare(&exchange)
    exchange.content.clear()
    exchange.upstream.sentCount = 0
    exchange.upstream.stopsSending = false
    setDeadline(exchange, .tunnel, at: wake.now)
    push(&exchange, &clients, &wake)
    guard !exchange.isOver else { return }
    passToClient(&exchange, from: position, &clients, &wake)
    guard !exchange.isOver else { return }
    takeEarlyBytes(&exchange, &clients)
    sendToApp(&exchange)
    endTunnelIfOver(&exchange, &clients, &wake)
  }

  /// Takes the bytes that the client sent before it received the 101 response.
  private func takeEarlyBytes(_ exchange: inout Exchange, _ clients: inout ClientConnections) {
    guard clients.slab[exchange.client].hasInput else { return }
    let kept = clients.slab[work: exchange.client].input
    if let start = unsafe kept.start {
      let early = unsafe UnsafeRawBufferPointer(start: start, count: kept.count)
      unsafe exchange.content.append(early, mayUseFile: false)
    }
    clients.slab.dropWork(exchange.client)
  }

  /// Handles an event of the client of a tunnel.
  mutating func tunnelClientIsReady(
    _ exchange: inout Exchange,
    _ events: PollEvents,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    let steps = exchange.tunnel.steps(
      ofClient: events,
      hasUnsentToClient: exchange.sink.unsentCount > 0,
      hasUnsentToApp: exchange.unsentToApp > 0
    )
    run(steps, &exchange, &clients, &wake)
  }

  /// Handles an event of the app of a tunnel.
  mutating func tunnelAppIsReady(
    _ exchange: inout Exchange,
    _ events: PollEvents,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    let steps = exchange.tunnel.steps(
      ofApp: events,
      hasUnsentToApp: exchange.unsentToApp > 0,
      isPaused: exchange.upstream.isPaused
    )
    run(steps, &exchange, &clients, &wake)
  }

  private mutating func run(
    _ steps: Tunnel.Steps,
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    if steps.contains(.end) {
      drop(&exchange, &clients, at: wake.now)
      return
    }
    if steps.contains(.noteClientGone) { exchange.tunnel.clientIsGone = true }
    if steps.contains(.sendToClient) { sendToClient(&exchange, &clients, &wake) }
    if steps.contains(.receiveFromClient), !exchange.isOver {
      receiveFromTunnelClient(&exchange, &clients, &wake)
    }
    if steps.contains(.sendToApp), !exchange.isOver { sendToApp(&exchange) }
    if steps.contains(.receiveFromApp), !exchange.isOver {
      receiveFromTunnelApp(&exchange, &clients, &wake)
    }
    if !exchange.isOver { endTunnelIfOver(&exchange, &clients, &wake) }
  }

  private mutating func receiveFromTunnelClient(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    wake.input.clear()
    let client = clients.transport(exchange.client)
    let result = unsafe client.receive(wake.input.start, wake.input.room)
    if result == -Int(CLINUX_AGAIN) || result == -Int(CLINUX_INTERRUPTED) { return }
    guard result >= 0 else {
      drop(&exchange, &clients, at: wake.now)
      return
    }
    guard result > 0 else {
      exchange.tunnel.clientHasFinished = true
      return
    }
    let part = unsafe UnsafeRawBufferPointer(start: wake.input.start, count: result)
    unsafe exchange.content.append(part, mayUseFile: false)
    setDeadline(exchange, .tunnel, at: wake.now)
    sendToApp(&exchange)
  }

  private mutating func receiveFromTunnelApp(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    wake.input.clear()
    let result = unsafe clinux_receive(
      exchange.upstream.fd,
      wake.input.start,
      wake.input.room
    )
    if result == -Int(CLINUX_AGAIN) || result == -Int(CLINUX_INTERRUPTED) { return }
    guard result > 0 else {
      // The bytes that the app sent before its end are still delivered.
      exchange.tunnel.appHasFinished = true
      exchange.content.clear()
      exchange.upstream.sentCount = 0
      closeUpstream(&exchange)
      return
    }
    wake.input.take(result)
    setDeadline(exchange, .tunnel, at: wake.now)
    passToClient(&exchange, from: 0, &clients, &wake)
  }

  /// Sends the client's bytes to the app until the socket is full.
  private func sendToApp(_ exchange: inout Exchange) {
    while exchange.unsentToApp > 0 {
      let result = exchange.content.send(
        to: exchange.upstream.fd,
        from: exchange.upstream.sentCount
      )
      if result == -Int(CLINUX_AGAIN) || result == -Int(CLINUX_INTERRUPTED) { break }
      guard result > 0 else {
        // The app may have sent its last bytes before it closed, so reading goes on.
        exchange.tunnel.appIsClosed = true
        exchange.content.clear()
        exchange.upstream.sentCount = 0
        break
      }
      exchange.upstream.sentCount += Int64(result)
    }
    if exchange.unsentToApp == 0 {
      exchange.content.clear()
      exchange.upstream.sentCount = 0
    }
    updateAppInterest(&exchange)
  }

  private mutating func passToClient(
    _ exchange: inout Exchange,
    from position: Int,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    let count = wake.input.count - position
    guard count > 0, !exchange.tunnel.clientIsGone else { return }
    exchange.response.bodyByteCount += Int64(count)
    unsafe wake.output.append(wake.input.start + position, count)
    push(&exchange, &clients, &wake)
    guard !exchange.isOver else { return }
    pauseIfFull(&exchange)
  }

  /// Passes the end of the client's sending side on to the app; ends the tunnel if it is over.
  private mutating func endTunnelIfOver(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    let hasUnsentToApp = exchange.unsentToApp > 0
    if exchange.tunnel.passesOnFinish(hasUnsentToApp: hasUnsentToApp), exchange.upstream.fd >= 0 {
      exchange.tunnel.finishIsPassedOn = true
      _ = clinux_finish_sending(exchange.upstream.fd)
    }
    let hasUnsentToClient = exchange.sink.unsentCount > 0
    guard
      exchange.tunnel.isOver(
        hasUnsentToClient: hasUnsentToClient,
        hasUnsentToApp: hasUnsentToApp
      )
    else { return }
    endTunnel(&exchange, &clients, &wake)
  }

  /// Ends a tunnel in order: shuts down the sending side to the client and discards input for a
  /// time.
  private mutating func endTunnel(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    exchange.isOver = true
    closeUpstream(&exchange)
    let fd = exchange.client
    clients.slab[fd].exchange = .none
    clients.slab[fd].state = .reading
    clients.watch(fd, .readable, was: exchange.clientInterest)
    clients.linger(fd, &wake)
  }

  /// Ends every tunnel, because the server stops, except those that the first app closes itself.
  mutating func endTunnels(
    _ clients: inout ClientConnections,
    _ log: inout RequestLog,
    _ wake: inout Wake
  ) {
    var next = deadlines.oldest(in: ExchangeDeadline.tunnel.rawValue)
    while let slot = next {
      next = deadlines.successor(of: slot)
      guard var exchange = exchanges.take(exchanges.id(at: slot)) else { continue }
      guard exchange.app != 0 || configuration.endsTunnelsAtStop else {
        exchanges.put(exchange)
        continue
      }
      endTunnel(&exchange, &clients, &wake)
      settle(exchange, &clients, &log, &wake)
    }
  }
}

extension ForwardedRequest {
  /// Whether the client requested the protocol in `slice` of `bytes`, which must be one only.
  fileprivate func agrees(to slice: ByteSlice, in bytes: Span<UInt8>) -> Bool {
    let answered = slice.range.map { bytes[$0] | 0x20 }
    var items = ListItems(0..<upgrade.count)
    while let item = items.next(upgrade.span) {
      if item.map({ upgrade[$0] | 0x20 }) == answered { return true }
    }
    return false
  }
}
