internal import StaticAssets

/// Requests that a handler of this process answers.
///
/// The handler's response is parsed like an app's; its bytes come from a task instead of a
/// connection.
extension Forwarder {
  /// The limit of response bytes taken from one handler per turn, so that the loop serves the
  /// others.
  private static let handlerBytesPerTurn = 2 << 20

  /// Calls `handler` for a request whose content has come.
  mutating func call(_ handler: HandlerConfiguration, _ exchange: inout Exchange, at now: Int64) {
    let call = HandlerCall(exchange: exchange.id, mailbox)
    exchange.call = call
    setDeadline(exchange, .response, at: now)
    var head = exchange.appHead
    if exchange.request.hasContent {
      head += "Content-Length: \(exchange.content.count)\r\n".utf8
    }
    let content = HandlerContent(exchange.content.seal())
    call.start(on: handler.executor) { [head] in
      await call.run(handler, HandlerRequest(head, content))
    }
  }

  /// Takes the response bytes that the handler has written since the last turn.
  mutating func receive(
    from call: HandlerCall,
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    var byteCount = 0
    // The loop gets here again when the client has received what waits, or by `takeLater`.
    while exchange.call === call, !exchange.upstream.isPaused, !exchange.isOver {
      guard byteCount < Self.handlerBytesPerTurn else {
        call.takeLater()
        return
      }
      wake.input.clear()
      wake.input.append(exchange.response.partialHead)
      switch call.take(wake.input.room) {
      case .none: return
      case .end:
        responseHasEnded(&exchange, isClean: true, isReset: false, &clients, &wake)
      case .failure: fail(&exchange, .failedHandler, &clients, &wake)
      case .bytes(let bytes):
        wake.input.append(bytes)
        byteCount += bytes.count
        takeResponse(&exchange, &clients, &wake)
      }
    }
  }

  /// Releases the handler call of `exchange`, if there is one.
  func releaseHandler(_ exchange: inout Exchange, cancelling: Bool) {
    exchange.call?.abandon(cancelling: cancelling)
    exchange.call = nil
  }
}
