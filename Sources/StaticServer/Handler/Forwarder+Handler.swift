internal import StaticAssets

/// Requests that a handler of this process processes.
///
/// The handler's response is parsed like an app's; its bytes come from a task instead of a
/// connection.
extension Forwarder {
  /// The limit of response bytes taken from one handler per turn, so that the loop serves the
  /// others.
  private static let handlerBytesPerTurn = 2 << 20

  /// The handler that reads the content of a request while it is received; nil if there is none.
  func streamingHandler(_ app: Int, _ head: RequestHead) -> HandlerConfiguration? {
    guard app == 0, !head.content.isNone, case .handler(let handler) = configuration.app,
      handler.streamsContent
    else { return nil }
    return handler
  }

  /// Calls `handler` for a request whose head was received.
  mutating func callEarly(
    _ handler: HandlerConfiguration,
    _ exchange: inout Exchange,
    _ content: RequestContent,
    _ wake: borrowing Wake
  ) {
    let call = HandlerCall(exchange: exchange.id, mailbox)
    exchange.call = call
    exchange.streamsContent = true
    exchange.askTime = wake.now
    exchange.appStartTime = wake.nanoseconds
    setDeadline(exchange, .response, at: wake.now)
    var head = exchange.appHead
    var byteCount: Int64?
    if case .length(let count) = content {
      byteCount = count
      head += "Content-Length: \(count)\r\n".utf8
    }
    start(call, handler, head, HandlerContent(of: call, byteCount: byteCount), wake)
  }

  private func start(
    _ call: HandlerCall,
    _ handler: HandlerConfiguration,
    _ head: [UInt8],
    _ content: HandlerContent,
    _ wake: borrowing Wake
  ) {
    if wake.isDraining { call.noteStopping() }
    share.intake.start(call, on: handler.executor) {
      await call.run(handler, HandlerRequest(head, content))
    }
  }

  /// Notifies the handlers of all exchanges that a stop was requested.
  mutating func tellHandlers() {
    exchanges.forEach { exchange in exchange.call?.noteStopping() }
  }

  /// Calls `handler` for a request whose content was received.
  mutating func call(
    _ handler: HandlerConfiguration,
    _ exchange: inout Exchange,
    _ wake: borrowing Wake
  ) {
    let call = HandlerCall(exchange: exchange.id, mailbox)
    exchange.call = call
    setDeadline(exchange, .response, at: wake.now)
    var head = exchange.appHead
    if exchange.request.hasContent {
      head += "Content-Length: \(exchange.content.count)\r\n".utf8
    }
    start(call, handler, head, HandlerContent(exchange.content.seal()), wake)
  }

  /// Takes the response bytes that the handler has written since the last turn.
  mutating func receive(
    from call: HandlerCall,
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    askForStreamedContent(&exchange, &clients, &wake)
    var byteCount = 0
    // The loop returns here when the client has received the waiting bytes, or after `takeLater`.
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
      case .notFound: answerForNobody(&exchange, &clients, &wake)
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
