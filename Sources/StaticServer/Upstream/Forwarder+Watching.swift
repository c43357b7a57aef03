internal import CLinux
internal import StaticAssets

/// Watches clients that wait for their response and may leave.
extension Forwarder {
  /// Whether a client may shut down its sending side and wait.
  var allowsHalfClosedClients: Bool { configuration.allowsHalfClosedClients }

  /// Peeks at a readable client that waits: another request, a shutdown of its sending side, or an
  /// error.
  mutating func lookAtClient(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    switch clients.transport(exchange.client).peek() {
    case 0: clientDeparted(&exchange, &clients, &wake)
    // The kernel's buffer keeps the next request until this one is answered.
    case 1...: exchange.watch = .departure
    case -Int(CLINUX_AGAIN), -Int(CLINUX_INTERRUPTED): break
    default: drop(&exchange, &clients, at: wake.now)
    }
  }

  /// Handles the end of the client's sending side.
  ///
  /// A closed tab, a client that has given up and one that only shuts down its sending side look
  /// equal: TCP tells them apart only when bytes are sent (RFC 9112 §9.6). Unless half-closed
  /// clients are allowed, the app's work is cancelled. A response that the app has finished is
  /// delivered in any case.
  mutating func clientDeparted(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    if exchange.phase == .delivering || allowsHalfClosedClients {
      exchange.watch = .failure
    } else {
      drop(&exchange, &clients, at: wake.now)
    }
  }

  /// Updates the epoll events of the client.
  func updateClientInterest(_ exchange: inout Exchange, _ clients: inout ClientConnections) {
    let interest = clientInterest(exchange)
    guard interest != exchange.clientInterest else { return }
    clients.watch(exchange.client, interest, was: exchange.clientInterest)
    exchange.clientInterest = interest
  }

  private func clientInterest(_ exchange: borrowing Exchange) -> PollEvents? {
    let canSend = exchange.sink.canSend
    guard exchange.phase == .tunnel else {
      return ExchangeInterest.client(
        exchange.phase,
        canSend: canSend,
        storesMuch: Self.storesMuch(exchange),
        exchange.watch
      )
    }
    return exchange.tunnel.clientInterest(
      hasUnsentToClient: canSend,
      hasUnsentToApp: exchange.unsentToApp > 0
    )
  }
}
