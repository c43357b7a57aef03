internal import StaticAssets

/// Requests for no file that a handler in this process answers: its response is read as an app's
/// would be, only that it comes from a task and not from a connection.
extension Forwarder {
  /// Bytes that are taken of one response in one turn, so that others get theirs.
  private static let handlerBytesPerTurn = 2 << 20

  /// Calls `handler` for a request whose content has come.
  mutating func call(_ handler: @escaping RequestHandler, _ exchange: inout Exchange, at now: Int64)
  {
    let call = HandlerCall(exchange: exchange.id, mailbox)
    exchange.call = call
    setDeadline(exchange, .response, at: now)
    var head = exchange.appHead
    if exchange.request.hasContent {
      head += "Content-Length: \(exchange.content.count)\r\n".utf8
    }
    let content = HandlerContent(exchange.content.seal())
    let report = configuration.onHandlerError
    call.start(on: configuration.handlerExecutor) { [head] in
      await call.run(handler, HandlerRequest(head, content), reportingTo: report)
    }
  }

  /// Takes what a handler has made since the last turn.
  mutating func receive(
    from call: HandlerCall,
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    var byteCount = 0
    // It comes again when the client has taken what there is, and at the end of a turn of its own.
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
      case .failure: fail(&exchange, .internalError, &clients, &wake)
      case .bytes(let bytes):
        wake.input.append(bytes)
        byteCount += bytes.count
        takeResponse(&exchange, &clients, &wake)
      }
    }
  }

  /// Takes no more from the handler of `exchange`, if that has one.
  func releaseHandler(_ exchange: inout Exchange, cancelling: Bool) {
    exchange.call?.abandon(cancelling: cancelling)
    exchange.call = nil
  }
}
