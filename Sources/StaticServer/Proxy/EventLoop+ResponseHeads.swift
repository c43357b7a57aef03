internal import StaticAssets

/// The heads that the client of a forwarded request is sent, written to `output`.
///
/// Field lines are copied as they are, so that a head never becomes longer by more than what is
/// added here: some 800 bytes.
extension EventLoop {
  /// The head of a final response.
  mutating func writeHead(
    _ head: AppResponseHead,
    _ bytes: Span<UInt8>,
    for exchange: ProxyExchange
  ) {
    writeStatusLine(head, bytes)
    writeFields(head, bytes, exchange.passesTrailers ? .allAndTrailer : .all, for: exchange)
    if let length = head.contentLength, head.status != 204 {
      output.append("Content-Length: ")
      output.append(decimal: length)
      output.append("\r\n")
    } else if exchange.sendsChunks || (exchange.request.isHead && head.isChunked) {
      if !exchange.request.isVersion10 { output.append("Transfer-Encoding: chunked\r\n") }
    }
    writeTail(head, for: exchange)
  }

  /// What ends the head of a final response: `Date` unless the app has sent it, and `Connection`.
  mutating func writeTail(_ head: AppResponseHead, for exchange: ProxyExchange) {
    guard head.hasDate else {
      let (start, count) = unsafe date.bytes(of: tail(of: exchange))
      unsafe output.append(start, count)
      return
    }
    switch tail(of: exchange) {
    case .keepAlive: break
    case .keepAliveVersion10: output.append("Connection: keep-alive\r\n")
    case .close: output.append("Connection: close\r\n")
    }
    output.append("\r\n")
  }

  /// The head of an interim response.
  mutating func writeInterimHead(_ head: AppResponseHead, _ bytes: Span<UInt8>) {
    writeStatusLine(head, bytes)
    _ = ForwardedResponseFields.append(head, bytes, to: &output)
    output.append("\r\n")
  }

  /// The head after which the connection speaks another protocol.
  mutating func writeUpgradeHead(
    _ head: AppResponseHead,
    _ bytes: Span<UInt8>,
    for exchange: ProxyExchange
  ) {
    writeStatusLine(head, bytes)
    writeFields(head, bytes, for: exchange)
    output.append("Connection: upgrade\r\nUpgrade: ")
    output.append(bytes, head.upgrade)
    output.append("\r\n\r\n")
  }

  /// An answer of our own, with its body, as the app gives none: the operator's page, or a small one.
  mutating func writePage(_ status: ResponseStatus, for exchange: ProxyExchange) {
    let isHead = exchange.request.isHead
    let (tailStart, tailCount) = unsafe date.bytes(of: tail(of: exchange))
    let page = unsafe table._withUnsafeGuaranteedRef { $0.appPage(for: status) }
    if let page, case .memory(let body) = page.body {
      unsafe output.append(tableStart + Int(page.head.bytes.offset), Int(page.head.bytes.count))
      writeOurFields(exchange)
      unsafe output.append(tailStart, tailCount)
      guard !isHead else { return }
      exchange.bodyByteCount = Int64(body.count)
      // A page may be as large as the buffer.
      if output.room < Int(body.count) { push(exchange) }
      if !exchange.isOver { unsafe output.append(tableStart + Int(body.offset), Int(body.count)) }
      return
    }
    let text = ErrorPage(status, isJSON: exchange.request.wantsJSON)
    output.append(Array(text.head.utf8))
    writeOurFields(exchange)
    unsafe output.append(tailStart, tailCount)
    guard !isHead else { return }
    exchange.bodyByteCount = Int64(text.body.utf8.count)
    output.append(Array(text.body.utf8))
  }

  private func tail(of exchange: ProxyExchange) -> HeadTail {
    guard exchange.keepsAlive else { return .close }
    return exchange.request.isVersion10 ? .keepAliveVersion10 : .keepAlive
  }

  private mutating func writeStatusLine(_ head: AppResponseHead, _ bytes: Span<UInt8>) {
    output.append("HTTP/1.1 ")
    output.append(decimal: Int64(head.status))
    output.append(UInt8(ascii: " "))
    output.append(bytes, head.reason)
    output.append("\r\n")
  }

  /// The fields of the app that are for the client, and ours.
  mutating func writeFields(
    _ head: AppResponseHead,
    _ bytes: Span<UInt8>,
    _ selection: ForwardedResponseFields.Selection = .all,
    for exchange: ProxyExchange
  ) {
    let told = ForwardedResponseFields.append(head, bytes, selection, to: &output)
    writeOurFields(exchange, beside: told, appMilliseconds: now - exchange.askTime)
  }

  /// The fields that are ours to tell, but those that the app has told.
  private mutating func writeOurFields(
    _ exchange: ProxyExchange,
    beside told: ForwardedResponseFields.Told = .init(),
    appMilliseconds: Int64 = -1
  ) {
    let addition = ForwardedResponseFields.Addition(
      identifier: exchange.origin.identifier,
      isSecure: exchange.origin.isSecure,
      appMilliseconds: appMilliseconds
    )
    let appHead = exchange.appHead
    ForwardedResponseFields.appendOurs(
      beside: told,
      addition,
      appHead.span,
      policy,
      to: &output
    )
  }
}

/// What a client is told when the app does not answer.
private struct ErrorPage {
  /// The status line and the fields, without `Date`, `Connection` and the empty line.
  let head: String
  let body: String

  init(_ status: ResponseStatus, isJSON: Bool) {
    let title = "\(status.rawValue) \(status.reason)"
    let type: String
    if isJSON {
      type = "application/json"
      body = "{\"status\":\(status.rawValue),\"error\":\"\(status.reason)\"}\n"
    } else {
      type = "text/html; charset=\"utf-8\""
      body = """
        <!doctype html>
        <html lang="en"><title>\(title)</title><h1>\(title)</h1></html>

        """
    }
    let retry = status == .serviceUnavailable ? "Retry-After: 2\r\n" : ""
    head = """
      HTTP/1.1 \(title)\r
      Content-Type: \(type)\r
      Content-Length: \(body.utf8.count)\r
      Cache-Control: no-store\r
      \(retry)
      """
  }
}
