internal import CLinux
internal import StaticAssets

/// Clients that wait for their response, and may leave meanwhile.
extension Forwarder {
  /// Looks why a client that waits for its response is readable: it has sent another request, or has
  /// ended its side, or is gone.
  mutating func lookAtClient(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    switch clients.transport(exchange.client).peek() {
    case 0: clientDeparted(&exchange, &clients, &wake)
    // Another request waits in the system's buffer until this one is answered.
    case 1...: exchange.watch = .departure
    case -Int(CLINUX_AGAIN), -Int(CLINUX_INTERRUPTED): break
    default: drop(&exchange, &clients, at: wake.now)
    }
  }

  /// The client has ended its side.
  ///
  /// A closed tab, a client that has given up and one that only ends its sending side look the same:
  /// TCP tells them apart only when something is sent (RFC 9112 §9.6). Unless the last kind is allowed,
  /// the app need not go on for nobody. What the app has finished is delivered in any case.
  mutating func clientDeparted(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    if exchange.phase == .delivering || configuration.allowsHalfClosedClients {
      exchange.watch = .failure
    } else {
      drop(&exchange, &clients, at: wake.now)
    }
  }

  /// Tells epoll what to report of the client.
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
