internal import StaticAssets

/// Requests for no file that a handler in this process answers: its response is read as an app's
/// would be, only that it comes from a task and not from a connection.
extension EventLoop {
  /// Bytes that are taken of one response in one turn, so that others get theirs.
  private static let handlerBytesPerTurn = 2 << 20

  /// Calls `handler` for a request whose content has come.
  mutating func call(_ handler: @escaping AppHandler, _ exchange: ProxyExchange) {
    guard let forwarder else { return }
    let call = AppCall(client: exchange.client, control)
    exchange.call = call
    setDeadline(exchange, now + forwarder.responseTime)
    var head = exchange.appHead
    if exchange.request.hasContent {
      head += "Content-Length: \(exchange.content.count)\r\n".utf8
    }
    let content = AppContent(exchange.content.seal())
    let report = forwarder.configuration.onHandlerError
    call.start(on: forwarder.configuration.handlerExecutor) { [head] in
      await call.run(handler, AppRequest(head, content), reportingTo: report)
    }
  }

  /// Takes what handlers have made since the last turn.
  @inline(never)
  mutating func handlersAreReady() {
    for call in control.takeCalls() {
      guard let exchange = forwarder?.exchange(of: call.client), exchange.call === call else {
        continue
      }
      receive(from: call, exchange)
    }
  }

  private mutating func receive(from call: AppCall, _ exchange: ProxyExchange) {
    var byteCount = 0
    // It comes again when the client has taken what there is, and at the end of a turn of its own.
    while exchange.call === call, !exchange.isPaused {
      guard byteCount < Self.handlerBytesPerTurn else {
        call.takeLater()
        return
      }
      input.clear()
      input.append(exchange.partialHead)
      switch call.take(input.room) {
      case .none: return
      case .end: appHasEnded(exchange, isClean: true, isReset: false)
      case .failure: fail(exchange, .internalError)
      case .bytes(let bytes):
        input.append(bytes)
        byteCount += bytes.count
        takeResponse(exchange)
      }
    }
  }

  /// Takes no more from the handler of `exchange`, if that has one.
  func releaseHandler(_ exchange: ProxyExchange, cancelling: Bool) {
    exchange.call?.abandon(cancelling: cancelling)
    exchange.call = nil
  }
}
